"""Closed reviews and their conditions, to read."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.access import standing
from accounts.acts import Act
from reviews import access
from reviews.closed import Closed
from reviews.forms_settling import ClosingForm
from reviews.models import Review
from stages.access import may_on
from stages.models import Passage


def record_page(request: HttpRequest, review: Review, *, status: int = 200, **more: object) -> HttpResponse:
    """A closed review, read from what was sealed; `more` may hold a `refusal` and the `form` with what was typed."""
    passage = review.passage
    past = list(access.listed_reviews(passage))
    decided = [one.number for one in past if one.state == Review.State.DECIDED]
    context = {
        "closed": Closed(review, latest=review.number == max(decided, default=0)),
        "review": review,
        "conditions": [(one, ClosingForm.of(one)) for one in access.conditions_of(review)],
        "may_close": may_on(passage.service, standing(request), Act.DECIDE),
        "past": [one for one in past if one.pk != review.pk],
        **frame(review.passage),
        **more,
    }
    return render(request, "reviews/review_record.html", context, status=status)


def frame(passage: Passage) -> dict[str, object]:
    return {"passage": passage, "service": passage.service, "stage": passage.stage}


def address_of(review: Review) -> str:
    passage = review.passage
    return reverse("reviews:past_review", args=[passage.service.slug, passage.stage.slug, review.number])
