"""Loading reviews and conditions: all start from the service that the person may see."""

from typing import TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from accounts.access import standing
from accounts.acts import Act
from reviews import objections, reports
from reviews.models import Condition, Decision, Report, Review
from stages.access import passage_for, service_for
from stages.models import Passage

Found = TypeVar("Found")


def reviews_of(passage: Passage) -> QuerySet[Review]:
    """All reviews of a stage of a service, over its rounds, the latest first."""
    found = Review.objects.filter(passage__service=passage.service_id, passage__stage=passage.stage_id)
    return found.select_related("asked_by", "decision__decided_by", "passage").order_by("-number")


def listed_reviews(passage: Passage) -> QuerySet[Review]:
    """For lists: without the sealed texts."""
    return reviews_of(passage).defer("decision__content", "decision__rationale")


def open_review(passage: Passage) -> Review | None:
    return _loaded(passage, passage=passage, state=Review.State.OPEN)


def open_review_or_404(passage: Passage) -> Review:
    return _or_404(open_review(passage))


def review_to_sign(passage: Passage, snapshot: str) -> Review:
    """The review that a decision form is about: the open one, else the closed one of the picture it showed."""
    return _or_404(open_review(passage) or _loaded(passage, snapshot__sha256=snapshot))


def same_review(review: Review) -> Review:
    """The review as it is now."""
    return _or_404(_loaded(review.passage, pk=review.pk))


def review_for(request: HttpRequest, slug: str, stage: str, number: int, needs: Act = Act.SEE) -> Review:
    """One review, open or closed."""
    return _or_404(_loaded(passage_for(request, slug, stage, needs), number=number))


def decided_for(request: HttpRequest, slug: str, stage: str, number: int) -> Review:
    """A review that is decided, for who may decide."""
    review = review_for(request, slug, stage, number, Act.DECIDE)
    return _or_404(review if review.decision else None)


def superseded_on(review: Review) -> QuerySet[Decision]:
    """The decisions on a review that do not stand any more, the latest first."""
    found = review.decisions.exclude(pk=review.decision_id).select_related("decided_by", "superseded_by__decided_by")
    return found.order_by("-number")


def superseded_or_404(review: Review, place: int) -> Decision:
    return _or_404(superseded_on(review).filter(number=place).first())


def _loaded(passage: Passage, /, **which: object) -> Review | None:
    """A review with its picture, and its passage with service and stage."""
    review = reviews_of(passage).select_related("snapshot").filter(**which).first()
    if review:
        review.passage.service, review.passage.stage = passage.service, passage.stage
    return review


def _or_404(found: Found | None) -> Found:
    if found is None:
        raise Http404
    return found


def condition_for(request: HttpRequest, slug: str, pk: int, needs: Act = Act.DECIDE) -> Condition:
    service = service_for(request, slug, needs)
    found = Condition.objects.filter(service=service, pk=pk)
    condition = found.select_related("owner", "decision__review__passage__stage", "closed_by", "said_met_by").first()
    if condition is None:
        raise Http404
    condition.service = condition.decision.review.passage.service = service
    return condition


def condition_to_meet(request: HttpRequest, slug: str, pk: int) -> Condition:
    """A condition for who may say that it is met."""
    condition = condition_for(request, slug, pk, Act.SEE)
    if not objections.may_say_met(condition, request.user.pk, standing(request)):
        raise PermissionDenied
    return condition


def conditions_of(decision: Decision | None) -> QuerySet[Condition]:
    """The conditions that a decision demanded, in their order."""
    found = Condition.objects.filter(decision=decision).select_related("owner", "closed_by", "said_met_by")
    return found.prefetch_related("requirements").order_by("number")


def report_for(request: HttpRequest, slug: str, pk: int, needs: Act = Act.SEE) -> Report:
    """A report of a service, ready to be named and fetched; without the sealed texts."""
    service = service_for(request, slug, needs)
    report = reports.listed(service).filter(pk=pk).first()
    if report is None:
        raise Http404
    report.service = service
    return report
