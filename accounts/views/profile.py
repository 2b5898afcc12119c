from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts import authenticators, profiling, rosters, sessions
from accounts.forms import EndSessionForm, ProfileForm
from accounts.views.languages import remember


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    form = ProfileForm(request.POST if request.method == "POST" else None, person=request.user)
    if form.is_valid():
        profiling.change(by=request.user, **form.cleaned_data)
        messages.success(request, _("Your profile is saved."))
        return remember(redirect("accounts:profile"), form.cleaned_data["language"])
    context = {
        "form": form,
        "step": authenticators.of(request.user),
        "asking": rosters.asking(request.user),
        "sessions": sessions.of(request.user, key=request.session.session_key),
        "memberships": rosters.memberships(request.user),
        "site_roles": rosters.site_words(request.user),
    }
    return render(request, "accounts/profile.html", context, status=422 if form.is_bound else 200)


@require_POST
def end_sessions(request: HttpRequest) -> HttpResponse:
    form = EndSessionForm(request.POST)
    only = form.cleaned_data["session"] if form.is_valid() else 0
    ended = sessions.end(request.user, keep=request.session.session_key, only=only)
    told = ngettext("Signed out on %(count)d device.", "Signed out on %(count)d devices.", ended)
    messages.success(request, told % {"count": ended})
    return redirect("accounts:profile")
