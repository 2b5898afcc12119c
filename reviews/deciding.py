"""Decides at a gate, on a sealed picture and in full sight of what changed since.

Everything is judged again under the chain lock: what the manager saw is what is signed, or nothing is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from accounts import calendar
from accounts.chaining import Trail
from accounts.models import User
from accounts.refusals import Conflict
from checklists import plaintext
from reviews import canonical, objections, records, telling
from reviews.cases import Case, case_of, reread
from reviews.models import Condition, Decision, Outcome, Review
from stages import chains, enrolling
from stages.models import PassageState, Requirement


@dataclass(frozen=True)
class Demand:
    """A condition as the manager writes it: who owes what by when, for which requirements.

    It is due on a day, or so many days after the service went live.
    """

    text: str
    owner: User
    due_on: date | None = None
    requirements: Sequence[Requirement] = ()
    days_after_live: int | None = None

    def day(self, went_live_on: date | None) -> date | None:
        """When it is due; None until it is recorded that the service went live."""
        if self.days_after_live is None:
            return self.due_on
        return went_live_on + timedelta(days=self.days_after_live) if went_live_on else None


@dataclass(frozen=True)
class Said:
    """What a manager signs. `mistake` says what was mistaken in the decision that this one supersedes."""

    outcome: str
    rationale: str
    conditions: Sequence[Demand]
    mistake: str = ""

    @property
    def cleaned(self) -> "Said":
        conditions = [replace(one, text=plaintext.cleaned(one.text, field="conditions")) for one in self.conditions]
        told = {name: plaintext.cleaned(getattr(self, name), field=name) for name in ("rationale", "mistake")}
        return replace(self, conditions=conditions, **told)


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
    said = Said(outcome, rationale, conditions).cleaned
    with chains.chain(review.passage.service, at=at) as trail:
        case = _reopened(review, calendar.day(trail.at))
        check(by=by, case=case, said=said, seen_snapshot=seen_snapshot, seen_changes=seen_changes)
        decision = sign(trail=trail, by=by, case=case, said=said)
        _move_on(trail, by, case, said.outcome)
        telling.decided(trail, decision)
    return decision


def check(*, by: User, case: Case, said: Said, seen_snapshot: str, seen_changes: str) -> None:
    """Everything that a decision is refused for, whether it is the first on its review or supersedes one."""
    objections.who(case, by)
    objections.unseen(case, seen_snapshot, seen_changes)
    objections.outcome(case, said.outcome, said.rationale)
    objections.conditions(case, said.outcome, said.conditions)


def _reopened(review: Review, on: date) -> Case:
    """The case as it is under the lock; refused when somebody closed it meanwhile."""
    review = Review.objects.select_related("snapshot", "asked_by").get(pk=review.pk)
    if review.state == Review.State.WITHDRAWN:
        raise Conflict(_("This review was withdrawn meanwhile; nothing was signed."))
    if review.state != Review.State.OPEN:
        raise Conflict(_("This review has been decided meanwhile; nothing more was signed."))
    review.passage = reread(review.passage)
    return case_of(review, on=on)


def sign(*, trail: Trail, by: User, case: Case, said: Said) -> Decision:
    """Seal the record and let it stand for its review, with what it demands; inside the open chain of the service."""
    review, before = case.review, case.review.decision
    told = records.content(case, said, conditions=map(_as_json, said.conditions), by=by, at=trail.at)
    text = canonical.text(told)
    decision = Decision.objects.create(
        review=review,
        number=before.number + 1 if before else 1,
        supersedes=before,
        mistake=said.mistake,
        outcome=said.outcome,
        suggested=str(case.suggestion.outcome),
        rationale=said.rationale,
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
    for number, demand in enumerate(said.conditions, start=1):
        _demand(decision, number, demand)
    _tell(trail, by, review, decision)
    return decision


def _tell(trail: Trail, by: User, review: Review, decision: Decision) -> None:
    told = {"outcome": str(decision.outcome), "sha256": decision.sha256, "snapshot": review.snapshot.sha256}
    verb, before = "decide", {"state": "open"}
    if decision.supersedes:
        verb, told = "supersede", told | {"mistake": decision.mistake}
        before = {"outcome": decision.supersedes.outcome, "sha256": decision.supersedes.sha256}
    trail.add(by=by, verb=verb, subject=f"review:{review.pk}", before=before, after=told)


def _demand(decision: Decision, number: int, demand: Demand) -> Condition:
    condition = Condition.objects.create(
        service=decision.review.passage.service,
        decision=decision,
        number=number,
        text=demand.text,
        owner=demand.owner,
        due_on=demand.day(decision.review.passage.service.went_live_on),
        days_after_live=demand.days_after_live,
    )
    condition.requirements.set(demand.requirements)
    return condition


def _as_json(demand: Demand) -> dict[str, object]:
    return {
        "text": demand.text,
        "owner": {"id": demand.owner.pk, "name": str(demand.owner)},
        "due_on": demand.due_on and demand.due_on.isoformat(),
        "days_after_live": demand.days_after_live,
        "requirements": [requirement.slug for requirement in demand.requirements],
    }


def _move_on(trail: Trail, by: User, case: Case, outcome: str) -> None:
    passage = case.review.passage
    if outcome == Outcome.NO_GO:
        enrolling.move(trail=trail, by=by, passage=passage, to=PassageState.OPEN)
    else:
        enrolling.open_next(trail=trail, by=by, passage=passage)
