"""How far the interface and the editions are translated, what a machine made, and who has read it."""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from django.conf import settings

from accounts import languages
from stages import catalogue
from stages.models import Edition

READ = re.compile(r"^# read: (.+), (\d{4}-\d\d-\d\d)$", re.MULTILINE)
EMPTY = re.compile(r'^msgstr(\[\d\])? ""$(?!\n")', re.MULTILINE)


@dataclass(frozen=True)
class Share:
    """Texts of one thing in one language. `readers` are native readers with the last day on which they read."""

    code: str
    name: str
    all: int
    there: int
    waiting: int  # machine-made, and no native reader has read them
    readers: tuple[tuple[str, date], ...] = ()


def interface() -> list[Share]:
    """The catalogs, in every language but English, in which the interface is written."""
    return [_catalog(code, name) for code, name in languages.offered().items() if code != "en"]


@cache
def _catalog(code: str, name: str) -> Share:
    """Counted once per process: a catalog changes with a new version only."""
    _header, *entries = _content(code).strip().split("\n\n")
    there = [entry for entry in entries if not EMPTY.search(entry)]
    read = [found for entry in there if (found := READ.findall(entry))]
    readers = {who: max(day for one in read for name, day in one if name == who) for one in read for who, _ in one}
    days = tuple((who, date.fromisoformat(day)) for who, day in sorted(readers.items()))
    return Share(code, name, len(entries), len(there), len(there) - len(read), days)


def forget() -> None:
    """Count anew: for tests, where a catalog may become another."""
    _catalog.cache_clear()


def _content(code: str) -> str:
    file = Path(settings.LOCALE_PATHS[0]) / code / "LC_MESSAGES" / "django.po"
    return file.read_text() if file.exists() else ""


def editions() -> list[tuple[Edition, list[Share]]]:
    """Every edition, newest first, with how far it is translated."""
    every = Edition.objects.select_related("playbook").order_by("playbook__slug", "-number")
    return [(one, of_edition(one)) for one in every]


def of_edition(edition: Edition) -> list[Share]:
    """The texts of an edition, in every language of the interface but its own."""
    offered = languages.offered().items()
    return [_share(edition, code, name) for code, name in offered if code != edition.language]


def _share(edition: Edition, code: str, name: str) -> Share:
    found, told = catalogue.of(edition.pk).languages, edition.translations.get(code, {})
    reader = ((told["read_by"], date.fromisoformat(told["read_on"])),) if told.get("read_by") else ()
    machine = told.get("made") == "machine" and not reader
    return Share(code, name, found[edition.language], found[code], found[code] if machine else 0, reader)
