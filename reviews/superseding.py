"""A mistaken decision is superseded by a new one on the same sealed picture; nothing is deleted.

Its open conditions are void then, and the stage follows the decision that stands. What a team has mended since needs
no superseding, but a new review.
"""

from collections.abc import Sequence
from datetime import date, datetime

from django.utils.translation import gettext as _

from accounts import calendar
from accounts.chaining import Trail
from accounts.models import User
from accounts.refusals import Conflict, Refusal
from reviews import deciding, objections, settling, telling
from reviews.cases import Case, case_of, reread
from reviews.deciding import Demand, Said
from reviews.models import Decision, Outcome, Review
from stages import chains, enrolling


def supersede(
    *,
    by: User,
    review: Review,
    outcome: str,
    rationale: str,
    mistake: str,
    conditions: Sequence[Demand],
    seen_decision: str,
    seen_snapshot: str,
    seen_changes: str,
    at: datetime | None = None,
) -> Decision:
    """Sign another decision in the place of the one that stands; `mistake` says what was mistaken in that.

    Refused like any decision, and `Conflict` when another one stands than the one with the digest `seen_decision`,
    or when a later review of the stage has been asked for.
    """
    said = Said(outcome, rationale, conditions, mistake).cleaned
    with chains.chain(review.passage.service, at=at) as trail:
        case = _standing(review, seen_decision, calendar.day(trail.at))
        if why := objections.to_superseding(case.review):
            raise Conflict(why)
        deciding.check(by=by, case=case, said=said, seen_snapshot=seen_snapshot, seen_changes=seen_changes)
        if not said.mistake:
            raise Refusal(_("Say what was mistaken: it stays with the decision that stood."), field="mistake")
        before = case.review.decision
        decision = deciding.sign(trail=trail, by=by, case=case, said=said)
        settling.void(trail=trail, by=by, decision=before)
        _follow(trail, by, decision)
        telling.decided(trail, decision)
    return decision


def _standing(review: Review, seen: str, on: date) -> Case:
    """The case as it is under the lock, as long as the decision that was seen stands."""
    review = Review.objects.select_related("snapshot", "asked_by", "decision__decided_by").get(pk=review.pk)
    if review.decision is None or review.decision.sha256 != seen:
        raise Conflict(_("Another decision stands meanwhile; nothing was signed."))
    review.passage = reread(review.passage)
    return case_of(review, on=on)


def _follow(trail: Trail, by: User, decision: Decision) -> None:
    """The stage follows the decision that stands; later stages stay as they are."""
    passage = decision.review.passage
    went, goes = (one.outcome != Outcome.NO_GO for one in (decision.supersedes, decision))
    if went and not goes:
        enrolling.take_back(trail=trail, by=by, passage=passage)
    if goes and not went:
        enrolling.open_next(trail=trail, by=by, passage=passage)
