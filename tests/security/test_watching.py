"""What the other tests rest on: nothing that a tick writes escapes the watcher, on either engine."""

import pytest

from tests.reviews import walking
from tests.security import watching

pytestmark = pytest.mark.django_db
WRITTEN_BY_A_TICK = {"checklists_answer", "checklists_tally", "accounts_trailentry", "accounts_chain"}


def test_a_tick_is_seen_to_write(service, cast):
    """The first inserts, the second updates; on PostgreSQL the third asks for plans that the second made."""
    item = walking.first(service, "item")
    for state in ("done", "open", "done"):
        with watching.writes() as written:
            walking.say(service, item, cast.designer, state=state)
        assert {statement.split()[-1] for statement in written} >= WRITTEN_BY_A_TICK, (state, written)
