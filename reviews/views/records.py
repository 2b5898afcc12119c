"""Closed reviews and their conditions, to read."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.access import standing
from accounts.acts import Act
from reviews import access
from reviews.closed import Closed
from reviews.models import Decision, Review
from stages.access import may_on
from stages.models import Passage


def record_page(request: HttpRequest, review: Review, *, status: int = 200, **more: object) -> HttpResponse:
    """A closed review, read from what was sealed; `more` may hold a `refusal` and the `form` with what was typed."""
    past = list(access.listed_reviews(review.passage))
    decided = [one.number for one in past if one.state == Review.State.DECIDED]
    closed = Closed(review, review.decision, latest=review.number == max(decided, default=0))
    told = {"superseded": access.superseded_on(review), "may_supersede": may_supersede(request, closed)}
    return closed_page(request, closed, past, status=status, **told, **more)


def superseded_page(request: HttpRequest, review: Review, decision: Decision) -> HttpResponse:
    """A decision that does not stand any more: what it said, and which one took its place."""
    closed = Closed(review, decision, latest=False)
    return closed_page(request, closed, list(access.listed_reviews(review.passage)), by=decision.superseded_by)


def closed_page(
    request: HttpRequest, closed: Closed, past: Sequence[Review], *, status: int = 200, **more: object
) -> HttpResponse:
    review = closed.review
    context = {
        "closed": closed,
        "review": review,
        "conditions": access.conditions_of(closed.decision),
        "past": [one for one in past if one.pk != review.pk],
        **frame(review.passage),
        **more,
    }
    return render(request, "reviews/review_record.html", context, status=status)


def may_supersede(request: HttpRequest, closed: Closed) -> bool:
    """Is it the reader's to say that this decision was mistaken? Whether they are barred is told when they do."""
    decided = closed.latest and closed.decision is not None
    return decided and may_on(closed.review.passage.service, standing(request), Act.DECIDE)


def frame(passage: Passage) -> dict[str, object]:
    return {"passage": passage, "service": passage.service, "stage": passage.stage}


def address_of(review: Review) -> str:
    passage = review.passage
    return reverse("reviews:past_review", args=[passage.service.slug, passage.stage.slug, review.number])
