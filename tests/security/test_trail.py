"""The trail against somebody who writes to the database but has not the key: five kinds of it, at each of 200 rows."""

import pytest
from django.db import IntegrityError, connection, transaction

from accounts import chaining, soundness
from accounts.models import Chain, TrailEntry
from accounts.soundness import ALTERED, CUT, MISSING, SWAPPED
from tests.accounts import tampering

pytestmark = pytest.mark.django_db
LENGTH = 8
SCOPES = [f"service:{number}" for number in range(1, 26)]
ROWS = [(scope, number) for scope in SCOPES for number in range(1, LENGTH + 1)]


@pytest.fixture
def heads() -> dict[str, str]:
    """Twenty-five chains of eight entries, and their ends as an auditor has taken them out."""
    for scope in SCOPES:
        with chaining.chain(scope) as trail:
            for number in range(LENGTH):
                trail.add(by=None, verb="tested", subject=f"requirement:{number}", after={"n": number})
    return dict(Chain.objects.filter(pk__in=SCOPES).values_list("scope", "head"))


def swapped(scope: str, number: int) -> None:
    """With the next one; the last with the one before it."""
    tampering.swap(scope, number, number + 1 if number < LENGTH else number - 1)


def cut(scope: str, number: int) -> None:
    """From this one on, and the row of the chain made to fit: only a head taken out before can tell."""
    tampering.cut(scope, number - 1)
    tampering.rewind(scope, number - 1)


def swapped_at(number: int) -> int:
    return min(number, LENGTH - 1)


def there(number: int) -> int:
    return number


KINDS = {
    "edited": (tampering.edit, ALTERED, there),
    "deleted": (tampering.remove, MISSING, there),
    "swapped": (swapped, SWAPPED, swapped_at),
    "tail cut off": (cut, CUT, there),
    "digests replaced": (tampering.reseal, ALTERED, there),
}


@pytest.mark.parametrize("kind", KINDS)
def test_tampering_is_found_at_its_row(kind, heads, settings):
    tamper, called, place = KINDS[kind]
    tampering.lift()
    wrong, key = [], settings.TRAIL_KEY
    for scope, number in ROWS:
        with tampering.undone():
            settings.TRAIL_KEY = "somebody else's"
            tamper(scope, number)
            settings.TRAIL_KEY = key
            broken = soundness.walk(scope, head=heads[scope]).broken
            if broken is None or (broken.sequence, broken.kind) != (place(number), called):
                wrong.append((scope, number, broken))
    assert len(ROWS) == 200
    assert wrong == []
    assert [scope for scope in SCOPES if soundness.walk(scope, head=heads[scope]).broken] == []


def emptied() -> None:
    """At a stroke: on PostgreSQL past the guard of single rows."""
    tampering.watch_emptying()
    with connection.cursor() as cursor:
        at_once = "TRUNCATE accounts_trailentry CASCADE" if connection.vendor == "postgresql" else ""
        cursor.execute(at_once or "DELETE FROM accounts_trailentry")


@pytest.mark.parametrize("change", ["update", "delete", "raw", "emptied"])
def test_postgresql_refuses_to_change_what_is_written(heads, change):
    """SQLite has no such guard: the same change goes through there, and `verify_trail` tells."""
    one = TrailEntry.objects.filter(scope=SCOPES[0], sequence=3)
    changes = {
        "update": lambda: one.update(verb="else"),
        "delete": one.delete,
        "raw": lambda: connection.cursor().execute("DELETE FROM accounts_trailentry"),
        "emptied": emptied,
    }
    if connection.vendor == "postgresql":
        with pytest.raises(IntegrityError, match="The trail is kept: "), transaction.atomic():
            changes[change]()
        assert soundness.walk(SCOPES[0]).broken is None
    else:
        changes[change]()
        assert soundness.walk(SCOPES[0]).broken is not None
