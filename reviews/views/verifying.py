"""Is a report what it says it is? For anybody who holds a digest, without an account."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from reviews import verification
from reviews.views.queries import DigestForm


@login_not_required
@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    form = DigestForm(request.GET if "digest" in request.GET else None)
    if form.is_valid():
        return redirect("reviews:verify_digest", form.cleaned_data["digest"])
    return _page(request, {"form": form}, status=422 if form.is_bound else 200)


@login_not_required
@require_safe
def verify_digest(request: HttpRequest, digest: str) -> HttpResponse:
    wanted = verification.digest_in(digest)
    finding = verification.of(wanted) if wanted else None
    context = {"form": DigestForm(), "asked": wanted or digest[:80], "whole": bool(wanted), "finding": finding}
    return _page(request, context, status=200 if finding else 404)


def _page(request: HttpRequest, context: dict[str, object], *, status: int) -> HttpResponse:
    response = render(request, "reviews/verify.html", context, status=status)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
