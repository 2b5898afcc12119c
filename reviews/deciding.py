"""Decides at a gate, on a sealed picture and in full sight of what changed since; and settles conditions.

Everything is judged again under the chain lock: what the manager saw is what is signed, or nothing is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.chaining import Trail
from accounts.models import User
from accounts.refusals import Conflict, Refusal
from checklists import gates, plaintext
from reviews import canonical, objections, records, telling
from reviews.cases import Case, case_of, reread
from reviews.models import Condition, Decision, Outcome, Review
from stages import chains, enrolling
from stages.models import PassageState, Requirement


@dataclass(frozen=True)
class Demand:
    """A condition as the manager writes it: who owes what by when, for which requirements."""

    text: str
    owner: User
    due_on: date
    requirements: Sequence[Requirement] = ()


def decide(
    *,
    by: User,
    review: Review,
    outcome: str,
    rationale: str,
    conditions: Sequence[Demand],
    seen_snapshot: str,
    seen_changes: str,
    at: datetime | None = None,
) -> Decision:
    """Sign the decision; any go opens what comes next, a no-go opens the stage again.

    `seen_snapshot` and `seen_changes` are the digests that the form showed: `Conflict` when the picture is another
    one, when something changed meanwhile (`detail["changes"]` holds what differs now) or when the review is closed;
    other refusals name their `field`.
    """
    rationale = plaintext.cleaned(rationale, field="rationale")
    conditions = [replace(one, text=plaintext.cleaned(one.text, field="conditions")) for one in conditions]
    with chains.chain(review.passage.service, at=at) as trail:
        case = _reopened(review, timezone.localdate(trail.at))
        objections.who(case, by)
        objections.unseen(case, seen_snapshot, seen_changes)
        objections.outcome(case, outcome, rationale)
        objections.conditions(case, outcome, conditions)
        told = {"outcome": Outcome(outcome), "rationale": rationale, "demands": conditions}
        decision = _write(trail, case, by=by, **told)
        _move_on(trail, by, case, Outcome(outcome))
        telling.decided(trail, decision)
    return decision


def _reopened(review: Review, on: date) -> Case:
    """The case as it is under the lock; refused when somebody closed it meanwhile."""
    review = Review.objects.select_related("snapshot", "asked_by").get(pk=review.pk)
    if review.state == Review.State.WITHDRAWN:
        raise Conflict(_("This review was withdrawn meanwhile; nothing was signed."))
    if review.state != Review.State.OPEN:
        raise Conflict(_("This review has been decided meanwhile; nothing more was signed."))
    review.passage = reread(review.passage)
    return case_of(review, on=on)


def _write(
    trail: Trail, case: Case, *, by: User, outcome: Outcome, rationale: str, demands: Sequence[Demand]
) -> Decision:
    review = case.review
    content = records.content(
        case, outcome=outcome, rationale=rationale, conditions=map(_as_json, demands), by=by, at=trail.at
    )
    text = canonical.text(content)
    decision = Decision.objects.create(
        review=review,
        outcome=outcome,
        suggested=str(case.suggestion.outcome),
        rationale=rationale,
        content=text,
        sha256=canonical.digest_of_text(text),
        material=case.material,
        held=[reason.key for reason in case.suggestion.reasons if reason.met],
        decided_by=by,
        asked_by=review.asked_by,
        decided_at=trail.at,
    )
    review.state, review.decision = Review.State.DECIDED, decision
    review.save(update_fields=["state", "decision"])
    for number, demand in enumerate(demands, start=1):
        _demand(decision, number, demand)
    after = {"outcome": str(outcome), "sha256": decision.sha256, "snapshot": review.snapshot.sha256}
    trail.add(by=by, verb="decide", subject=f"review:{review.pk}", before={"state": "open"}, after=after)
    return decision


def _demand(decision: Decision, number: int, demand: Demand) -> Condition:
    condition = Condition.objects.create(
        service=decision.review.passage.service,
        decision=decision,
        number=number,
        text=demand.text,
        owner=demand.owner,
        due_on=demand.due_on,
    )
    condition.requirements.set(demand.requirements)
    return condition


def _as_json(demand: Demand) -> dict[str, object]:
    return {
        "text": demand.text,
        "owner": {"id": demand.owner.pk, "name": str(demand.owner)},
        "due_on": demand.due_on.isoformat(),
        "requirements": [requirement.slug for requirement in demand.requirements],
    }


def _move_on(trail: Trail, by: User, case: Case, outcome: Outcome) -> None:
    passage = case.review.passage
    if outcome == gates.Outcome.NO_GO:
        enrolling.move(trail=trail, by=by, passage=passage, to=PassageState.OPEN)
    else:
        enrolling.open_next(trail=trail, by=by, passage=passage)


def close_condition(*, by: User, condition: Condition, note: str, at: datetime | None = None) -> Condition:
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


def drop_condition(*, by: User, condition: Condition, reason: str, at: datetime | None = None) -> Condition:
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


def extend_condition(
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
