"""Asking for a review of a stage, and taking the request back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import calendar
from accounts.access import standing
from accounts.acts import Act
from accounts.refusals import Refusal
from reviews import access, deciders, history, look, picture, snapshots, submitting, wording
from reviews.forms import AskForm
from reviews.gate import Gate, gate_of
from reviews.models import Review
from reviews.views.records import frame
from stages import catalogue
from stages.access import may_on, passage_for
from stages.models import Passage, PassageState

STEPS_SHOWN = 7


def ask_page(
    request: HttpRequest, passage: Passage, form: AskForm | None = None, *, status: int = 200, refusal: object = None
) -> HttpResponse:
    """What the gate looks at today; for a designer the form that asks, for others who asks."""
    gate = gate_of(passage)
    form = form or AskForm(criteria=gate.readiness.sheet.criteria)
    context = {"form": form, "refusal": refusal, **gate_seen(gate), **standing_here(request, gate), **frame(passage)}
    return render(request, "reviews/review_ask.html", context, status=status)


def gate_seen(gate: Gate) -> dict[str, object]:
    reasons, steps = look.reasons(gate.suggestion.reasons), look.steps(gate)
    return {"gate": gate, "reasons": reasons, "steps": steps[:STEPS_SHOWN]}


def standing_here(request: HttpRequest, gate: Gate) -> dict[str, object]:
    """Whether the person may ask, who could decide then, and what was decided before."""
    passage = gate.passage
    may_ask = may_on(passage.service, standing(request), Act.SUBMIT)
    past = list(access.listed_reviews(passage))
    return {
        "why_not": why_not(passage, may_ask),
        "due": due(passage),
        "reopened": history.reopening(passage),
        "may_reopen": passage.state == PassageState.PASSED and may_on(passage.service, standing(request), Act.DECIDE),
        "deciders": expected_deciders(gate, request.user.pk if may_ask else None),
        "past": past,
        "last": next((one for one in past if one.state == Review.State.DECIDED), None),
    }


def due(passage: Passage) -> str:
    """By when the open round of a stage that recurs is reviewed; empty elsewhere."""
    waits = passage.state == PassageState.OPEN and passage.due_on
    return wording.round_due(passage.due_on, calendar.day()) if waits else ""


def expected_deciders(gate: Gate, asking: int | None) -> deciders.Deciders:
    """Who could decide if a review were asked for now, by `asking`."""
    recorders = picture.recorders(snapshots.comparable(gate))
    return deciders.of(gate.passage.service.team, asked_by=asking, recorders=recorders)


def why_not(passage: Passage, may_ask: bool) -> str:
    """Why no review can be asked for here and now; empty when it can."""
    if passage.state == PassageState.LOCKED:
        return _("This stage is not open yet: the one before it has to pass its gate first.")
    if passage.state == PassageState.PASSED:
        return _("This stage has passed its gate.")
    if passage.stage.recurs and passage.service.went_live_on is None:
        return _("First record the day on which the service went live; this stage is reviewed after that.")
    return "" if may_ask else _("A designer of the team asks for the review when the stage is ready.")


@require_POST
def ask_review(request: HttpRequest, slug: str, stage: str) -> HttpResponse:
    passage = passage_for(request, slug, stage, Act.SUBMIT)
    sheet = catalogue.of(passage.service.edition_id).sheet_by_id(passage.stage_id)
    form = AskForm(request.POST, criteria=sheet.criteria)
    if not form.is_valid():
        return ask_page(request, passage, form, status=422)
    told = {"note": form.cleaned_data["note"], "confirmations": form.confirmations}
    try:
        submitting.submit(by=request.user, passage=passage, **told)
    except Refusal as refusal:
        return ask_page(request, passage, form, status=refusal.status, refusal=refusal)
    messages.success(request, _("The picture is sealed. The team may go on working while the review waits."))
    return redirect("reviews:review", slug, stage)


@require_POST
def withdraw_review(request: HttpRequest, slug: str, stage: str) -> HttpResponse:
    passage = passage_for(request, slug, stage, Act.SUBMIT)
    submitting.withdraw(by=request.user, review=access.open_review_or_404(passage))
    messages.success(request, _("The review is withdrawn; the stage is open again."))
    return redirect("reviews:review", slug, stage)
