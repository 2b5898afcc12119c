"""Saying something to a requirement: what is kept, what is refused, and what a second press does."""

import pytest
from django.utils import timezone

from accounts.models import TrailEntry
from accounts.refusals import Conflict, Refusal
from checklists import answering, evidencing
from checklists.models import Answer, Evidence, State, Tally
from checklists.proofs import Proof
from stages import catalogue

NOTE = Proof(form="note", text="The test report says so.")


def requirement(service, kind, *, required=True, stage=0):
    sheet = catalogue.of(service.edition_id).sheets[stage]
    return next(one for one in sheet.of_kind(kind) if one.required == required)


@pytest.fixture
def say(service, cast):
    def record(asked, seen=0, by=None, **said):
        return answering.record(by=by or cast.designer, service=service, requirement=asked, seen=seen, **said)

    return record


@pytest.fixture
def rule(service):
    return requirement(service, "rule")


@pytest.fixture
def item(service):
    return requirement(service, "item")


@pytest.fixture
def question(service):
    return requirement(service, "question")


def trail(service):
    return TrailEntry.objects.filter(scope=service.scope).exclude(verb="created")


def test_an_answer_is_kept_with_who_and_when(say, item, cast):
    answer = say(item, state=State.DONE, note="Seen in the sprint review.")
    kept = Answer.objects.get()
    assert (kept.pk, kept.state, kept.note, kept.version) == (answer.pk, "done", "Seen in the sprint review.", 1)
    assert kept.recorded_by == cast.designer
    assert (timezone.now() - kept.recorded_at).total_seconds() < 60


def test_the_trail_tells_from_what_to_what(say, item, service, cast):
    say(item, state=State.DONE)
    entry = trail(service).get()
    assert (entry.who, entry.verb, entry.subject) == (cast.designer, "recorded", item.subject)
    assert (entry.before["state"], entry.after["state"]) == ("open", "done")
    assert (entry.before["version"], entry.after["version"]) == (0, 1)


def test_the_tally_moves_with_the_answer(say, item, service):
    say(item, state=State.DONE)
    tally = Tally.objects.get(service=service, stage=item.stage)
    assert (tally.items_done, tally.judged) == (1, 1)


def test_the_same_again_changes_nothing(say, item, service):
    first = say(item, state=State.DONE)
    again = say(item, state=State.DONE)
    assert (again.pk, again.version) == (first.pk, 1)
    assert trail(service).count() == 1


def test_the_same_proof_again_is_one_piece(say, rule, service):
    say(rule, state=State.MET, proof=NOTE)
    say(rule, state=State.MET, proof=NOTE)
    assert Evidence.objects.count() == 1
    assert [entry.verb for entry in trail(service)] == ["attached", "recorded"]


def test_another_version_is_a_conflict_that_carries_what_is_there(say, item, cast):
    theirs = say(item, by=cast.second_designer, state=State.DONE)
    with pytest.raises(Conflict) as caught:
        say(item, state=State.NOT_APPLICABLE, reason="No such system.")
    assert caught.value.status == 409
    assert caught.value.detail["answer"] == theirs
    assert Answer.objects.get().state == "done"


def test_an_answer_from_yesterdays_tab_that_says_the_same_is_no_conflict(say, item, cast):
    say(item, by=cast.second_designer, state=State.DONE)
    assert say(item, state=State.DONE).recorded_by == cast.second_designer


def test_a_version_nobody_could_have_seen_is_a_conflict(say, item):
    with pytest.raises(Conflict):
        say(item, seen=7, state=State.DONE)


def test_what_is_not_said_stays(say, question):
    say(question, text="Every fortnight.", note="From the plan.")
    say(question, seen=1, state=State.RATED, rating=1)
    answer = say(question, seen=2, note="")
    assert (answer.state, answer.rating, answer.text, answer.note) == ("rated", 1, "Every fortnight.", "")


def test_a_rule_is_met_only_with_evidence(say, rule):
    with pytest.raises(answering.ProofNeeded) as caught:
        say(rule, state=State.MET)
    assert "What stands behind it?" in str(caught.value)
    assert not Answer.objects.exists()


@pytest.mark.parametrize("rating", [2, 3])
def test_a_good_rating_needs_evidence(say, question, rating):
    with pytest.raises(answering.ProofNeeded):
        say(question, state=State.RATED, rating=rating)


@pytest.mark.parametrize("rating", [0, 1])
def test_a_poor_rating_needs_none(say, question, rating):
    assert say(question, state=State.RATED, rating=rating).rating == rating


def test_evidence_attached_before_is_enough(say, rule, service, cast):
    evidencing.attach(by=cast.designer, service=service, requirement=rule, proof=NOTE)
    assert say(rule, state=State.MET).version == 1


def test_evidence_of_tomorrow_is_not_enough(say, rule):
    tomorrow = timezone.localdate() + timezone.timedelta(days=1)
    with pytest.raises(answering.ProofNeeded):
        say(rule, state=State.MET, proof=Proof(form="note", text="From tomorrow on.", effective_from=tomorrow))
    assert not Evidence.objects.exists()


def test_met_pressed_again_on_lapsed_evidence_asks_for_new(say, rule):
    yesterday = timezone.localdate() - timezone.timedelta(days=1)
    say(rule, state=State.MET, proof=NOTE)
    Evidence.objects.update(effective_from=yesterday, valid_until=yesterday)
    with pytest.raises(answering.ProofNeeded):
        say(rule, seen=1, state=State.MET)
    assert say(rule, seen=1, note="Renewal is on its way.").version == 2


def test_a_golden_rule_always_applies_unless_its_playbook_says_otherwise(say, rule):
    with pytest.raises(Refusal, match="always applies"):
        say(rule, state=State.NOT_APPLICABLE, reason="We are special.")


def test_a_required_question_always_applies(say, question):
    with pytest.raises(Refusal, match="always applies"):
        say(question, state=State.NOT_APPLICABLE, reason="We are special.")


def test_an_item_that_does_not_apply_says_why(say, item):
    with pytest.raises(Refusal) as caught:
        say(item, state=State.NOT_APPLICABLE, reason="  \n ")
    assert caught.value.detail["field"] == "reason"
    assert say(item, state=State.NOT_APPLICABLE, reason="No legacy system.").reason == "No legacy system."


def test_a_reason_is_kept_only_while_it_does_not_apply(say, item):
    say(item, state=State.NOT_APPLICABLE, reason="No legacy system.")
    assert say(item, seen=1, state=State.DONE).reason == ""


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("rule", {"state": "done"}),
        ("rule", {"state": "rated", "rating": 2}),
        ("item", {"state": "met"}),
        ("question", {"state": "met"}),
        ("question", {"state": "rated"}),
        ("question", {"state": "rated", "rating": 4}),
        ("deliverable", {"state": "approved"}),
        ("item", {"text": "words"}),
    ],
)
def test_states_of_another_kind_are_refused(say, service, kind, said):
    with pytest.raises(Refusal):
        say(requirement(service, kind), proof=NOTE, **said)
    assert not Answer.objects.exists()
    assert not Evidence.objects.exists()


def test_a_stage_that_is_not_open_yet_says_when_it_opens(say, service):
    with pytest.raises(Refusal, match=r"opens when the gate of .Build. is passed"):
        say(requirement(service, "item", stage=1), state=State.DONE)


def test_a_deliverable_takes_a_note(say, service):
    answer = say(requirement(service, "deliverable"), note="Being written.")
    assert (answer.state, answer.note) == ("not_started", "Being written.")


def test_texts_are_kept_clean(say, item):
    answer = say(item, note="Cafe\u0301 \u202egnp.exe\u202c\x00\r\nsecond\u200b line  ")
    assert answer.note == "Café gnp.exe\nsecond line"


def test_a_text_too_long_is_refused_with_its_length(say, item):
    with pytest.raises(Refusal, match="5001 characters, at most 5000"):
        say(item, note="x" * 5001)


def test_taking_an_answer_back(say, item):
    say(item, state=State.DONE)
    assert say(item, seen=1, state=State.OPEN).state == "open"


def test_a_conflict_is_told_before_a_reason_is_asked_for(service, cast):
    """Asked first, the answer to the question would carry the newer version and overwrite it unseen."""
    item = requirement(service, "item")
    answering.record(by=cast.designer, service=service, requirement=item, seen=0, state=State.DONE)
    with pytest.raises(Conflict):
        answering.record(by=cast.second_designer, service=service, requirement=item, seen=0, state=State.NOT_APPLICABLE)
