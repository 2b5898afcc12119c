"""One condition: reading it; and for a manager confirming that it is met, extending it, dropping it."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import standing
from accounts.acts import Act
from accounts.refusals import Refusal
from reviews import access, conditions, settling
from reviews.forms_settling import ClosingForm, DroppingForm, ExtendingForm, SettlingForm
from reviews.models import Condition
from reviews.views.records import frame
from stages.access import may_on


@require_safe
def condition(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    return condition_page(request, access.condition_for(request, slug, pk, Act.SEE))


@require_POST
def close_condition(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Confirm that a condition is met, with what shows it."""
    found = access.condition_for(request, slug, pk)
    done = _("Condition %(number)d is met.")
    return _settle(request, found, ClosingForm.of(found, request.POST), settling.close, done)


@require_POST
def extend_condition(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Give a condition a later day, with a reason."""
    found = access.condition_for(request, slug, pk)
    done = _("Condition %(number)d has more time.")
    return _settle(request, found, ExtendingForm.of(found, request.POST), settling.extend, done)


@require_POST
def drop_condition(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Demand no longer what a condition demands, with a reason."""
    found = access.condition_for(request, slug, pk)
    done = _("Condition %(number)d is dropped.")
    return _settle(request, found, DroppingForm.of(found, request.POST), settling.drop, done)


def _settle(
    request: HttpRequest, found: Condition, form: SettlingForm, act: Callable[..., Condition], done: str
) -> HttpResponse:
    if not form.is_valid():
        return condition_page(request, found, form, status=422)
    try:
        act(by=request.user, condition=found, **form.cleaned_data)
    except Refusal as refusal:
        form.refuse(refusal)
        found.refresh_from_db(fields=["state", "due_on", "closing_note", "closed_by", "closed_at"])
        return condition_page(request, found, form, refusal=None if form.errors else refusal, status=refusal.status)
    messages.success(request, done % {"number": found.number})
    return redirect("reviews:condition", found.service.slug, found.pk)


def condition_page(
    request: HttpRequest,
    found: Condition,
    form: SettlingForm | None = None,
    *,
    status: int = 200,
    refusal: object = None,
) -> HttpResponse:
    """The condition with what became of it; a form that was not taken stands there with everything typed."""
    review = found.decision.review
    told = {"condition": found, "events": conditions.history(found), "review": review, **frame(review.passage)}
    context = {**told, "forms": forms_of(request, found, form), "failed": form, "refusal": refusal}
    return render(request, "reviews/review_condition.html", context, status=status)


def forms_of(request: HttpRequest, found: Condition, form: SettlingForm | None) -> dict[str, SettlingForm]:
    """The forms of who may settle it while it is open; `form` as it was sent, the others fresh."""
    if found.state != Condition.State.OPEN or not may_on(found.service, standing(request), Act.DECIDE):
        return {}
    kinds = {"closing": ClosingForm, "extending": ExtendingForm, "dropping": DroppingForm}
    return {name: form if type(form) is kind else kind.of(found) for name, kind in kinds.items()}
