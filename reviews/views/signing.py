"""Looking at the sealed picture, and signing the decision on it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import freshness
from accounts.access import standing
from accounts.acts import Act
from accounts.refusals import Conflict, Refusal
from reviews import access, deciding, look, objections, wording
from reviews.cases import Case, case_of
from reviews.forms import DecisionForm, PictureForm
from reviews.models import Review
from reviews.views.records import address_of, frame, record_page
from stages.access import may_on, passage_for


def look_page(
    request: HttpRequest, case: Case, form: DecisionForm | None = None, *, status: int = 200, **more: object
) -> HttpResponse:
    """The sealed picture for everybody; the form for a manager who may decide, the reason for one who may not.

    After a conflict `form` holds what was typed, and `more` the refusal; changes not shown before are marked.
    """
    context = {**sight_of(case, form), **standing_here(request, case, form), **frame(case.review.passage), **more}
    return render(request, "reviews/review_look.html", context, status=status)


def sight_of(case: Case, form: DecisionForm | None) -> dict[str, object]:
    shown_before = form.shown_before if form else None
    return {
        "case": case,
        "review": case.review,
        "sight": look.Sight(case.content, case.on, case.overdue, case.changes, shown_before),
        "reasons": look.reasons(case.suggestion.reasons),
    }


def standing_here(request: HttpRequest, case: Case, form: DecisionForm | None) -> dict[str, object]:
    """What the person may do on this page; `bar` says why a manager does not decide."""
    passage, who = case.review.passage, standing(request)
    bar = case.bar(request.user.pk) if may_on(passage.service, who, Act.DECIDE) else None
    return {
        "bar": objections.barred(bar) if bar else "",
        "form": (form or DecisionForm(case=case)) if bar == "" else None,
        "may_withdraw": may_on(passage.service, who, Act.SUBMIT),
        "past": access.listed_reviews(passage).exclude(pk=case.review.pk),
    }


@require_POST
def decide_review(request: HttpRequest, slug: str, stage: str) -> HttpResponse:
    """Sign, or show again with everything typed: one row more, what is wrong, or what is new."""
    passage = passage_for(request, slug, stage, Act.DECIDE)
    review = access.review_to_sign(passage, PictureForm(request.POST).seen)
    if review.state != Review.State.OPEN:
        return closed_meanwhile(request, review)
    case = case_of(review)
    if "add" in request.POST:
        return look_page(request, case, DecisionForm.longer(request.POST, case))
    form = DecisionForm(request.POST, case=case)
    if form.is_valid():
        return sign(request, case, form)
    return look_page(request, case, form, status=422)


def sign(request: HttpRequest, case: Case, form: DecisionForm) -> HttpResponse:
    """A signature is worth what is known of who gave it: asked for again when the sign-in is not fresh."""
    freshness.demand(request)
    try:
        decision = deciding.decide(by=request.user, review=case.review, **form.signed)
    except Conflict as conflict:
        return changed_meanwhile(request, case, conflict)
    except Refusal as refusal:
        form.refuse(refusal)
        return look_page(request, case, form, status=refusal.status)
    outcome = wording.outcome(decision.outcome)
    messages.success(request, _("Signed: %(outcome)s.") % {"outcome": outcome})
    return redirect(address_of(case.review))


def changed_meanwhile(request: HttpRequest, case: Case, conflict: Conflict) -> HttpResponse:
    """Show what is new beside what was typed; the form then carries what is true now."""
    review = access.same_review(case.review)
    if review.state != Review.State.OPEN:
        return closed_meanwhile(request, review)
    now = case_of(review)
    form = DecisionForm.anew(request.POST, now)
    return look_page(request, now, form, status=conflict.status, refusal=conflict)


def closed_meanwhile(request: HttpRequest, review: Review) -> HttpResponse:
    """Who signed twice sees the decision made; somebody else sees it, with the reason and what was typed."""
    decision = review.decision
    if decision and decision.decided_by_id == request.user.pk:
        messages.info(request, _("You have signed this decision already."))
        return redirect(address_of(review))
    sentence = _("Somebody closed this review while you were looking. What you typed was not signed.")
    typed = request.POST.get("rationale", "")
    return record_page(request, review, status=Conflict.status, refusal=sentence, typed=typed)
