"""What a person sees when something is refused or broken: a sentence, never a traceback."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", status=403)


def unavailable(request: HttpRequest) -> HttpResponse:
    """The database cannot be reached or is locked: ask the browser to come back soon.

    Rendered without the request, whose person and session are in that same database.
    """
    return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": "5"})
