"""What this installation is made of, and whether the parts fit together."""

import platform
from functools import cache
from importlib.metadata import version

from django.conf import settings
from django.core.checks import CheckMessage
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from operations import storage
from operations.findings import Finding, Level
from reviews import checks
from stages.models import Edition


def parts() -> list[tuple[str, str]]:
    """Each part with its version; the published editions last."""
    editions = Edition.objects.select_related("playbook").order_by("playbook__slug", "number")
    return [
        ("Launchkit", settings.VERSION),
        ("Python", platform.python_version()),
        ("Django", version("django")),
        ("Celery", version("celery")),
        ("WeasyPrint", version("weasyprint")),
        (_("Database"), storage.engine()),
        *((one.playbook.name, _("edition %(number)d") % {"number": one.number}) for one in editions),
    ]


def printing() -> Finding:
    """Can reports be made on this machine? Others may have a machine of their own for that."""
    return _printing(checks.pango())


def _printing(warnings: list[CheckMessage]) -> Finding:
    title = _("Making PDF")
    if warnings:
        advice = _("On a machine that makes reports: apt-get install libpango-1.0-0 libpangoft2-1.0-0.")
        return Finding("printing", title, Level.WATCH, _("Pango is missing on this machine."), advice)
    return Finding("printing", title, Level.FINE, _("All that it needs is on this machine."))


def missing_migrations() -> int:
    """How many steps the tables are behind this version; ahead of it, while a newer one is brought in, is fine."""
    return len(_steps() - set(MigrationRecorder(connection).applied_migrations()))


@cache
def _steps() -> frozenset[tuple[str, str]]:
    """Every step that this version knows; read once, for `/readyz` is asked every few seconds."""
    return frozenset(MigrationLoader(None).disk_migrations)


def tables() -> Finding:
    """Does the database answer, with every table that this version needs? If not, nothing else can be looked at."""
    key, title = "tables", _("Tables")
    try:
        missing = missing_migrations()
    except DatabaseError as error:
        told = _("The database does not answer: %(error)s") % {"error": str(error).strip()}
        return Finding(key, title, Level.ACT, told, _("See whether it runs, and whether DATABASE_URL names it."))
    if missing:
        told = ngettext("%(count)d step behind this version.", "%(count)d steps behind this version.", missing)
        return Finding(key, title, Level.ACT, told % {"count": missing}, _("Run: manage.py migrate."))
    return Finding(key, title, Level.FINE, _("As this version needs them."))
