"""Is the process alive, and can it do its work? Neither needs a sign-in, and neither asks the broker."""

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

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
    executor = MigrationExecutor(connection)
    if missing := executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return JsonResponse({"status": "migrations are missing", "missing": len(missing)}, status=503)
    return JsonResponse({"status": "ok", "reports": press.backlog()})
