"""Waivers: asked for with a reason, answered by another, over by their day; and what the database holds by itself."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.acts import Role
from accounts.models import Membership, TrailEntry
from accounts.refusals import Conflict, NotAllowed, Refusal
from checklists import answering, evidencing, readiness, tallies, tallying, waiving
from checklists.models import Tally, Waiver
from checklists.proofs import Proof
from stages import catalogue
from stages.models import Passage

WHY = {"reason": "The outside test is booked for March.", "measure": "Every login is looked at each morning."}


@pytest.fixture
def sheet(service):
    return catalogue.of(service.edition_id).sheets[0]


@pytest.fixture
def rule(sheet):
    return sheet.of_kind("rule")[0]


@pytest.fixture
def ask(service, rule, cast):
    def ask(*, by=None, days=30, requirement=rule, **said):
        until = timezone.localdate() + timedelta(days=days)
        who = {"by": by or cast.designer, "service": service, "requirement": requirement}
        return waiving.ask(**who, **{**WHY, "expires_on": until, **said})

    return ask


@pytest.fixture
def granted(ask, cast):
    return waiving.grant(by=cast.manager, waiver=ask(), word="Agreed until the test.")


def meet(service, rule, cast, **proof):
    there = readiness.of(service, catalogue.of(service.edition_id).sheets[0]).by_slug[rule.slug]
    said = {"state": "met", "proof": Proof(form="note", text="Seen.", **proof)}
    return answering.record(by=cast.designer, service=service, requirement=rule, seen=there.version, **said)


def row_of(service, sheet, rule, on=None):
    return readiness.of(service, sheet, on=on).by_slug[rule.slug]


def told(service):
    entries = TrailEntry.objects.filter(scope=service.scope, verb__startswith="waiver").order_by("sequence")
    return [(entry.verb, entry.who.name, entry.after["state"]) for entry in entries]


def test_asked_and_granted_the_rule_counts_and_the_answer_says_what_it_said(service, sheet, rule, cast, ask):
    waiver = ask()
    assert (waiver.state, row_of(service, sheet, rule).entry.fulfilled) == ("asked", False)
    waiving.grant(by=cast.manager, waiver=waiver, word="Agreed.")
    row = row_of(service, sheet, rule)
    assert (row.state, row.version, row.entry.waived, row.entry.fulfilled, row.entry.judged) == (
        "open",
        0,
        True,
        True,
        False,
    )
    assert row.waiver.answered_by == cast.manager
    counts = readiness.of(service, sheet).counts
    assert (counts.waived, counts.rules_met, counts.rules_unmet) == (1, 0, counts.rules - 1)
    tally = Tally.objects.get(service=service, stage=sheet.stage)
    assert (tally.waived, tally.waived_until, tally.fresh_until) == (1, waiver.expires_on, waiver.expires_on)
    assert told(service) == [("waiver_asked", "Designer", "asked"), ("waiver_granted", "Manager", "granted")]


def test_it_is_over_by_the_clock_alone_as_if_it_had_never_been(service, sheet, rule, granted):
    before = readiness.of(service, sheet, on=granted.expires_on + timedelta(days=1)).counts
    with time_machine.travel(timezone.now() + timedelta(days=30), tick=False):
        assert row_of(service, sheet, rule).entry.waived
        assert list(tallying.differences(service=service)) == []
    with time_machine.travel(timezone.now() + timedelta(days=31), tick=False):
        assert not row_of(service, sheet, rule).entry.waived
        tally = Tally.objects.get(service=service, stage=sheet.stage)
        anew = tallies.current([tally], on=timezone.localdate())[service.pk, sheet.stage.pk]
        assert anew.counts == before
        assert (anew.waived, anew.waived_until) == (0, None)
        assert (anew.rules_met, tally.rules_met, tally.waived) == (0, 0, 1)
    Waiver.objects.all().delete()
    assert readiness.of(service, sheet).counts == before


def test_what_is_met_needs_none(service, rule, cast, ask, sheet):
    waiver = ask()
    meet(service, rule, cast)
    with pytest.raises(Refusal, match="is met"):
        waiving.grant(by=cast.manager, waiver=waiver)
    waiving.withdraw(by=cast.designer, waiver=waiver)
    with pytest.raises(Refusal, match="is met"):
        ask()


def test_met_while_waived_it_counts_as_met_and_is_excused_again_when_its_evidence_lapses(
    service, sheet, rule, cast, granted
):
    evidence = meet(service, rule, cast).evidence.get()
    counts = readiness.of(service, sheet).counts
    assert (counts.rules_met, counts.waived) == (1, 0)
    assert Tally.objects.get(service=service, stage=sheet.stage).waived_until is None
    evidencing.detach(by=cast.designer, service=service, requirement=rule, evidence=evidence)
    counts = readiness.of(service, sheet).counts
    assert (counts.rules_met, counts.waived) == (0, 1)


@pytest.mark.parametrize("kind", ["item", "deliverable", "question"])
def test_only_golden_rules_are_waived(sheet, ask, kind):
    with pytest.raises(Refusal, match="Only a golden rule"):
        ask(requirement=sheet.of_kind(kind)[0])


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"measure": ""}, "measure"),
        ({"reason": "x" * 1001}, "reason"),
        ({"days": 0}, "expires_on"),
        ({"days": -3}, "expires_on"),
        ({"days": 367}, "expires_on"),
    ],
)
def test_what_is_missing_or_too_long_is_said_at_its_field(ask, said, field):
    with pytest.raises(Refusal) as refused:
        ask(**said)
    assert refused.value.detail["field"] == field
    assert Waiver.objects.count() == 0


def test_it_lasts_at_most_as_long_as_an_answer_does(edition, ask):
    last = waiving.latest_day(edition, timezone.localdate())
    assert ask(expires_on=last).expires_on == last
    assert waiving.usual_day(edition, timezone.localdate()) == timezone.localdate() + timedelta(days=90)


def test_one_request_waits_at_a_time(ask, cast):
    waiver = ask()
    assert ask() == waiver  # a double click
    with pytest.raises(Conflict, match="already"):
        ask(by=cast.second_designer)
    with pytest.raises(Conflict):
        ask(days=31)
    waiving.refuse(by=cast.manager, waiver=waiver, word="Too long.")
    assert ask(days=31).pk != waiver.pk


def test_a_stage_that_is_not_open_takes_none(service, ask):
    later = catalogue.of(service.edition_id).sheets[1].of_kind("rule")[0]
    with pytest.raises(Refusal, match="opens when"):
        ask(requirement=later)
    assert Passage.objects.filter(service=service, state="locked").exists()


# -- who ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["manager", "viewer", "outsider", "auditor", "administrator"])
def test_only_designers_ask(ask, cast, who):
    with pytest.raises(NotAllowed):
        ask(by=getattr(cast, who))


@pytest.mark.parametrize("who", ["second_designer", "viewer", "outsider", "auditor", "administrator"])
def test_only_managers_answer(ask, cast, who):
    waiver = ask()
    for act in (
        lambda by: waiving.grant(by=by, waiver=waiver),
        lambda by: waiving.refuse(by=by, waiver=waiver, word="No"),
    ):
        with pytest.raises(NotAllowed):
            act(getattr(cast, who))


def test_who_asked_does_not_answer_though_a_manager(ask, cast):
    Membership.objects.create(user=cast.manager, team=cast.team, role=Role.DESIGNER)
    waiver = ask(by=cast.manager)
    for act in (waiving.grant, waiving.refuse):
        with pytest.raises(NotAllowed, match="You asked"):
            act(by=cast.manager, waiver=waiver, word="I say so.")
    assert waiving.grant(by=cast.second_manager, waiver=waiver).state == "granted"


def test_only_who_asked_takes_it_back(ask, cast):
    waiver = ask()
    with pytest.raises(NotAllowed):
        waiving.withdraw(by=cast.second_designer, waiver=waiver)
    assert waiving.withdraw(by=cast.designer, waiver=waiver).state == "withdrawn"
    assert waiving.withdraw(by=cast.designer, waiver=waiver).state == "withdrawn"  # a double click


# -- answers --------------------------------------------------------------------------------------------


def test_refusing_needs_a_reason_and_changes_nothing_that_counts(service, sheet, rule, ask, cast):
    waiver = ask()
    with pytest.raises(Refusal, match="Say why"):
        waiving.refuse(by=cast.manager, waiver=waiver, word=" ")
    assert waiving.refuse(by=cast.manager, waiver=waiver, word="Too long.").word == "Too long."
    assert waiving.refuse(by=cast.manager, waiver=waiver, word="Too long.").state == "refused"
    assert not row_of(service, sheet, rule).entry.excused


@pytest.mark.parametrize("act", [waiving.grant, waiving.refuse])
def test_what_does_not_wait_is_not_answered(ask, cast, act):
    waiver = ask()
    waiving.withdraw(by=cast.designer, waiver=waiver)
    with pytest.raises(Conflict, match="withdrawn") as conflict:
        act(by=cast.manager, waiver=waiver, word="Fine.")
    assert conflict.value.detail["row"].waivers == (waiver,)


def test_granting_twice_is_granting_once(granted, cast, service):
    assert waiving.grant(by=cast.manager, waiver=granted).word == "Agreed until the test."
    with pytest.raises(Conflict, match="granted"):
        waiving.grant(by=cast.second_manager, waiver=granted)
    with pytest.raises(Conflict, match="granted"):
        waiving.withdraw(by=cast.designer, waiver=granted)
    assert [verb for verb, _who, _state in told(service)].count("waiver_granted") == 1


def test_a_day_that_passed_before_the_answer_is_not_granted(ask, cast):
    waiver = ask(days=2)
    with time_machine.travel(timezone.now() + timedelta(days=2), tick=False):
        assert waiver.expires_on == timezone.localdate()
    with time_machine.travel(timezone.now() + timedelta(days=3), tick=False), pytest.raises(Refusal, match="is over"):
        waiving.grant(by=cast.manager, waiver=waiver)


def test_a_new_one_takes_the_place_of_the_old(service, sheet, rule, ask, granted, cast):
    longer = waiving.grant(by=cast.second_manager, waiver=ask(days=60))
    granted.refresh_from_db()
    assert (granted.state, granted.closed_by, granted.answered_by) == ("replaced", cast.second_manager, cast.manager)
    assert row_of(service, sheet, rule).waiver == longer
    assert Tally.objects.get(service=service, stage=sheet.stage).waived_until == longer.expires_on


def test_ended_early_with_a_reason_the_rule_is_broken_again(service, sheet, rule, granted, cast):
    with pytest.raises(Refusal, match="Say why"):
        waiving.end(by=cast.manager, waiver=granted, reason="")
    with pytest.raises(NotAllowed):
        waiving.end(by=cast.designer, waiver=granted, reason="I want to.")
    ended = waiving.end(by=cast.second_manager, waiver=granted, reason="Nobody looks at the logins.")
    assert waiving.end(by=cast.second_manager, waiver=granted, reason="Nobody looks at the logins.") == ended
    assert not row_of(service, sheet, rule).entry.fulfilled
    assert Tally.objects.get(service=service, stage=sheet.stage).waived == 0
    with pytest.raises(Conflict):
        waiving.end(by=cast.manager, waiver=granted, reason="Me too.")
    assert told(service)[-1] == ("waiver_ended", "Second manager", "ended")


def test_what_expired_cannot_be_ended(granted, cast):
    with time_machine.travel(timezone.now() + timedelta(days=31), tick=False), pytest.raises(Conflict):
        waiving.end(by=cast.manager, waiver=granted, reason="Over.")


# -- what the database holds by itself ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"state": "granted"}, "waiver_answered_by_someone"),
        ({"state": "granted", "answered_by": "designer", "answered_at": "now"}, "waiver_answered_by_another"),
        ({"state": "refused", "answered_by": "manager", "answered_at": "now"}, "waiver_refused_with_reason"),
        ({"state": "withdrawn", "closed_by": "manager", "closed_at": "now"}, "waiver_closed_by_someone"),
        ({"state": "lost"}, "waiver_"),
        ({"reason": ""}, "waiver_says_why_and_what_instead"),
        ({"measure": ""}, "waiver_says_why_and_what_instead"),
        ({"expires_on": "today"}, "waiver_ends_after_asking"),
    ],
)
def test_constraints(ask, cast, change, name):
    waiver = ask()
    values = {"now": timezone.now(), "today": timezone.localdate(), "designer": cast.designer, "manager": cast.manager}
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Waiver.objects.filter(pk=waiver.pk).update(**{key: values.get(value, value) for key, value in change.items()})


@pytest.mark.parametrize("name", ["waiver_one_pending", "waiver_one_granted"])
def test_one_of_each(ask, cast, name):
    waiver = ask()
    if name == "waiver_one_granted":
        waiving.grant(by=cast.manager, waiver=waiver)
    twin = Waiver.objects.get(pk=waiver.pk)
    twin.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)
