"""Which notices come by mail: one's own page, and the links in the mails, which need no sign-in.

Whoever has a link can only stop mails of one kind to one person; the notices stay in the app.
"""

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts import choices, choosing, noticing
from accounts.forms import MailChoiceForm, OneClickForm
from accounts.kinds import Kind
from accounts.models import User


@require_http_methods(["GET", "HEAD", "POST"])
def mail_choices(request: HttpRequest) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    form = MailChoiceForm(data, chosen=choices.by_kind(request.user))
    if form.is_valid():
        choosing.choose(by=request.user, how=form.chosen)
        messages.success(request, _("Your choice is saved."))
        return redirect("accounts:mail_choices")
    context = {"form": form, "hour": noticing.DAILY_AT}
    return render(request, "accounts/mail_choices.html", context, status=422 if form.is_bound else 200)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Opening the link changes nothing, since mail programs open links by themselves; the button does."""
    if limited := ratelimit.consume_or_429(request, action="unsubscribe"):
        return limited
    person, kind = _told(token)
    if request.method == "POST":
        choosing.stop(by=person, kind=kind)
    return render(request, "accounts/unsubscribe.html", {"kind": kind, "stopped": request.method == "POST"})


@csrf_exempt  # a mail program posts this, without a page before it (RFC 8058)
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe_at_once(request: HttpRequest, token: str) -> HttpResponse:
    if limited := ratelimit.consume_or_429(request, action="unsubscribe"):
        return limited
    person, kind = _told(token)
    if request.method != "POST":
        return redirect("accounts:unsubscribe", token)
    if not OneClickForm(request.POST).is_valid():
        return HttpResponse(status=400)
    choosing.stop(by=person, kind=kind)
    return HttpResponse(status=204)


def _told(token: str) -> tuple[User, Kind | None]:
    if (found := choosing.read(token)) is None:
        raise Http404
    return found
