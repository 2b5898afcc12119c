"""Is the process alive, and can it do its work? Neither needs a sign-in, and neither asks the broker.

A web server is taken out of rotation when another one would do better, or when no page can be answered at all: the
database is away or behind this version, or this server has no static files to link to. What all share and pages can do
without is no such reason: a missing broker or worker delays a report (it stands in a row and is sent later), a full
or missing file store refuses uploads with a sentence. Going red for these would make an outage of a delay; the
operations page and `manage.py doctor` speak of them.
"""

import logging

from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles.storage import staticfiles_storage
from django.db import Error, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from operations import versions
from reviews import press

log = logging.getLogger(__name__)


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers; nothing else is asked."""
    return JsonResponse({"status": "ok"})


@login_not_required
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Reports that wait, and those no worker has heard of, are only counted. Details of a fault go to the log."""
    try:
        if missing := versions.missing_migrations():
            return _not_ready("migrations are missing", missing=missing)
        if not getattr(staticfiles_storage, "hashed_files", True):
            return _not_ready("static files are not collected")
        return JsonResponse({"status": "ok", "reports": press.backlog()})
    except Error as error:
        log.warning("not ready: %s", error)
        connection.close()  # a broken one is not asked again
        return _not_ready("the database does not answer")


def _not_ready(status: str, **more: object) -> JsonResponse:
    return JsonResponse({"status": status, **more}, status=503, headers={"Retry-After": "5"})
