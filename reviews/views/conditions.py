"""One condition: reading it, saying that it is met; and for a manager confirming that, extending it, dropping it."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import standing
from accounts.acts import Act
from accounts.refusals import Refusal
from reviews import access, conditions, objections, settling
from reviews.models import Condition
from reviews.settling_forms import (
    ClosingForm,
    DroppingForm,
    ExtendingForm,
    SayingForm,
    SettlingForm,
    TurningDownForm,
)
from reviews.views.records import frame
from stages.access import may_on

SETTLED = ("state", "due_on", "days_after_live", "said_met_by", "said_met_at", "closing_note", "closed_by", "closed_at")


@require_safe
def condition(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    return condition_page(request, access.condition_for(request, slug, pk, Act.SEE))


@require_POST
def say_met(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Say that a condition is met, with what shows it: its owner, or a designer."""
    found = access.condition_to_meet(request, slug, pk)
    done = _("Said: condition %(number)d is met. A manager confirms it.")
    return _settle(request, found, SayingForm.of(found, request.POST, request.FILES), settling.say_met, done)


@require_POST
def turn_down(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """It is not met yet: what is missing."""
    found = access.condition_for(request, slug, pk)
    done = _("Condition %(number)d stays open.")
    return _settle(request, found, TurningDownForm.of(found, request.POST), settling.turn_down, done)


@require_POST
def close_condition(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Confirm that a condition is met, on what was handed in."""
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
        act(by=request.user, condition=found, **form.told)
    except Refusal as refusal:
        form.refuse(refusal)
        found.refresh_from_db(fields=SETTLED)
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
    shown = {"requirements": found.requirements.all(), "evidence": found.evidence.select_related("added_by")}
    context = {**told, **shown, "forms": forms_of(request, found, form), "failed": form, "refusal": refusal}
    return render(request, "reviews/review_condition.html", context, status=status)


def forms_of(request: HttpRequest, found: Condition, form: SettlingForm | None) -> dict[str, SettlingForm]:
    """The forms that the reader may send while it is open; `form` as it was sent, the others fresh."""
    if found.state != Condition.State.OPEN:
        return {}
    who = standing(request)
    kinds: dict[str, type[SettlingForm]] = {}
    if may_on(found.service, who, Act.SEE) and objections.may_say_met(found, request.user.pk, who):
        kinds |= {"saying": SayingForm}
    if may_on(found.service, who, Act.DECIDE):
        kinds |= {"extending": ExtendingForm, "dropping": DroppingForm}
        if found.said_met_at and found.said_met_by_id != request.user.pk:
            kinds |= {"closing": ClosingForm, "turning": TurningDownForm}
    return {name: form if type(form) is kind else kind.of(found) for name, kind in kinds.items()}
