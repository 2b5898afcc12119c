"""A waiver at the gate: sealed, counted under the clock of the day, signed with, and missed when it is over."""

import copy
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.refusals import Conflict, Refusal
from checklists import waiving
from checklists.gates import Outcome
from checklists.models import Tally
from checklists.tallies import current
from reviews import canonical, changes, paper, picture, wording_changes
from reviews.closed import Closed
from reviews.gate import around_of, gate_of
from reviews.models import Review
from reviews.paper import Record
from stages import catalogue
from tests.reviews import papers, walking

RULE = "build-accessible"
MEASURE = "Every login is looked at each morning."


@pytest.fixture
def rule(service):
    return walking.requirement(service, RULE)


@pytest.fixture
def broken(service, cast, rule):
    """Everything is in place but one golden rule, which is not met."""

    def leave_it() -> None:
        walking.fulfil(service, cast.designer, cast.second_designer, without=[RULE])
        walking.say(service, rule, cast.designer, state="not_met")

    walking.lived(service, "broken", leave_it)
    return service


@pytest.fixture
def waived(broken, cast, rule):
    return walking.waive(broken, rule, cast.designer, cast.manager)


def later(days):
    return time_machine.travel(timezone.now() + timedelta(days=days), tick=False)


def closed(review) -> Closed:
    found = Review.objects.select_related("snapshot", "decision", "passage__stage", "passage__service__team")
    read = found.select_related("passage__service__edition__playbook").get(pk=review.pk)
    return Closed(read, read.decision, latest=True)


def test_it_is_sealed_with_its_rule(service, waived, cast):
    review = walking.ask(service, cast.designer)
    sealed = canonical.load(review.snapshot.content)
    entry = next(one for one in sealed["entries"] if one["slug"] == RULE)
    assert (entry["state"], entry["judged"], entry["waived"], entry["fulfilled"]) == ("not_met", True, True, True)
    told = entry["waiver"]
    assert (told["measure"], told["word"]) == (MEASURE, "Agreed until the test.")
    assert told["expires_on"] == waived.expires_on.isoformat()
    assert (told["asked_by"]["name"], told["granted_by"]["name"], told["sha256"]) == (
        "Designer",
        "Manager",
        waived.sha256,
    )
    assert (sealed["counts"]["waived"], sealed["suggestion"]["outcome"]) == (1, "go")
    tally = Tally.objects.get(service=service, stage__slug="build")
    assert review.snapshot.material == picture.material(sealed) == tally.material
    assert picture.recorders(sealed).keys() == {cast.designer.pk}  # granting is not recording


def test_who_granted_it_may_decide(service, waived, cast):
    decision = walking.sign(walking.ask(service, cast.designer), cast.manager)
    assert (decision.outcome, decision.suggested) == ("go", "go")
    signed = canonical.load(decision.content)
    assert [(one["number"], one["measure"]) for one in signed["waivers"]] == [("B-R6", MEASURE)]


def test_the_rule_unmet_and_not_waived_stands_against_any_go_and_the_way_is_said(service, broken, cast):
    review = walking.ask(service, cast.designer)
    for outcome in ("go", "go_with_conditions"):
        with pytest.raises(Refusal, match=r"\(B-R6\).*ask for a waiver"):
            walking.sign(review, cast.manager, outcome, [walking.demand(cast.designer)])


def test_granted_after_the_picture_it_counts_and_is_shown(service, broken, cast, rule):
    review = walking.ask(service, cast.designer)
    before = walking.case(review)
    assert (before.suggestion.outcome, before.requests) == (Outcome.NO_GO, frozenset())
    asked = walking.ask_waiver(service, rule, cast.designer)
    assert walking.case(review).requests == {RULE}
    waiving.grant(by=cast.manager, waiver=asked)
    with pytest.raises(Conflict):
        walking.sign(review, cast.second_manager, seen_changes=before.changes_digest)
    case = walking.case(review)
    assert case.suggestion.outcome == Outcome.GO
    assert [wording_changes.change(one)[:12] for one in case.changes] == ["waived until"]
    decision = walking.sign(review, cast.second_manager)
    assert [one["slug"] for one in canonical.load(decision.content)["waivers"]] == [RULE]
    assert closed(review).stale == []
    with later(31):  # the picture never knew of it, the decision did
        assert [row.sentence[:18] for row in closed(review).lapsed] == ["the waiver expired"]
        assert "1 of 7 golden rules is not met." in [one["sentence"] for one in closed(review).stale]


def test_expired_before_the_decision_it_is_as_if_never_there(service, waived, cast):
    review = walking.ask(service, cast.designer)
    with later(31):
        case = walking.case(review)
        assert (case.suggestion.outcome, case.rules_unmet) == (Outcome.NO_GO, 1)
        assert [(one.what, one.before["expired"], one.after) for one in case.changes] == [("waiver", True, None)]
        with pytest.raises(Refusal, match="ask for a waiver"):
            walking.sign(review, cast.manager, "go_with_conditions", [walking.demand(cast.designer)])


@pytest.mark.parametrize("how", ["expired", "ended"])
def test_a_decision_that_rested_on_it_is_stale_and_says_which(service, waived, cast, client_for, how):
    review = walking.ask(service, cast.designer)
    walking.sign(review, cast.manager)
    assert (closed(review).degree, closed(review).since) == ("", ())
    if how == "ended":
        waiving.end(by=cast.second_manager, waiver=waived, reason="Nobody looks.")
    with later(31 if how == "expired" else 0):
        page = client_for(cast.viewer).get(f"/services/{service.slug}/build/review/1/").content.decode()
    assert "This decision is stale" in page
    assert ("the waiver expired after" if how == "expired" else "was ended early") in page
    assert MEASURE in page  # what it was decided on is still told


def test_met_meanwhile_it_does_not_go_stale_when_the_waiver_ends(service, waived, cast, rule):
    review = walking.ask(service, cast.designer)
    walking.sign(review, cast.manager)
    walking.say(service, rule, cast.designer, state="met", proof=walking.NOTE)
    with later(31):
        assert closed(review).stale == []
        assert "state" in [row.change.what for row in closed(review).since]


def test_a_passed_stage_breaks_by_the_clock_alone(service, waived, cast):
    walking.sign(walking.ask(service, cast.designer), cast.manager)
    assert around_of(service, 2, 0, on=timezone.localdate()).broken_earlier_rules == 0
    with later(31):
        today = timezone.localdate()
        assert around_of(service, 2, 0, on=today).broken_earlier_rules == 1
        gate = gate_of(walking.passage_of(service, "go-live"), on=today)
        assert "earlier" in {reason.key for reason in gate.suggestion.unmet}
        stage = catalogue.of(service.edition_id).sheets[0].stage.pk
        assert current(Tally.objects.filter(service=service), on=today)[service.pk, stage].counts.waived == 0


def test_pictures_from_before_there_were_waivers_are_read(service, waived, cast):
    review = walking.ask(service, cast.designer)
    decision = walking.sign(review, cast.manager)
    old = copy.deepcopy(canonical.load(review.snapshot.content))
    for entry in old["entries"]:
        del entry["waiver"], entry["waived"]
    del old["on"], old["counts"]["waived"]
    signed = canonical.load(decision.content)
    del signed["waivers"]
    for reason in (*old["suggestion"]["reasons"], *signed["suggestion"]["reasons"]):
        del reason["waived"]
    assert picture.entries(old, timezone.localdate())[0].excused is False
    assert picture.suggestion(old, on=timezone.localdate(), overdue=0).outcome == Outcome.NO_GO
    assert changes.between(old, copy.deepcopy(old)) == ()
    html = paper.html(Record(canonical.text(old), "a" * 64, canonical.text(signed), "b" * 64), "en")
    assert "is waived" not in html
    assert "6 of 7 met<" in html


@pytest.mark.parametrize("decided", [True, False])
def test_every_report_prints_it_on_page_one(service, waived, cast, decided):
    review = walking.ask(service, cast.designer)
    record = papers.of(walking.sign(review, cast.manager)) if decided else papers.undecided(review)
    html = paper.html(record, "en")
    cover = html.split('<nav class="contents"')[0]
    for part in ("1 golden rule is waived", "The outside test is in March.", MEASURE, "Designer", "Manager"):
        assert part in cover
    assert "6 of 7 met, 1 waived" in cover
    assert "6 of 7 golden rules are met. 1 golden rule is waived." in cover
    assert "waived until" in cover
