"""Opening a passed stage again, so that a new review of it can be asked for."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.acts import Act
from accounts.refusals import Refusal
from reviews.settling_forms import ReopenForm
from reviews.views.records import frame
from stages import chains, enrolling
from stages.access import passage_for
from stages.models import Passage, PassageState


@require_http_methods(["GET", "HEAD", "POST"])
def reopen_stage(request: HttpRequest, slug: str, stage: str) -> HttpResponse:
    passage = passage_for(request, slug, stage, Act.DECIDE)
    chains.refuse_archived(passage.service)
    if request.method != "POST" and passage.state != PassageState.PASSED:
        return redirect("reviews:review", slug, stage)
    form = ReopenForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return reopen_page(request, passage, form, status=422 if form.is_bound else 200)
    try:
        enrolling.reopen(by=request.user, passage=passage, reason=form.cleaned_data["reason"])
    except Refusal as refusal:
        form.add_error(refusal.detail.get("field"), str(refusal))
        return reopen_page(request, passage, form, status=refusal.status)
    messages.success(request, _("“%(stage)s” is open again; a new review can be asked for.") % {"stage": passage.stage})
    return redirect("reviews:review", slug, stage)


def reopen_page(request: HttpRequest, passage: Passage, form: ReopenForm, *, status: int) -> HttpResponse:
    return render(request, "reviews/review_reopen.html", {"form": form, **frame(passage)}, status=status)
