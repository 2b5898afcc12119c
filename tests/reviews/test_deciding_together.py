"""Several people at one gate at the same moment: one decision, and never one that hides a change."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from accounts.models import TrailEntry
from accounts.refusals import Conflict, Refusal
from checklists import answering
from checklists.models import Answer
from reviews import canonical, changes, snapshots
from reviews.gate import gate_of
from reviews.models import Decision, Outcome, Review
from stages.models import Kind, PassageState
from tests.reviews import walking

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 6


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Run all acts at the same moment; what each gave, or the refusal it met."""
    start, given = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place: int) -> None:
        try:
            start.wait()
            given[place] = acts[place]()
        except Refusal as refusal:
            given[place] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return given


def deciding_as(review: Review, by, outcome: str) -> Callable[[], Decision]:
    """Look now, sign later."""
    looked = walking.case(review)
    seen = {"seen_snapshot": looked.review.snapshot.sha256, "seen_changes": looked.changes_digest}
    return lambda: walking.sign(review, by, outcome, **seen)


def test_two_managers_at_once_make_one_decision(ready, cast):
    for _round in range(ROUNDS):
        review = walking.ask(ready, cast.designer)
        given = at_once(
            deciding_as(review, cast.manager, Outcome.NO_GO), deciding_as(review, cast.second_manager, Outcome.NO_GO)
        )
        decisions = [one for one in given if isinstance(one, Decision)]
        conflicts = [one for one in given if isinstance(one, Conflict)]
        assert (len(decisions), len(conflicts)) == (1, 1)
        assert Decision.objects.get(review=review) == decisions[0]
        assert walking.passage_of(ready).state == PassageState.OPEN


def test_one_person_twice_makes_one_decision(review, cast):
    act = deciding_as(review, cast.manager, Outcome.GO)
    given = at_once(act, act, act)
    assert sorted(type(one).__name__ for one in given) == ["Conflict", "Conflict", "Decision"]


def test_a_double_click_asks_for_one_review(ready, cast):
    given = at_once(*[lambda: walking.ask(ready, cast.designer)] * 3)
    assert {one.pk for one in given} == {Review.objects.get().pk}


def test_two_people_asking_at_once_make_one_review(ready, cast):
    given = at_once(*[lambda who=who: walking.ask(ready, who) for who in (cast.designer, cast.second_designer)])
    assert sorted(type(one).__name__ for one in given) == ["Conflict", "Review"]
    assert Review.objects.count() == 1


def test_a_tick_while_deciding_is_never_hidden(ready, cast):
    """Either the tick came first and the decision is refused or names it, or the decision came first."""
    rule = walking.first(ready, Kind.RULE)
    outcomes = set()
    for _round in range(ROUNDS):
        answer = Answer.objects.get(service=ready, requirement=rule)
        review = walking.ask(ready, cast.designer)
        told = {"service": ready, "requirement": rule, "seen": answer.version}
        state = "not_met" if answer.state == "met" else "met"
        ticked, decided = at_once(
            lambda state=state, told=told: answering.record(by=cast.designer, state=state, **told),
            deciding_as(review, cast.manager, Outcome.NO_GO),
        )
        assert isinstance(ticked, Answer)
        if isinstance(decided, Decision):
            assert canonical.load(decided.content)["changes"] == []
            assert last("decide") < last("recorded")
        else:
            assert [one.slug for one in decided.detail["changes"]] == [rule.slug]
            walking.sign(review, cast.manager, Outcome.NO_GO)
            assert named_in(Decision.objects.get(review=review)) == [rule.slug]
        outcomes.add(type(decided).__name__)
    assert outcomes <= {"Decision", "Conflict"}


def last(verb: str) -> int:
    """Where in the trail this was done last: sequence, never the clock, gives the order."""
    return TrailEntry.objects.filter(verb=verb).order_by("-sequence").first().sequence


def named_in(decision: Decision) -> list[str]:
    return [one["slug"] for one in canonical.load(decision.content)["changes"]]


def test_what_was_signed_with_is_what_differed(review, ready, cast):
    """The changes of a record are those between its picture and what was true when it was signed."""
    for one in [one for one in walking.asked(ready) if one.kind == Kind.ITEM][:3]:
        walking.say(ready, one, cast.designer, state="open")
    decision = walking.sign(review, cast.manager)
    sealed = canonical.load(review.snapshot.content)
    today = snapshots.today(gate_of(walking.passage_of(ready)))
    told = [one.as_json() for one in changes.between(sealed, today)]
    assert canonical.load(decision.content)["changes"] == told
    assert len(told) == 3
