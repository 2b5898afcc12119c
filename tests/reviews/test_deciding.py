"""Deciding: each outcome and what it opens, and each refusal with its sentence."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.acts import Role
from accounts.models import Membership, TrailEntry
from accounts.refusals import Conflict, NotAllowed, Refusal
from checklists import evidencing
from checklists.evidencing import Proof
from reviews import canonical, submitting
from reviews.models import Condition, Decision, Outcome, Review
from stages import enrolling
from stages.models import Kind, PassageState
from tests.accounts import tampering
from tests.reviews import walking
from tests.reviews.conftest import waiting

pytestmark = pytest.mark.django_db


@pytest.fixture
def unmet(service, cast):
    """A review with a golden rule that is not met."""

    def ask() -> None:
        left = walking.first(service, Kind.RULE)
        walking.fulfil(service, cast.designer, cast.second_designer, without=[left.slug])
        walking.say(service, left, cast.designer, state="not_met")
        walking.ask(service, cast.designer)

    walking.lived(service, "unmet", ask)
    return waiting()


def refused(review, by, *args, field=None, place=None, because=Refusal, **other):
    """The sentence of a refusal, after which nothing is decided."""
    with pytest.raises(because) as caught:
        walking.sign(review, by, *args, **other)
    review.refresh_from_db()
    assert review.state == Review.State.OPEN
    assert not Decision.objects.exists()
    assert not Condition.objects.exists()
    if field:
        assert (caught.value.detail["field"], caught.value.detail.get("place")) == (field, place)
    return str(caught.value)


# -- each outcome ---------------------------------------------------------------------------------


def test_go_passes_the_stage_and_opens_the_next(review, ready, cast):
    decision = walking.sign(review, cast.manager)
    assert walking.passage_of(ready).state == PassageState.PASSED
    assert walking.passage_of(ready, "go-live").state == PassageState.OPEN
    review.refresh_from_db()
    assert review.state == Review.State.DECIDED
    assert (decision.decided_by, decision.asked_by, decision.suggested) == (cast.manager, cast.designer, "go")


def test_the_decision_record_is_sealed(review, cast):
    decision = walking.sign(review, cast.manager, rationale="Sound.\r\n\r\n\r\n\r\nReally.")
    content = canonical.load(decision.content)
    assert canonical.digest_of_text(decision.content) == decision.sha256
    assert content["snapshot"] == review.snapshot.sha256
    assert content["rationale"] == decision.rationale == "Sound.\n\nReally."
    assert content["decided_by"] == {"id": cast.manager.pk, "name": "Manager"}
    assert content["review"]["asked_by"]["name"] == "Designer"
    assert (content["changes"], content["conditions"]) == ([], [])
    told = TrailEntry.objects.get(verb="decide")
    assert told.after == {"outcome": "go", "sha256": decision.sha256, "snapshot": review.snapshot.sha256}


def test_conditions_come_with_their_outcome(incomplete, service, cast):
    linked = walking.asked(service)[:2]
    demands = [walking.demand(cast.designer, "Rehearse", 7, linked), walking.demand(cast.manager, "Train", 0)]
    decision = walking.sign(incomplete, cast.manager, Outcome.GO_WITH_CONDITIONS, demands)
    first, second = decision.conditions.order_by("number")
    assert (first.text, first.owner, first.state) == ("Rehearse", cast.designer, "open")
    assert set(first.requirements.all()) == set(linked)
    assert second.due_on == timezone.localdate()
    sealed = canonical.load(decision.content)["conditions"]
    assert [one["number"] for one in sealed] == [1, 2]
    assert sealed[0]["requirements"] == [one.slug for one in linked]
    assert walking.passage_of(service, "go-live").state == PassageState.OPEN


def test_conditions_may_be_put_on_what_the_rules_would_let_go(review, cast):
    decision = walking.sign(review, cast.manager, Outcome.GO_WITH_CONDITIONS, [walking.demand(cast.designer)])
    assert (decision.outcome, decision.suggested) == ("go_with_conditions", "go")


def test_conditions_may_be_put_on_a_no_go_that_is_not_about_a_rule(service, cast):
    left = walking.first(service, Kind.QUESTION)
    walking.fulfil(service, cast.designer, cast.second_designer, without=[left.slug])
    review = walking.ask(service, cast.designer)
    decision = walking.sign(review, cast.manager, Outcome.GO_WITH_CONDITIONS, [walking.demand(cast.designer)])
    assert decision.suggested == "no_go"


def test_no_go_opens_the_stage_again(unmet, service, cast):
    walking.sign(unmet, cast.manager, Outcome.NO_GO)
    assert walking.passage_of(service).state == PassageState.OPEN
    assert walking.passage_of(service, "go-live").state == PassageState.LOCKED
    assert walking.ask(service, cast.designer).number == 2


def test_no_go_is_always_possible(review, cast):
    assert walking.sign(review, cast.manager, Outcome.NO_GO).suggested == "go"


def test_all_three_stages_to_the_end_and_around_again(service, cast):
    for stage in ("build", "go-live", "operate", "operate"):
        walking.fulfil(service, cast.designer, cast.second_designer, stage)
        if stage == "operate" and not service.went_live_on:
            enrolling.record_live(by=cast.designer, service=service, on=timezone.localdate())
        walking.sign(walking.ask(service, cast.designer, stage), cast.manager)
    latest = walking.passage_of(service, "operate")
    assert (latest.round, latest.state) == (3, PassageState.OPEN)
    assert latest.due_on > timezone.localdate() + timedelta(days=170)
    numbers = Review.objects.filter(passage__stage__slug="operate").order_by("number").values_list("number", flat=True)
    assert list(numbers) == [1, 2]


# -- who may not decide ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["designer", "viewer", "outsider", "auditor", "administrator", "editor"])
def test_only_a_manager_of_the_team_decides(name, review, cast):
    assert "Only a manager of the team" in refused(review, getattr(cast, name), because=NotAllowed)


def test_who_asked_does_not_decide(ready, cast):
    Membership.objects.create(user=cast.manager, team=cast.team, role=Role.DESIGNER)
    review = walking.ask(ready, cast.manager)
    assert "whoever asked for this review does not decide on it" in refused(review, cast.manager, because=NotAllowed)
    assert walking.sign(review, cast.second_manager).outcome == "go"


def test_who_recorded_an_answer_does_not_decide(ready, cast):
    item = walking.first(ready, Kind.ITEM)
    for state in ("open", "done"):
        walking.say(ready, item, cast.manager, state=state)
    review = walking.ask(ready, cast.designer)
    assert item.number in refused(review, cast.manager, because=NotAllowed)


def test_a_colleagues_note_does_not_take_the_answer_from_who_recorded_it(service, cast):
    Membership.objects.create(user=cast.manager, team=cast.team, role=Role.DESIGNER)
    rule = walking.first(service, "rule")
    walking.fulfil(service, cast.designer, cast.second_designer, without=[rule.slug])
    walking.say(service, rule, cast.manager, state="met", proof=walking.NOTE)
    answer = walking.say(service, rule, cast.designer, note="Seen in the report.")
    assert (answer.note, answer.version, answer.recorded_by) == ("Seen in the report.", 2, cast.manager)
    answer = walking.say(service, rule, cast.designer, state="met", note="")  # as undoing it does
    assert (answer.note, answer.version, answer.recorded_by) == ("", 3, cast.manager)
    assert rule.number in walking.case(walking.ask(service, cast.designer)).bar(cast.manager.pk)


def test_who_recorded_after_the_seal_may_decide(review, ready, cast):
    """The sealed picture counts: what a manager recorded later is not in it."""
    walking.say(ready, walking.first(ready, Kind.ITEM), cast.manager, state="open")
    assert walking.sign(review, cast.manager).decided_by == cast.manager


def test_who_sent_a_version_does_not_decide_but_who_approved_it_may(service, cast):
    one, *others = [one for one in walking.asked(service) if one.kind == Kind.DELIVERABLE]
    walking.fulfil(service, cast.designer, cast.second_manager, without=[one.slug])
    walking.write(service, one, cast.manager, cast.second_manager)
    review = walking.ask(service, cast.designer)
    assert one.number in refused(review, cast.manager, because=NotAllowed)
    assert walking.sign(review, cast.second_manager).outcome == "go"
    assert others


def test_the_database_holds_it_too(review, cast):
    decision = walking.sign(review, cast.manager)
    tampering.lift()  # the constraints are what is tried here
    for wrong in ({"decided_by": cast.designer}, {"rationale": ""}, {"outcome": "go", "suggested": "no_go"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Decision.objects.filter(pk=decision.pk).update(**wrong)


# -- what was seen --------------------------------------------------------------------------------


def test_another_picture_is_a_conflict(review, cast):
    assert "another picture" in refused(review, cast.manager, because=Conflict, seen_snapshot="0" * 64)


def test_a_change_that_was_not_shown_is_a_conflict(review, ready, cast):
    shown = walking.case(review).changes_digest
    rule = walking.first(ready, Kind.RULE)
    walking.say(ready, rule, cast.designer, state="not_met")
    with pytest.raises(Conflict) as caught:
        walking.sign(review, cast.manager, seen_changes=shown)
    assert [(one.number, one.after) for one in caught.value.detail["changes"]] == [(rule.number, "not_met")]
    assert not Decision.objects.exists()


def test_a_change_that_was_shown_is_signed_with(review, ready, cast):
    rule = walking.first(ready, Kind.RULE)
    walking.say(ready, rule, cast.designer, state="not_met")
    decision = walking.sign(review, cast.manager)
    assert decision.outcome == "go"
    assert [change["slug"] for change in canonical.load(decision.content)["changes"]] == [rule.slug]


def test_a_note_since_the_seal_is_no_conflict(review, ready, cast):
    shown = walking.case(review).changes_digest
    walking.say(ready, walking.first(ready, Kind.RULE), cast.designer, note="Looked at again.")
    assert walking.sign(review, cast.manager, seen_changes=shown).outcome == "go"


def test_what_lapsed_by_the_clock_is_a_change_and_counts(service, cast):
    rule, today = walking.first(service, Kind.RULE), timezone.localdate()
    walking.fulfil(service, cast.designer, cast.second_designer, without=[rule.slug])
    proof = Proof(form="note", text="Certificate", valid_until=today)
    walking.say(service, rule, cast.designer, state="met", proof=proof)
    review = walking.ask(service, cast.designer)
    shown = walking.case(review)
    assert (shown.changes, shown.suggestion.outcome) == ((), "go")
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        looked = walking.case(review)
        assert [(one.slug, one.what) for one in looked.changes] == [(rule.slug, "recheck")]
        assert looked.suggestion.outcome == "no_go"
        assert rule.number in refused(review, cast.manager)
        refused(review, cast.manager, Outcome.NO_GO, because=Conflict, seen_changes=shown.changes_digest)
        assert walking.sign(review, cast.manager, Outcome.NO_GO).suggested == "no_go"


def test_evidence_added_since_the_seal_is_shown(review, ready, cast):
    item = walking.first(ready, Kind.ITEM)
    proof = Proof(form="link", title="Specification", address="https://docs.example.org/spec")
    evidencing.attach(by=cast.designer, service=ready, requirement=item, proof=proof)
    (change,) = walking.case(review).changes
    assert (change.slug, change.what, change.after[0]["title"]) == (item.slug, "evidence", "Specification")


def test_an_overdue_condition_weighs_on_the_day_of_the_decision(incomplete, service, cast):
    walking.sign(incomplete, cast.manager, Outcome.GO_WITH_CONDITIONS, [walking.demand(cast.designer, days=0)])
    walking.fulfil(service, cast.designer, cast.second_designer, "go-live")
    review = walking.ask(service, cast.designer, "go-live")
    assert walking.case(review).suggestion.outcome == "go"
    tomorrow = timezone.now() + timedelta(days=1)
    looked = walking.case(review)
    with pytest.raises(Conflict) as caught:
        walking.sign(review, cast.manager, seen_changes=looked.changes_digest, at=tomorrow)
    assert [one.what for one in caught.value.detail["changes"]] == ["overdue"]


# -- what is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize("outcome", [Outcome.GO, Outcome.GO_WITH_CONDITIONS])
def test_no_go_ahead_over_an_unmet_rule(outcome, unmet, service, cast):
    number = walking.first(service, Kind.RULE).number
    sentence = refused(unmet, cast.manager, outcome, [walking.demand(cast.designer)], field="outcome")
    assert sentence.startswith(
        f"No service goes on over an unmet golden rule ({number}). A designer may ask for a waiver"
    )


def test_plain_go_only_when_the_rules_suggest_it(incomplete, cast):
    sentence = refused(incomplete, cast.manager, Outcome.GO, field="outcome")
    assert "they suggest “Go with conditions”" in sentence


def test_an_unknown_outcome(review, cast):
    assert "Choose go" in refused(review, cast.manager, "maybe", field="outcome")


@pytest.mark.parametrize("rationale", ["", "  \n ", "\u200b"])
def test_an_empty_rationale(rationale, review, cast):
    assert "Say why" in refused(review, cast.manager, rationale=rationale, field="rationale")


def test_conditions_only_with_their_outcome(review, cast):
    demands = [walking.demand(cast.designer)]
    for outcome in (Outcome.GO, Outcome.NO_GO):
        assert "Only “go with conditions”" in refused(review, cast.manager, outcome, demands, field="conditions")


def test_go_with_conditions_needs_one(review, cast):
    sentence = refused(review, cast.manager, Outcome.GO_WITH_CONDITIONS, field="conditions")
    assert "at least one condition" in sentence


@pytest.mark.parametrize(
    ("field", "given", "sentence"),
    [
        ("text", {"text": " "}, "Say what each condition demands."),
        ("due_on", {"days": -1}, "A condition is due today or later, not in the past."),
        ("owner", {"owner": "outsider"}, "The owner of a condition is a member of the team."),
    ],
)
def test_a_condition_that_cannot_be(field, given, sentence, review, cast):
    owner = getattr(cast, given.get("owner", "designer"))
    demands = [walking.demand(cast.designer), walking.demand(owner, **{k: v for k, v in given.items() if k != "owner"})]
    with_conditions = Outcome.GO_WITH_CONDITIONS
    assert refused(review, cast.manager, with_conditions, demands, field=field, place=1) == sentence


def test_an_inactive_member_owes_nothing(review, cast):
    cast.viewer.is_active = False
    cast.viewer.save()
    demand = walking.demand(cast.viewer)
    assert "member of the team" in refused(review, cast.manager, Outcome.GO_WITH_CONDITIONS, [demand])


def test_a_condition_about_another_stage(review, ready, cast):
    demand = walking.demand(cast.designer, requirements=walking.asked(ready, "go-live")[:1])
    assert "of this stage" in refused(review, cast.manager, Outcome.GO_WITH_CONDITIONS, [demand])


def test_a_closed_review_is_not_decided_again(review, cast):
    walking.sign(review, cast.manager)
    with pytest.raises(Conflict, match="decided meanwhile"):
        walking.sign(review, cast.second_manager, Outcome.NO_GO)
    assert Decision.objects.get().decided_by == cast.manager


def test_a_withdrawn_review_is_not_decided(review, cast):
    submitting.withdraw(by=cast.designer, review=review)
    with pytest.raises(Conflict, match="withdrawn meanwhile"):
        walking.sign(review, cast.manager)
    assert not Decision.objects.exists()


def test_who_only_attached_evidence_has_recorded_nothing(service, cast):
    """The row that holds the evidence says nothing yet, so its author is not barred."""
    rule = walking.first(service, "rule")
    evidencing.attach(by=cast.designer, service=service, requirement=rule, proof=walking.NOTE)
    review = walking.ask(service, cast.second_designer)
    assert walking.case(review).bar(cast.designer.pk) == ""
