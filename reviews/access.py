"""Loading reviews and conditions: all start from the service that the person may see."""

from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from accounts.acts import Act
from reviews.models import Condition, Review
from stages.access import passage_for, service_for
from stages.models import Passage


def reviews_of(passage: Passage) -> QuerySet[Review]:
    """All reviews of a stage of a service, over its rounds, the latest first."""
    found = Review.objects.filter(passage__service=passage.service_id, passage__stage=passage.stage_id)
    return found.select_related("asked_by", "decision__decided_by", "passage").order_by("-number")


def listed_reviews(passage: Passage) -> QuerySet[Review]:
    """For lists: without the sealed texts."""
    return reviews_of(passage).defer("decision__content", "decision__rationale")


def open_review(passage: Passage) -> Review | None:
    return reviews_of(passage).select_related("snapshot").filter(passage=passage, state=Review.State.OPEN).first()


def review_to_sign(passage: Passage, snapshot: str) -> Review:
    """The review that a decision form is about: the open one, else the closed one of the picture it showed."""
    closed = reviews_of(passage).select_related("snapshot").filter(snapshot__sha256=snapshot)
    review = open_review(passage) or closed.first()
    if review is None:
        raise Http404
    return review


def open_review_or_404(passage: Passage) -> Review:
    review = open_review(passage)
    if review is None:
        raise Http404
    return review


def review_for(request: HttpRequest, slug: str, stage: str, number: int) -> Review:
    """One review, open or closed, with its picture; its passage's service and stage loaded."""
    passage = passage_for(request, slug, stage)
    review = reviews_of(passage).select_related("snapshot").filter(number=number).first()
    if review is None:
        raise Http404
    review.passage.service, review.passage.stage = passage.service, passage.stage
    return review


def condition_for(request: HttpRequest, slug: str, pk: int, needs: Act = Act.DECIDE) -> Condition:
    service = service_for(request, slug, needs)
    found = Condition.objects.filter(service=service, pk=pk)
    condition = found.select_related("owner", "decision__review__passage__stage", "closed_by").first()
    if condition is None:
        raise Http404
    condition.service = service
    return condition
