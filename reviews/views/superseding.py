"""Superseding a mistaken decision: the sealed picture once more, and a form that signs another decision on it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import freshness
from accounts.refusals import Conflict, Refusal
from reviews import access, objections, superseding, wording
from reviews.cases import Case, case_of
from reviews.forms import SupersedingForm
from reviews.models import Review
from reviews.views.records import address_of, frame, record_page
from reviews.views.signing import sight_of, standing_here
from stages import chains


@require_http_methods(["GET", "HEAD", "POST"])
def supersede_decision(request: HttpRequest, slug: str, stage: str, number: int) -> HttpResponse:
    review = access.decided_for(request, slug, stage, number)
    chains.refuse_archived(review.passage.service)
    if request.method != "POST":
        return supersede_page(request, case_of(review))
    if review.decision.sha256 != request.POST.get("seen_decision", ""):
        return superseded_meanwhile(request, review)
    case = case_of(review)
    if "add" in request.POST:
        return supersede_page(request, case, SupersedingForm.longer(request.POST, case))
    form = SupersedingForm(request.POST, case=case)
    return sign(request, case, form) if form.is_valid() else supersede_page(request, case, form, status=422)


def sign(request: HttpRequest, case: Case, form: SupersedingForm) -> HttpResponse:
    """A signature is worth what is known of who gave it: asked for again when the sign-in is not fresh."""
    freshness.demand(request)
    try:
        decision = superseding.supersede(by=request.user, review=case.review, **form.signed)
    except Conflict as conflict:
        return changed_meanwhile(request, case, conflict)
    except Refusal as refusal:
        form.refuse(refusal)
        return supersede_page(request, case, form, status=refusal.status)
    outcome = wording.outcome(decision.outcome)
    messages.success(request, _("Signed: %(outcome)s. The decision before it is superseded.") % {"outcome": outcome})
    return redirect(address_of(case.review))


def changed_meanwhile(request: HttpRequest, case: Case, conflict: Conflict) -> HttpResponse:
    """Show what is new beside what was typed; the form then carries what is true now."""
    review = access.same_review(case.review)
    if review.decision != case.review.decision:
        return superseded_meanwhile(request, review)
    now = case_of(review)
    form = SupersedingForm.anew(request.POST, now)
    return supersede_page(request, now, form, status=conflict.status, refusal=conflict)


def superseded_meanwhile(request: HttpRequest, review: Review) -> HttpResponse:
    """Who signed twice sees the decision made; somebody else sees it, with the reason and what was typed."""
    decision = review.decision
    if decision.supersedes and decision.decided_by_id == request.user.pk:
        messages.info(request, _("You have signed this decision already."))
        return redirect(address_of(review))
    sentence = _("Somebody superseded this decision while you were looking. What you typed was not signed.")
    typed = request.POST.get("rationale", "")
    return record_page(request, review, status=Conflict.status, refusal=sentence, typed=typed)


def supersede_page(
    request: HttpRequest, case: Case, form: SupersedingForm | None = None, *, status: int = 200, **more: object
) -> HttpResponse:
    """What stands, what would become of it, and the form; why not, where it cannot be superseded."""
    here = standing_here(request, case, form or SupersedingForm(case=case))
    obstacle = objections.to_superseding(case.review)
    told = {
        "obstacle": obstacle,
        "form": None if obstacle else here["form"],
        "bar": here["bar"],
        "voided": access.conditions_of(case.review.decision).filter(state="open"),
    }
    context = {**sight_of(case, form), **told, **frame(case.review.passage), **more}
    return render(request, "reviews/review_supersede.html", context, status=status)
