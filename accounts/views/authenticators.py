"""Pages of one's own second step. What changes or shows a secret asks for a fresh sign-in."""

from collections.abc import Callable

from allauth.account.decorators import reauthentication_required
from allauth.mfa.totp.internal.auth import clear_totp_secret
from allauth.mfa.webauthn.internal.auth import begin_registration
from allauth.mfa.webauthn.views import ReauthenticateWebAuthnView
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import authenticators, securing, sessions
from accounts.access import people_for
from accounts.authenticator_forms import NAME_LENGTH, AppForm, PasskeyForm, PasskeyNameForm
from accounts.models import User

fresh = reauthentication_required(app="allauth.mfa")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@fresh
def app(request: HttpRequest) -> HttpResponse:
    if authenticators.of(request.user).app:
        return redirect("accounts:profile")
    form = AppForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_valid():
        return _added(request, securing.add_app, secret=form.secret)
    context = {"form": form, "poster": authenticators.poster(request.user, form.secret), "crumbs": crumbs()}
    return render(request, "accounts/second_step/app.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@fresh
def passkey_new(request: HttpRequest) -> HttpResponse:
    name = sessions.browser(request.headers.get("User-Agent", ""))[:NAME_LENGTH]
    form = PasskeyForm(request.POST if request.method == "POST" else None, user=request.user, initial={"name": name})
    if form.is_valid():
        return _added(request, securing.add_passkey, **form.cleaned_data)
    context = {"form": form, "crumbs": crumbs(), "possible": authenticators.passkeys_work_at(request.get_host())}
    context["options"] = begin_registration(request.user, True)
    return render(request, "accounts/second_step/passkey_new.html", context, status=422 if form.is_bound else 200)


def _added(request: HttpRequest, act: Callable[..., object], **given: object) -> HttpResponse:
    """With the first way come recovery codes, and they are to be kept before anything else is done.

    Who signed in elsewhere by password alone, before there was a second step, has to sign in with it.
    """
    first = not authenticators.of(request.user)
    act(by=request.user, **given)
    clear_totp_secret(request)
    messages.success(request, _("From now on it is asked for when you sign in."))
    if first and (ended := sessions.end(request.user, keep=request.session.session_key)):
        told = ngettext("Signed out on %(count)d device.", "Signed out on %(count)d devices.", ended)
        messages.success(request, told % {"count": ended})
    return redirect("accounts:codes" if first else "accounts:profile")


@require_http_methods(["GET", "HEAD", "POST"])
@fresh
def passkey(request: HttpRequest, pk: int) -> HttpResponse:
    found = _own(request, pk, authenticators.PASSKEY)
    form = PasskeyNameForm(request.POST if request.method == "POST" else None, initial={"name": found.name})
    if form.is_valid():
        securing.rename_passkey(by=request.user, pk=pk, name=form.cleaned_data["name"])
        messages.success(request, _("The name is saved."))
        return redirect("accounts:profile")
    context = {"form": form, "passkey": found, "crumbs": crumbs()}
    return render(request, "accounts/second_step/passkey.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@fresh
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    found = _own(request, pk)
    if request.method == "POST":
        left = securing.remove(by=request.user, pk=pk)
        messages.success(request, _("Removed.") if left else _("Removed. Your password alone opens your account now."))
        return redirect("accounts:profile")
    context = {"found": found, "last": len(list(authenticators.of(request.user))) == 1, "crumbs": crumbs()}
    return render(request, "accounts/second_step/remove.html", context)


def _own(request: HttpRequest, pk: int, kind: str = "") -> authenticators.Kept:
    found = authenticators.one(request.user, pk)
    if found is None or kind not in ("", found.kind):
        raise Http404
    return found


@require_safe
@never_cache
@fresh
def codes(request: HttpRequest) -> HttpResponse:
    step = authenticators.of(request.user)
    return render(request, "accounts/second_step/codes.html", {"step": step, "crumbs": crumbs()})


@require_safe
@never_cache
@fresh
def codes_file(request: HttpRequest) -> HttpResponse:
    context = {"step": authenticators.of(request.user), "person": request.user}
    page = render(request, "accounts/second_step/codes.txt", context, content_type="text/plain; charset=utf-8")
    page["Content-Disposition"] = 'attachment; filename="launchkit-recovery-codes.txt"'
    return page


@require_http_methods(["GET", "HEAD", "POST"])
@fresh
def codes_new(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        securing.renew_codes(by=request.user)
        messages.success(request, _("These are your new recovery codes. The former ones no longer work."))
        return redirect("accounts:codes")
    step = authenticators.of(request.user)
    return render(request, "accounts/second_step/codes_new.html", {"step": step, "crumbs": crumbs()})


@require_POST
def remove_all(request: HttpRequest, pk: int) -> HttpResponse:
    return _remove_all(request, get_object_or_404(people_for(request), pk=pk))


@fresh
def _remove_all(request: HttpRequest, person: User) -> HttpResponse:
    securing.remove_all(by=request.user, person=person)
    messages.success(request, _("The second step of %(name)s is removed.") % {"name": person})
    return redirect("accounts:person", person.pk)


class PasskeyAgainView(ReauthenticateWebAuthnView):
    """A passkey that does not fit is asked for once more, where allauth would show the sign-in page."""

    def form_invalid(self, form: object) -> HttpResponse:
        super().form_invalid(form)
        return redirect(self.passthrough_next_url(self.request.path))


def crumbs() -> list[tuple[object, str]]:
    return [(_("Profile"), reverse("accounts:profile"))]
