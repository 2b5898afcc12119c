"""Settles what decisions demand: a condition is met, gets more time, is demanded no longer, or is void."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.chaining import Trail
from accounts.models import User
from accounts.refusals import Conflict, Refusal
from checklists import plaintext
from reviews import objections, telling
from reviews.models import Condition, Decision
from stages import chains


def close(*, by: User, condition: Condition, note: str, at: datetime | None = None) -> Condition:
    """Confirm that a condition is met; `note` says what shows it."""
    note = plaintext.cleaned(note, field="note")
    with chains.chain(condition.service, at=at) as trail:
        condition = _open_condition(condition)
        if not note:
            raise Refusal(_("Say what shows that the condition is met."), field="note")
        after = {"state": "met", "note": note}
        _close(trail, by, condition, Condition.State.MET, note)
        trail.add(by=by, verb="close", subject=condition.subject, before={"state": "open"}, after=after)
    return condition


def drop(*, by: User, condition: Condition, reason: str, at: datetime | None = None) -> Condition:
    """Demand it no longer; `reason` says why. Conflict when it is closed already."""
    reason = plaintext.cleaned(reason, field="reason")
    with chains.chain(condition.service, at=at) as trail:
        condition = _open_condition(condition)
        if not reason:
            raise Refusal(_("Say why the condition is dropped."), field="reason")
        _close(trail, by, condition, Condition.State.DROPPED, reason)
        after = {"state": "dropped", "reason": reason}
        trail.add(by=by, verb="drop", subject=condition.subject, before={"state": "open"}, after=after)
    return condition


def extend(
    *, by: User, condition: Condition, due_on: date, reason: str, seen: date, at: datetime | None = None
) -> Condition:
    """Give it until a later day, with a reason; what was signed keeps the day it was signed with.

    Conflict when it is closed already, or when its day is no longer the one that was `seen`; Refusal for a day that
    is not later, or is past.
    """
    reason = plaintext.cleaned(reason, field="reason")
    with chains.chain(condition.service, at=at) as trail:
        condition = _open_condition(condition)
        objections.extension(condition, due_on, reason, seen, timezone.localdate(trail.at))
        before = {"due_on": condition.due_on.isoformat()}
        condition.due_on = due_on
        condition.save(update_fields=["due_on"])
        after = {"due_on": due_on.isoformat(), "reason": reason}
        trail.add(by=by, verb="extend", subject=condition.subject, before=before, after=after)
        telling.settled(trail, condition)
    return condition


def void(trail: Trail, by: User, decision: Decision) -> None:
    """What a superseded decision demanded and nobody has closed is demanded no more; inside the open chain."""
    for condition in decision.conditions.filter(state=Condition.State.OPEN):
        _close(trail, by, condition, Condition.State.VOID, "")
        after = {"state": "void"}
        trail.add(by=by, verb="void", subject=condition.subject, before={"state": "open"}, after=after)


def _open_condition(condition: Condition) -> Condition:
    """As it is under the lock; Conflict when it is not open any more."""
    condition = Condition.objects.select_related("decision", "service").get(pk=condition.pk)
    if condition.state != Condition.State.OPEN:
        raise Conflict(_("This condition is closed already."))
    return condition


def _close(trail: Trail, by: User, condition: Condition, state: str, note: str) -> None:
    condition.state, condition.closing_note = state, note
    condition.closed_by, condition.closed_at = by, trail.at
    condition.save(update_fields=["state", "closing_note", "closed_by", "closed_at"])
    telling.settled(trail, condition)
