"""A passed stage is opened again; and the next round of a stage is taken back with the go that opened it."""

import pytest
from django.db import IntegrityError, transaction

from accounts import chaining
from accounts.models import TrailEntry
from accounts.refusals import Conflict, Refusal
from stages import enrolling
from stages.models import Passage, PassageState, Service
from tests.stages.test_enrolling import go, passage, states

REASON = "The outside test found a new hole."


@pytest.fixture
def launched(service, cast) -> Service:
    """Past build and go-live."""
    go(service, "build", cast.designer)
    go(service, "go-live", cast.designer)
    return service


def reopen(service, cast, stage="build", reason=REASON) -> Passage:
    return enrolling.reopen(by=cast.manager, passage=passage(service, stage), reason=reason)


def test_a_passed_stage_opens_again_and_later_ones_stay(launched, cast):
    reopened = reopen(launched, cast)
    assert states(launched) == [("build", 1, "open"), ("go-live", 1, "passed"), ("operate", 1, "open")]
    assert (reopened.reopened_at is None, reopened.passed_at) == (False, None)


def test_who_did_it_and_why_stands_in_the_trail(launched, cast):
    reopened = reopen(launched, cast)
    entry = TrailEntry.objects.get(scope=launched.scope, verb="reopened")
    assert (entry.who, entry.subject, entry.at) == (cast.manager, "stage:build/1", reopened.reopened_at)
    assert (entry.before, entry.after) == ({"state": "passed"}, {"state": "open", "reason": REASON})


def test_a_double_click_reopens_once(launched, cast):
    first, again = reopen(launched, cast), reopen(launched, cast, reason="Again.")
    assert first.reopened_at == again.reopened_at
    assert TrailEntry.objects.filter(verb="reopened").count() == 1


@pytest.mark.parametrize("reason", ["", "   "])
def test_it_needs_a_reason(launched, cast, reason):
    with pytest.raises(Refusal) as refused:
        reopen(launched, cast, reason=reason)
    assert refused.value.detail["field"] == "reason"
    assert passage(launched, "build").state == PassageState.PASSED


@pytest.mark.parametrize("state", ["open", "in_review"])
def test_what_is_not_passed_is_not_reopened(launched, cast, state):
    """Above all not what a review waits for: that would leave the review open behind an open stage."""
    Passage.objects.filter(service=launched, stage__slug="operate").update(state=state)
    with pytest.raises(Conflict):
        reopen(launched, cast, "operate")
    assert states(launched)[-1] == ("operate", 1, state)


def test_a_round_is_not_reopened_while_the_next_one_is_open(launched, cast):
    go(launched, "operate", cast.designer)
    with pytest.raises(Refusal, match="next round"):
        reopen(launched, cast, "operate")


def test_passing_it_again_leaves_later_stages_alone(launched, cast):
    reopen(launched, cast)
    assert go(launched, "build", cast.designer) is None
    assert states(launched)[:2] == [("build", 1, "passed"), ("go-live", 1, "passed")]
    assert passage(launched, "build").reopened_at is None


def test_a_passed_stage_is_never_reopened_at_the_same_time(launched):
    with pytest.raises(IntegrityError), transaction.atomic():
        Passage.objects.filter(state="passed").update(reopened_at=launched.created_at)


class TestTakingBack:
    def take_back(self, service, cast, stage, round=1):
        with chaining.chain(service.scope) as trail:
            enrolling.take_back(trail=trail, by=cast.manager, passage=passage(service, stage, round))

    def test_a_stage_opens_again_and_the_one_after_it_stays(self, launched, cast):
        self.take_back(launched, cast, "go-live")
        assert states(launched)[1:] == [("go-live", 1, "open"), ("operate", 1, "open")]

    def test_the_next_round_is_no_longer_open(self, launched, cast):
        go(launched, "operate", cast.designer)
        self.take_back(launched, cast, "operate")
        assert states(launched)[2:] == [("operate", 1, "open"), ("operate", 2, "locked")]
        assert Passage.objects.filter(service=launched, stage__slug="operate").counting().get().round == 1

    def test_it_opens_anew_when_the_round_is_passed(self, launched, cast):
        go(launched, "operate", cast.designer)
        self.take_back(launched, cast, "operate")
        opened = go(launched, "operate", cast.designer)
        assert (opened.round, opened.state, opened.due_on.isoformat()) == (2, "open", "2027-02-28")
