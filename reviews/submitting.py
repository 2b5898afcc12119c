"""Asks for a decision at a gate: seals the picture and opens a review; or takes the request back."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.chaining import Trail
from accounts.models import User
from accounts.refusals import Conflict, Refusal
from checklists import plaintext
from reviews import sealing, telling
from reviews.cases import reread
from reviews.models import Confirmation, Review, Snapshot
from stages import catalogue, chains, enrolling
from stages.models import ExitCriterion, Passage, PassageState

Said = tuple[ExitCriterion, bool, str]


def submit(
    *, by: User, passage: Passage, note: str, confirmations: Iterable[Said], at: datetime | None = None
) -> Review:
    """Seal `passage` and ask for a decision on it; the team goes on working meanwhile.

    `confirmations` says of every exit criterion that a person confirms whether it is met, with a note. Refused
    when the passage is not open, when something is not confirmed, and in a stage that recurs before the service
    went live. The same person asking once more in the same words (a double click) gets the review that is there.
    """
    with chains.chain(passage.service, at=at) as trail:
        passage = reread(passage)
        confirmations = list(confirmations)
        if again := _asked_already(passage, by, note, confirmations):
            return again
        _refuse_unready(passage)
        said = _said(passage, by, confirmations)
        snapshot = sealing.seal(trail=trail, by=by, passage=passage, confirmations=said, people={"asked_by": by})
        review = _create(trail, by=by, snapshot=snapshot, note=note, said=said)
        enrolling.move(trail=trail, by=by, passage=passage, to=PassageState.IN_REVIEW)
        after = {"snapshot": snapshot.sha256, "stage": passage.stage.slug, "review": review.number}
        trail.add(by=by, verb="ask", subject=f"review:{review.pk}", after=after)
        telling.asked(trail, review)
    return review


def withdraw(*, by: User, review: Review, at: datetime | None = None) -> Review:
    """Take back the request; the stage is open again, the sealed picture stays."""
    with chains.chain(review.passage.service, at=at) as trail:
        review = Review.objects.select_related("passage").get(pk=review.pk)
        if review.state != Review.State.OPEN:
            raise Conflict(_("This review is closed already; there is nothing to withdraw."))
        review.state = Review.State.WITHDRAWN
        review.save(update_fields=["state"])
        enrolling.move(trail=trail, by=by, passage=reread(review.passage), to=PassageState.OPEN)
        trail.add(by=by, verb="withdraw", subject=f"review:{review.pk}", before={"state": "open"}, after=None)
        telling.closed(trail, review)
    return review


def ask_again(
    *, by: User, review: Review, note: str, confirmations: Iterable[Said], at: datetime | None = None
) -> Review:
    """Take the picture again while a review waits: a new review of how it is now, by whoever asks this time.

    The one before is withdrawn and keeps its picture. Conflict when it is closed already; else refused as `submit`.
    """
    with chains.chain(review.passage.service, at=at):
        withdraw(by=by, review=review)
        return submit(by=by, passage=review.passage, note=note, confirmations=confirmations)


def _asked_already(passage: Passage, by: User, note: str, confirmations: Iterable[Said]) -> Review | None:
    asked = Review.objects.filter(passage=passage, state=Review.State.OPEN, asked_by=by).first()
    if asked is None or asked.note != plaintext.cleaned(note):
        return None
    there = {(one.criterion_id, one.met, one.note) for one in asked.confirmations.all()}
    told = {(criterion.pk, met, plaintext.cleaned(text)) for criterion, met, text in confirmations}
    return asked if there == told else None


def _refuse_unready(passage: Passage) -> None:
    if passage.state == PassageState.IN_REVIEW:
        raise Conflict(_("A review of this stage is waiting for a decision already."))
    if passage.state != PassageState.OPEN:
        raise Refusal(_("A review can be asked for while the stage is open; this one is not."))
    if passage.stage.recurs and passage.service.went_live_on is None:
        raise Refusal(_("First record the day on which the service went live; this stage is reviewed after that."))


def _said(passage: Passage, by: User, confirmations: Iterable[Said]) -> list[Confirmation]:
    """What was said of each criterion that a person confirms, in the stage's order; each exactly once."""
    sheet = catalogue.of(passage.service.edition_id).sheet_by_id(passage.stage_id)
    said = {criterion.pk: (met, plaintext.cleaned(note)) for criterion, met, note in confirmations}
    return [_confirmation(criterion, by, said) for criterion in sheet.criteria if criterion.computed is None]


def _confirmation(criterion: ExitCriterion, by: User, said: dict[int, tuple[bool, str]]) -> Confirmation:
    met, note = said.get(criterion.pk, (None, ""))
    if met is None:
        raise Refusal(_("Say whether this exit criterion is met: %(title)s") % {"title": criterion.title})
    if not note:
        raise Refusal(_("Say in a note what shows it: %(title)s") % {"title": criterion.title})
    return Confirmation(criterion=criterion, met=met, note=note, confirmed_by=by)


def _create(trail: Trail, *, by: User, snapshot: Snapshot, note: str, said: Sequence[Confirmation]) -> Review:
    """A review's number counts over all rounds of the stage, so that its address names one review."""
    passage = snapshot.passage
    earlier = Review.objects.filter(passage__service=passage.service, passage__stage=passage.stage)
    number = (earlier.aggregate(last=Max("number"))["last"] or 0) + 1
    review = Review.objects.create(
        passage=passage, number=number, snapshot=snapshot, note=plaintext.cleaned(note), asked_by=by, asked_at=trail.at
    )
    for confirmation in said:
        confirmation.review = review
    Confirmation.objects.bulk_create(said)
    return review
