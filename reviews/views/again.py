"""Taking the picture again while a review waits."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.acts import Act
from accounts.refusals import Refusal
from reviews import access, submitting
from reviews.forms import AskForm
from reviews.gate import confirmed
from reviews.models import Review
from reviews.views.records import frame
from stages import catalogue, chains
from stages.access import passage_for


@require_http_methods(["GET", "HEAD", "POST"])
def ask_again(request: HttpRequest, slug: str, stage: str) -> HttpResponse:
    review = access.open_review_or_404(passage_for(request, slug, stage, Act.SUBMIT))
    chains.refuse_archived(review.passage.service)
    form = form_of(request, review)
    if not form.is_valid():
        return again_page(request, review, form, status=422 if form.is_bound else 200)
    told = {"note": form.cleaned_data["note"], "confirmations": form.confirmations}
    try:
        submitting.ask_again(by=request.user, review=review, **told)
    except Refusal as refusal:
        form.refuse(refusal)
        return again_page(request, review, form, status=refusal.status)
    messages.success(request, _("The picture is taken again. The one before is kept with the withdrawn review."))
    return redirect("reviews:review", slug, stage)


def form_of(request: HttpRequest, review: Review) -> AskForm:
    """The form as it was sent, or with what was said the last time."""
    passage = review.passage
    sheet = catalogue.of(passage.service.edition_id).sheet_by_id(passage.stage_id)
    data = request.POST if request.method == "POST" else None
    return AskForm(data, criteria=sheet.criteria, initial=AskForm.said(review.note, confirmed(passage)))


def again_page(request: HttpRequest, review: Review, form: AskForm, *, status: int) -> HttpResponse:
    context = {"form": form, "review": review, **frame(review.passage)}
    return render(request, "reviews/review_again.html", context, status=status)
