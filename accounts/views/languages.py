from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accounts import profiling
from accounts.forms import LanguageForm


@login_not_required
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """The pages in another language from now on: for this person, and in this browser."""
    form = LanguageForm(request.POST)
    if not form.is_valid():
        return redirect("/")
    code = form.cleaned_data["language"]
    if request.user.is_authenticated:
        profiling.speak(by=request.user, language=code)
    back = form.cleaned_data["next"]
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return remember(HttpResponseRedirect(back if safe and back.startswith("/") else "/"), code)


def remember(response: HttpResponse, code: str) -> HttpResponse:
    """Keep the language in this browser, also for who is not signed in; without one, forget it."""
    name = settings.LANGUAGE_COOKIE_NAME
    where = {"path": settings.LANGUAGE_COOKIE_PATH, "samesite": settings.LANGUAGE_COOKIE_SAMESITE}
    if not code:
        response.delete_cookie(name, **where)
        return response
    safe = {"secure": settings.LANGUAGE_COOKIE_SECURE, "httponly": settings.LANGUAGE_COOKIE_HTTPONLY}
    response.set_cookie(name, code, max_age=settings.LANGUAGE_COOKIE_AGE, **where, **safe)
    return response
