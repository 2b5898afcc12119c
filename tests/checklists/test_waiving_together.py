"""Several people on one waiver at the same moment, on whichever engine this runs."""

import pytest

from accounts.models import TrailEntry
from accounts.refusals import Refusal
from checklists import tallying, waiving
from checklists.models import Waiver
from tests.checklists.test_queueing import together
from tests.reviews import walking

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 3


@pytest.fixture
def rule(service):
    return walking.first(service, "rule")


def verbs(service) -> list[str]:
    trail = TrailEntry.objects.filter(scope=service.scope, verb__startswith="waiver").order_by("sequence")
    return list(trail.values_list("verb", flat=True))


def tried(act):
    try:
        return act()
    except Refusal as refusal:
        return refusal


def test_two_managers_at_once_one_answers(service, rule, cast):
    for _ in range(ROUNDS):
        asked, given = walking.ask_waiver(service, rule, cast.designer), {}
        acts = [
            lambda asked=asked: waiving.grant(by=cast.manager, waiver=asked),
            lambda asked=asked: waiving.refuse(by=cast.second_manager, waiver=asked, word="No."),
        ]
        together(lambda n, acts=acts, given=given: given.update({n: tried(acts[n])}), 2)
        refused = [one for one in given.values() if isinstance(one, Refusal)]
        assert [one.status for one in refused] == [409]
        assert Waiver.objects.get(pk=asked.pk).state in ("granted", "refused")
    assert len(verbs(service)) == 2 * ROUNDS
    assert list(tallying.differences(service=service)) == []


def test_a_double_grant_is_one(service, rule, cast):
    asked = walking.ask_waiver(service, rule, cast.designer)
    together(lambda n: waiving.grant(by=cast.manager, waiver=asked), 4)
    assert verbs(service) == ["waiver_asked", "waiver_granted"]


def test_asking_at_once_leaves_one_request(service, rule, cast):
    people = [cast.designer, cast.second_designer] * 3
    together(lambda n: tried(lambda: walking.ask_waiver(service, rule, people[n])), len(people))
    assert Waiver.objects.count() == 1
    assert verbs(service) == ["waiver_asked"]


def test_withdrawn_or_granted_never_both(service, rule, cast):
    for _ in range(ROUNDS):
        asked = walking.ask_waiver(service, rule, cast.designer)
        acts = [
            lambda asked=asked: waiving.grant(by=cast.manager, waiver=asked),
            lambda asked=asked: waiving.withdraw(by=cast.designer, waiver=asked),
        ]
        together(lambda n, acts=acts: tried(acts[n]), 2)
        asked.refresh_from_db()
        assert (asked.state == "withdrawn") == (asked.answered_by_id is None)
        if asked.state == "granted":
            waiving.end(by=cast.second_manager, waiver=asked, reason="Once more.")
