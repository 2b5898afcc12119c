"""Settles what decisions demand: a condition is met, gets more time, is demanded no longer, or is void."""

from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from accounts import access, calendar
from accounts.acts import Act
from accounts.chaining import Trail
from accounts.models import User
from accounts.refusals import Conflict, NotAllowed, Refusal
from checklists import evidencing, plaintext, proofs
from checklists.proofs import Proof
from checklists.working import file_of
from reviews import objections, telling
from reviews.models import Condition, Decision
from stages import chains
from stages.models import Service


def say_met(*, by: User, condition: Condition, proof: Proof, at: datetime | None = None) -> Condition:
    """Say that a condition is met, with what shows it: a manager who is somebody else confirms it then.

    The owner and the designers of the team may. The same once more (a double click) changes nothing.
    """
    piece = proofs.evidence(proof)
    with file_of(piece), chains.chain(condition.service, at=at) as trail:
        condition = _open_condition(condition)
        objections.who_says_met(condition, by)
        if condition.said_met_by_id == by.pk and condition.evidence.filter(sha256=piece.row.sha256).exists():
            return condition
        evidence = evidencing.keep(trail=trail, service=condition.service, piece=piece, by=by)
        condition.evidence.add(evidence)
        _say(condition, by, trail.at)
        after = {"evidence": evidence.pk, "title": evidence.title, "sha256": evidence.sha256}
        trail.add(by=by, verb="say met", subject=condition.subject, after=after)
        telling.said_met(trail, condition)
    return condition


def turn_down(
    *, by: User, condition: Condition, reason: str, seen: datetime | None, at: datetime | None = None
) -> Condition:
    """It is not met yet: what was handed in stays, and whoever owes it sees the `reason`."""
    reason = plaintext.cleaned(reason, field="reason")
    with chains.chain(condition.service, at=at) as trail:
        access.demand(by, Act.DECIDE, condition.service.team)
        condition = _said_condition(condition, seen)
        if not reason:
            raise Refusal(_("Say what is missing."), field="reason")
        before = {"by": str(condition.said_met_by), "at": condition.said_met_at.isoformat()}
        trail.add(by=by, verb="turn down", subject=condition.subject, before=before, after={"reason": reason})
        telling.turned_down(trail, condition, by=by)
        _say(condition, None, None)
    return condition


def close(
    *, by: User, condition: Condition, note: str = "", seen: datetime | None, at: datetime | None = None
) -> Condition:
    """Confirm that a condition is met, on what was handed in; `note` adds a word to it.

    `seen` is when that was said which the person looked at: Conflict when something else is said by now. Refused
    while nobody has said it, and for whoever has.
    """
    note = plaintext.cleaned(note, field="note")
    with chains.chain(condition.service, at=at) as trail:
        access.demand(by, Act.DECIDE, condition.service.team)
        condition = _said_condition(condition, seen)
        if condition.said_met_by_id == by.pk:
            raise NotAllowed(_("You have said that it is met: somebody else confirms it."))
        after = {"state": "met", "note": note}
        _close(trail, by, condition, Condition.State.MET, note)
        trail.add(by=by, verb="close", subject=condition.subject, before={"state": "open"}, after=after)
        telling.confirmed(trail, condition)
    return condition


def drop(*, by: User, condition: Condition, reason: str, at: datetime | None = None) -> Condition:
    """Demand it no longer; `reason` says why. Conflict when it is closed already."""
    reason = plaintext.cleaned(reason, field="reason")
    with chains.chain(condition.service, at=at) as trail:
        access.demand(by, Act.DECIDE, condition.service.team)
        condition = _open_condition(condition)
        if not reason:
            raise Refusal(_("Say why the condition is dropped."), field="reason")
        _close(trail, by, condition, Condition.State.DROPPED, reason)
        after = {"state": "dropped", "reason": reason}
        trail.add(by=by, verb="drop", subject=condition.subject, before={"state": "open"}, after=after)
    return condition


def extend(
    *, by: User, condition: Condition, due_on: date, reason: str, seen: date | None, at: datetime | None = None
) -> Condition:
    """Give it until a later day, with a reason; what was signed keeps the day it was signed with.

    One that counts from go-live has a day of its own then, and does not move with that any more.
    Conflict when it is closed already, or when its day is no longer the one that was `seen`; Refusal for a day that
    is not later, or is past.
    """
    reason = plaintext.cleaned(reason, field="reason")
    with chains.chain(condition.service, at=at) as trail:
        access.demand(by, Act.DECIDE, condition.service.team)
        condition = _open_condition(condition)
        objections.extension(condition, due_on, reason, seen, calendar.day(trail.at))
        before = {"due_on": condition.due_on and condition.due_on.isoformat()}
        condition.due_on, condition.days_after_live = due_on, None
        condition.save(update_fields=["due_on", "days_after_live"])
        after = {"due_on": due_on.isoformat(), "reason": reason}
        trail.add(by=by, verb="extend", subject=condition.subject, before=before, after=after)
        telling.settled(trail, condition)
    return condition


def follow_live(*, trail: Trail, by: User, service: Service) -> None:
    """Open conditions that count from go-live are due from the day that is recorded; inside the open chain."""
    live = service.went_live_on
    waiting = Condition.objects.filter(service=service, state=Condition.State.OPEN, days_after_live__isnull=False)
    for condition in waiting.order_by("pk"):
        before = {"due_on": condition.due_on and condition.due_on.isoformat()}
        condition.due_on = live + timedelta(days=condition.days_after_live)
        condition.save(update_fields=["due_on"])
        after = {"due_on": condition.due_on.isoformat()}
        trail.add(by=by, verb="follow", subject=condition.subject, before=before, after=after)
        telling.settled(trail, condition)


def void(*, trail: Trail, by: User, decision: Decision) -> None:
    """What a superseded decision demanded and nobody has closed is demanded no more; inside the open chain."""
    for condition in decision.conditions.filter(state=Condition.State.OPEN):
        _close(trail, by, condition, Condition.State.VOID, "")
        after = {"state": "void"}
        trail.add(by=by, verb="void", subject=condition.subject, before={"state": "open"}, after=after)


def _open_condition(condition: Condition) -> Condition:
    """As it is under the lock; Conflict when it is not open any more."""
    condition = Condition.objects.select_related("decision", "service__team", "owner", "said_met_by").get(
        pk=condition.pk
    )
    if condition.state != Condition.State.OPEN:
        raise Conflict(_("This condition is closed already."))
    return condition


def _said_condition(condition: Condition, seen: datetime | None) -> Condition:
    """As it is under the lock, and said to be met as it was seen."""
    condition = _open_condition(condition)
    if condition.said_met_at is None:
        raise Refusal(_("Nobody has said yet that it is met: its owner or a designer does, with what shows it."))
    if condition.said_met_at != seen:
        raise Conflict(_("Something else was handed in since you looked; look at that first."))
    return condition


def _say(condition: Condition, by: User | None, at: datetime | None) -> None:
    condition.said_met_by, condition.said_met_at = by, at
    condition.save(update_fields=["said_met_by", "said_met_at"])


def _close(trail: Trail, by: User, condition: Condition, state: str, note: str) -> None:
    condition.state, condition.closing_note = state, note
    condition.closed_by, condition.closed_at = by, trail.at
    condition.save(update_fields=["state", "closing_note", "closed_by", "closed_at"])
    telling.settled(trail, condition)
    telling.answered(trail, condition)
