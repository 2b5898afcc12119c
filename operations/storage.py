"""Where files and rows lie, how much they take, and how much room is left."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from django.core.files.storage import FileSystemStorage, default_storage
from django.db import connection
from django.db.models import Count, Q, Sum
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from checklists.models import DocumentVersion, Evidence
from operations.findings import Finding, Level
from reviews.models import Report

GIB = 1024**3
LITTLE, HARDLY_ANY = (2 * GIB, 0.10), (GIB // 2, 0.03)  # bytes, and share of the disk: the smaller one counts


def files() -> Finding:
    """What people handed in and what was made of it, by what the rows say; not by walking folders."""
    told = [_count(model) for model in (Evidence, DocumentVersion, Report)]
    count, size = sum(one for one, _size in told), sum(size for _one, size in told)
    sentence = ngettext("%(count)d file, %(size)s.", "%(count)d files, %(size)s together.", count)
    return Finding("files", _("Files"), Level.FINE, sentence % {"count": count, "size": filesizeformat(size)})


def _count(model) -> tuple[int, int]:
    has = Q(file__gt="")
    told = model.objects.aggregate(count=Count("pk", filter=has), size=Sum("size", filter=has))
    return told["count"], told["size"] or 0


def disks() -> list[Finding]:
    """The room left where files lie, if that is a disk, and where SQLite's database lies, if that is another one."""
    places: dict[int, Path] = {}
    for place in _places():
        there = next(parent for parent in (place, *place.parents) if parent.exists())
        places.setdefault(there.stat().st_dev, there)
    return [_room(place, *_usage(place)) for place in places.values()]


def _places() -> Sequence[Path]:
    storage = getattr(default_storage, "_wrapped", default_storage)
    found = [Path(storage.location)] if isinstance(storage, FileSystemStorage) else []
    return [*found, Path(connection.settings_dict["NAME"]).parent] if connection.vendor == "sqlite" else found


def _usage(place: Path) -> tuple[int, int]:
    usage = shutil.disk_usage(place)
    return usage.free, usage.total


def _room(place: Path, free: int, total: int) -> Finding:
    title = _("Room on the disk")
    told = {"free": filesizeformat(free), "total": filesizeformat(total), "place": place}
    sentence = _("%(free)s of %(total)s are free at %(place)s.") % told
    if free < min(HARDLY_ANY[0], HARDLY_ANY[1] * total):
        advice = _("Make room now: when none is left nothing more can be saved. What is saved stays whole.")
        return Finding("disk", title, Level.ACT, sentence, advice)
    if free < min(LITTLE[0], LITTLE[1] * total):
        return Finding("disk", title, Level.WATCH, sentence, _("Make room, or give it a larger disk, before long."))
    return Finding("disk", title, Level.FINE, sentence)


def database() -> Finding:
    sentence = _("%(engine)s, %(size)s.") % {"engine": engine(), "size": filesizeformat(_database_size())}
    return Finding("database", _("Database"), Level.FINE, sentence)


def engine() -> str:
    """The database with its version, as its maker writes it."""
    numbers = connection.get_database_version()
    return f"{connection.display_name} {'.'.join(str(number) for number in numbers)}"


def _database_size() -> int:
    if connection.vendor == "sqlite":
        name = connection.settings_dict["NAME"]
        parts = [Path(f"{name}{end}") for end in ("", "-wal")]
        return sum(part.stat().st_size for part in parts if part.exists())
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return cursor.fetchone()[0]
