"""Is the process alive, and can it do its work? Neither needs a sign-in, and neither asks the broker."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from operations import versions
from reviews import press


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers; nothing else is asked."""
    return JsonResponse({"status": "ok"})


@login_not_required
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Ready to serve: the database answers and has every table this version needs, else 503.

    A missing broker is no reason to take no requests: reports that could not be sent yet are only counted.
    """
    if missing := versions.missing_migrations():
        return JsonResponse({"status": "migrations are missing", "missing": missing}, status=503)
    return JsonResponse({"status": "ok", "reports": press.backlog()})
