"""Answers: what a service says to a requirement, changed only by whoever saw what is there.

Compare and set: the person hands back the version they saw. Saying again what is already there (a double click)
changes nothing and adds nothing to the trail; unless the answer has grown old: then it is confirmed, from today on.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from accounts import storing
from accounts.models import User
from accounts.refusals import Conflict, Refusal
from checklists import evidencing, plaintext, proofs
from checklists.models import STATES, Answer, Evidence, State
from checklists.proofs import Proof
from checklists.readiness import Row
from checklists.working import Work, work_on
from stages.models import Kind, Requirement, Service

RATINGS = range(4)
STORED = ("state", "rating", "text", "reason", "note", "version", "recorded_by", "recorded_at", "confirmed_at")


class ProofNeeded(Refusal):
    """A met rule and a rating of 2 or 3 need something behind them that is in force."""


@dataclass(frozen=True)
class Said:
    """What the answer is to say; None keeps what is there."""

    state: str | None
    rating: int | None
    text: str | None
    reason: str | None
    note: str | None

    def onto(self, row: Row) -> dict[str, object]:
        """All fields of the answer as they are to be. A reason is kept only while it does not apply."""
        old = row.answer
        state = self.state or row.state
        rating = self.rating if self.state else (old.rating if old else None)
        reason = _kept(self.reason, old.reason if old else "")
        return {
            "state": state,
            "rating": rating if state == State.RATED else None,
            "text": _kept(self.text, old.text if old else ""),
            "reason": reason if state == State.NOT_APPLICABLE else "",
            "note": _kept(self.note, old.note if old else ""),
        }


def record(
    *,
    by: User,
    service: Service,
    requirement: Requirement,
    seen: int,
    state: str | None = None,
    rating: int | None = None,
    text: str | None = None,
    reason: str | None = None,
    note: str | None = None,
    proof: Proof | Evidence | None = None,
    at: datetime | None = None,
) -> Answer:
    """Say something to a requirement; also writes trail and tally, and attaches `proof` in the same transaction.

    `proof` is new, or evidence of this service to stand behind this answer too. A `state` that is there already
    confirms an answer that has grown old; words alone never do.

    `seen` is the version the person looked at (0: none). Conflict, with the current `answer`, when another is
    there now that says something else; ProofNeeded when evidence is asked for; Refusal for what the kind, the
    playbook or the stage does not allow. For whoever shows the stage next the answer carries the `work`, with
    the stage as it was left, and what it said `before` (None when nothing changed), so that it can be undone.
    """
    said = Said(state, rating, *(_checked(name, value) for name, value in _texts(text, reason, note)))
    piece = proofs.evidence(proof) if isinstance(proof, Proof) else None
    with work_on(service=service, requirement=requirement, piece=piece, at=at) as work:
        wanted = said.onto(work.row)
        same, confirms = wanted == _fields(work.row), state is not None and work.row.entry.aged
        changed = confirms or not same
        if changed and seen != work.row.version:  # first: a question for what is missing would hide it
            raise Conflict(_("This entry has changed since you looked at it."), answer=work.row.answer, row=work.row)
        _refuse_unfit(work.row, wanted)
        evidencing.prove(work=work, proof=piece or proof, by=by)
        _refuse_unproven(work.row, wanted, same=same)
        before = None if same else _fields(work.row)
        answer = _written(work, by, wanted, confirmed=state is not None) if changed else work.answer(by)
        answer.work, answer.before = work, before
        return answer


def settle(*, work: Work, by: User, state: str) -> None:
    """Set the state of a deliverable that follows from its versions; the act behind it writes the trail.

    `by` is who sent the version, also when another approves it: approving is not recording.
    """
    wanted = _fields(work.row) | {"state": state}
    if wanted != _fields(work.row):
        _stored(work, wanted, by, confirmed=True)


def _fields(row: Row) -> dict[str, object]:
    """What an answer says, as plain JSON; an unanswered row says the first state of its kind."""
    old = row.answer
    kept = {name: getattr(old, name) if old else "" for name in ("text", "reason", "note")}
    return {"state": str(row.state), "rating": old.rating if old else None, **kept}


def _written(work: Work, by: User, wanted: dict[str, object], *, confirmed: bool) -> Answer:
    before = _fields(work.row) | {"version": work.row.version}
    verb = "confirmed" if wanted == _fields(work.row) else "recorded"
    answer = _stored(work, wanted, by, confirmed=confirmed)
    after = wanted | {"version": answer.version}
    work.trail.add(by=by, verb=verb, subject=work.requirement.subject, before=before, after=after)
    return answer


def _stored(work: Work, wanted: dict[str, object], recorded_by: User, *, confirmed: bool) -> Answer:
    """One insert or update; the row of the work at hand says it too. `confirmed`: does its age begin anew?

    Who changes words alone, or takes that back, has not said what the state says: whoever said that stays its author,
    and does not decide on it.
    """
    answer = work.answer(recorded_by)
    anew = answer.version == 0 or (confirmed and work.row.entry.aged)
    if anew or (answer.state, answer.rating) != (wanted["state"], wanted["rating"]):
        answer.recorded_by, answer.recorded_at = recorded_by, work.trail.at
    for name, value in wanted.items():
        setattr(answer, name, value)
    answer.version += 1
    answer.confirmed_at = work.trail.at if confirmed else answer.confirmed_at
    if answer.pk:
        storing.change(answer, STORED)
    else:
        answer.save()
    work.put(answer=answer)
    return answer


def _refuse_unfit(row: Row, wanted: dict[str, object]) -> None:
    """What the kind and the playbook do not allow."""
    requirement, state = row.requirement, wanted["state"]
    if requirement.kind == Kind.DELIVERABLE and state != row.state:
        raise Refusal(_("Where a deliverable stands follows from its versions: add one and send it for approval."))
    if state not in STATES[Kind(requirement.kind)]:
        raise Refusal(_("This is not an answer that can be given here."))
    if state == State.RATED and wanted["rating"] not in RATINGS:
        raise Refusal(_("Choose a rating from 0 to 3."), field="rating")
    if wanted["text"] and requirement.kind != Kind.QUESTION:
        raise Refusal(_("Only a question is answered in words; write a note instead."), field="text")
    if state == State.NOT_APPLICABLE:
        _refuse_not_applicable(requirement, wanted)


def _refuse_not_applicable(requirement: Requirement, wanted: dict[str, object]) -> None:
    if not requirement.may_not_apply:
        if requirement.kind == Kind.RULE:
            raise Refusal(_("This golden rule always applies: it is met or not met."))
        raise Refusal(_("This is required and always applies."))
    if not wanted["reason"]:
        raise Refusal(_("Say why it does not apply."), field="reason")


def _refuse_unproven(row: Row, wanted: dict[str, object], *, same: bool) -> None:
    """Something in force must stand behind what is newly said, or said once more.

    A note may still be corrected where evidence has lapsed: the entry shows re-check anyway.
    """
    newly = same or (wanted["state"], wanted["rating"]) != (row.state, row.entry.rating)
    needs = wanted["state"] == State.MET or (wanted["rating"] or 0) >= 2
    if newly and needs and not row.entry.proof:
        if row.requirement.kind == Kind.RULE:
            raise ProofNeeded(
                _("A golden rule is met only with evidence that is in force today. What stands behind it?")
            )
        raise ProofNeeded(_("A rating of 2 or 3 needs evidence that is in force today. What stands behind it?"))


def _texts(text: str | None, reason: str | None, note: str | None) -> tuple[tuple[str, str | None], ...]:
    return ("text", text), ("reason", reason), ("note", note)


def _checked(field: str, value: str | None) -> str | None:
    return None if value is None else plaintext.cleaned(value, field=field)


def _kept(new: str | None, old: str) -> str:
    return old if new is None else new
