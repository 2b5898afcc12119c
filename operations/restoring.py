"""A backup becomes an installation again: all is looked at before anything is written; all of it is, or nothing.

The machine's doing, without an entry in the trail: what comes back is exactly what was taken, trail and all. A head of
the trail that was taken out after the backup tells an auditor that it happened.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection, transaction

from accounts import soundness
from operations import backup, processes, tables
from operations.archive import Opened, Unreadable
from operations.backup import FILES, LIST_OF_FILES, MISSING, ROWS
from operations.placing import Placing

MISSHAPEN = (LookupError, TypeError, AttributeError, ValueError)  # without its seal anybody may have written it
FOLDERS = ("evidence", "documents", "reports")


class Refused(Exception):
    """Nothing was written; `str()` says why, and what to do."""


@dataclass
class Restored:
    """What came back, counted in the new place and not taken from the list of contents."""

    contents: dict[str, Any]
    rows: int = 0
    files: int = 0
    chains: int = 0
    entries: int = 0
    lacking: list[str] = field(default_factory=list)  # files that were missing or altered when the backup was taken
    sealed: bool = True
    secret_kept: bool = True


def look(box: Opened, *, other_key: bool = False) -> None:
    """Raises `Refused` unless this version can restore the backup, and every part of it is what was written."""
    if not box.sealed and not other_key:
        raise Refused(
            "Its seal does not fit: either LAUNCHKIT_TRAIL_KEY is not the one it was made with, or it was altered. "
            "Set that key. If it is lost for good, say --other-key; the trail cannot be verified then."
        )
    try:
        _fits(box.contents)
        _check(box)
    except MISSHAPEN as error:
        raise Unreadable("Its list of contents is not as launchkit writes it.") from error


def _check(box: Opened) -> None:
    for table, told in box.contents["tables"].items():
        box.check(f"{ROWS}/{table}.jsonl", told["sha256"])
    box.check(LIST_OF_FILES, box.contents["files"]["sha256"])
    for one in _listed(box):
        box.check(f"{FILES}/{one['name']}", one["found"])


def _fits(contents: dict[str, Any]) -> None:
    """The tables must be those that the rows were taken from."""
    here, there = ({tuple(step) for step in steps} for steps in (backup.migrations(), contents["migrations"]))
    if there - here:
        raise Refused(
            f"It was made by launchkit {contents['version']}, with steps that the tables here do not have: "
            f"{_named(there - here)}. Run manage.py migrate; if that does not help, install that version."
        )
    if here - there:
        raise Refused(
            f"It was made by launchkit {contents['version']}, and the tables here have gone on since: "
            f"{_named(here - there)}. Restore it with that version, then install this one and migrate."
        )


def _named(steps: set[tuple[str, ...]]) -> str:
    told = [".".join(step) for step in sorted(steps)]
    return ", ".join(told[:3]) + (f" and {len(told) - 3} more" if len(told) > 3 else "")


def room(*, replace: bool) -> None:
    """Raises `Refused` where people work, or where something is that is not to be replaced."""
    if heard := [one.name for one in processes.known() if one.heard]:
        raise Refused(
            f"Processes of this installation were heard a moment ago: {', '.join(heard)}. Stop them first; "
            "one that was killed is forgotten after three minutes."
        )
    if replace:
        return
    if filled := [model._meta.db_table for model in tables.kept() if model._base_manager.exists()]:
        raise Refused(
            f"There is something here already ({', '.join(filled[:3])}). Restore into an empty database, "
            "with nothing done to it but manage.py migrate; or say --replace."
        )
    if any(_has_files(folder) for folder in FOLDERS):
        raise Refused("There are files here already. Restore into an empty place; or say --replace.")


def _has_files(folder: str) -> bool:
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return False
    return bool(files) or any(_has_files(f"{folder}/{one}") for one in folders)


def restore(box: Opened, *, replace: bool = False) -> Restored:
    """What `look` has looked at, into what `room` found. Raises `Refused`, and leaves all as it was."""
    former: set[str] = {one.name for one in backup.names()} if replace else set()
    try:
        with Placing() as files, transaction.atomic():
            restored = _restored(box, files)
    except (DatabaseError, OSError, SuspiciousFileOperation, Unreadable, Refused) as error:
        raise Refused(f"Nothing was restored: {str(error).strip()}") from error
    except MISSHAPEN as error:
        raise Refused("Nothing was restored: what is in it is not as launchkit writes it.") from error
    for name in former - {one.name for one in backup.names()}:
        default_storage.delete(name)
    return restored


def _restored(box: Opened, files: Placing) -> Restored:
    _rows(box)
    restored = Restored(box.contents, sealed=box.sealed, secret_kept=_opens(box.contents))
    _compare_rows(restored)
    _walk(restored)
    for one in _listed(box):
        with box.file.open(f"{FILES}/{one['name']}") as member:
            files.put(one["name"], member, one["found"])
        restored.files += 1
    restored.lacking = [f"{one['name']}: {one['state']}" for one in _all_listed(box) if one["state"] != backup.KEPT]
    os.sync()  # the files are safe before the rows that name them
    return restored


def _rows(box: Opened) -> None:
    told = box.contents["tables"]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
    tables.empty(tables.emptied())
    for model in tables.kept():
        tables.pour(model, box.lines(f"{ROWS}/{model._meta.db_table}.jsonl"))
    for model in tables.numbered(tables.kept()):
        tables.go_on_after(model, told[model._meta.db_table]["last_key"])
    connection.check_constraints()


def _compare_rows(restored: Restored) -> None:
    """Read every row again, out of the tables."""
    for model in tables.kept():
        told, count, sha256 = restored.contents["tables"][model._meta.db_table], *tables.digest(model)
        if (count, sha256) != (told["rows"], told["sha256"]):
            raise Refused(f"The table {model._meta.db_table} is not what it was: {count} of {told['rows']} rows.")
        restored.rows += count


def _walk(restored: Restored) -> None:
    """Every link of the trail must hold, under the key that made it."""
    for scope in soundness.scopes():
        walk = soundness.walk(scope)
        if walk.broken and restored.sealed:
            raise Refused(f"The trail does not hold: {walk.broken}")
        restored.chains, restored.entries = restored.chains + 1, restored.entries + walk.entries


def _listed(box: Opened) -> Iterator[dict[str, Any]]:
    """Each file that is in the box, once."""
    before = ""
    for one in _all_listed(box):
        if one["state"] != MISSING and one["name"] != before:
            before = one["name"]
            yield one


def _all_listed(box: Opened) -> Iterator[dict[str, Any]]:
    return (json.loads(line) for line in box.lines(LIST_OF_FILES))


def _opens(contents: dict[str, Any]) -> bool:
    """Can what is encrypted in the rows be read with the keys that are set here?"""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return contents["secret"] in {backup.secret(key, contents["made_at"]) for key in keys}
