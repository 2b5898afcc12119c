"""Closed reviews and their conditions: reading a record, confirming that a condition is met."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import standing
from accounts.acts import Act
from accounts.refusals import Refusal
from reviews import access, deciding
from reviews.closed import Closed
from reviews.forms import ClosingForm
from reviews.models import Condition, Review
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
        "conditions": [(one, ClosingForm(prefix=f"condition-{one.pk}")) for one in access.conditions_of(review)],
        "may_close": may_on(passage.service, standing(request), Act.DECIDE),
        "past": [one for one in past if one.pk != review.pk],
        **frame(review.passage),
        **more,
    }
    return render(request, "reviews/review_record.html", context, status=status)


def frame(passage: Passage) -> dict[str, object]:
    return {"passage": passage, "service": passage.service, "stage": passage.stage}


@require_POST
def close_condition(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Confirm that a condition is met, with what shows it."""
    condition = access.condition_for(request, slug, pk)
    form = ClosingForm(request.POST, prefix=f"condition-{pk}")
    if form.is_valid():
        try:
            deciding.close_condition(by=request.user, condition=condition, note=form.cleaned_data["note"])
        except Refusal as refusal:
            return condition_page(request, condition, form, refusal=refusal, status=refusal.status)
        messages.success(request, _("Condition %(number)d is met.") % {"number": condition.number})
        return redirect(address_of(condition.decision.review))
    return condition_page(request, condition, form, status=422)


def address_of(review: Review) -> str:
    passage = review.passage
    return reverse("reviews:past_review", args=[passage.service.slug, passage.stage.slug, review.number])


def condition_page(
    request: HttpRequest, condition: Condition, form: ClosingForm, *, status: int, refusal: Refusal | None = None
) -> HttpResponse:
    review = condition.decision.review
    context = {"condition": condition, "form": form, "review": review, "refusal": refusal, **frame(review.passage)}
    return render(request, "reviews/review_condition.html", context, status=status)
