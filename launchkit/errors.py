"""What a person sees when something is refused or broken: a sentence, never a traceback."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.defaults import server_error
from django_htmx.http import reswap, retarget

from accounts import origins
from accounts.refusals import Refusal

OUT_OF_REACH = (OperationalError, InterfaceError)  # gone, locked, full; or a connection that was cut


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", status=403)


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """A page with the sentence and a way back; to htmx only a notice on top, so that nothing typed is lost."""
    if request.htmx:
        told = {"sentence": refusal, "kind": "error"}
        notice = render(request, "components/_notice.html", told, status=refusal.status)
        return reswap(retarget(notice, "#messages"), "innerHTML show:top")
    context = {"refusal": refusal, "status": refusal.status, "back": origins.came_from(request)}
    return render(request, "refused.html", context, status=refusal.status)


def malformed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Reads nothing of the request again, as Django's own page does for its token: the form may be what is broken."""
    return HttpResponse(render_to_string("400.html"), status=400)


def unavailable(request: HttpRequest) -> HttpResponse:
    """The database cannot be reached or is locked: ask the browser to come back soon.

    Rendered without the request, whose person and session are in that same database.
    """
    return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": "5"})


def broken(request: HttpRequest) -> HttpResponse:
    """What nothing else has caught, before, in or after a view: the session and the person are read before it."""
    if isinstance(sys.exception(), OUT_OF_REACH):
        return unavailable(request)
    return server_error(request)
