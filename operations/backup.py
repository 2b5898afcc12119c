"""Everything an installation knows, taken at one moment while people go on writing: rows, and the files they name.

Keys are never in it. Without them nobody can go on where it ended: they are kept elsewhere.
"""

import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import FileField, Model
from django.utils import timezone
from django.utils.crypto import salted_hmac

from operations import archive, tables
from operations.archive import CHUNK, Box

ROWS, FILES, LIST_OF_FILES = "rows", "files", "files.jsonl"
KEPT, ALTERED, MISSING = "kept", "altered", "missing"


@dataclass(frozen=True)
class Named:
    """A file that a row names, with the digest that the row says."""

    table: str
    key: int
    name: str
    sha256: str

    def __str__(self) -> str:
        return f"{self.name} ({self.table} {self.key})"


@dataclass
class Files:
    """What was found of the files: how many were taken, and which are not what their rows say."""

    count: int = 0
    size: int = 0
    altered: int = 0
    missing: int = 0
    sha256: str = ""


def take(path: Path, *, lacks: Callable[[str, Named], None]) -> dict[str, Any]:
    """Write a backup to `path` and return its list of contents. OSError when there is no room for it.

    A file that is gone or altered is said to `lacks`, noted in the backup, and stops nothing.
    """
    with archive.written(path) as box, one_moment():
        at = timezone.now().isoformat()
        contents = {
            "made_at": at,
            "version": settings.VERSION,
            "engine": connection.vendor,
            "migrations": migrations(),
            "secret": secret(settings.SECRET_KEY, at),
            "tables": {model._meta.db_table: _rows(box, model) for model in tables.kept()},
            "files": asdict(_files(box, lacks)),
        }
        box.close(contents)
    return contents


@contextmanager
def one_moment() -> Iterator[None]:
    """All that is read inside was there together, whoever writes meanwhile; nobody waits for it."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with transaction.atomic():
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                cursor.execute("SET LOCAL statement_timeout = 0")
                yield
            return
        cursor.execute("BEGIN DEFERRED")  # atomic() would take the lock of those who write
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def migrations() -> list[list[str]]:
    """The steps that made these tables what they are."""
    return sorted(list(step) for step in MigrationRecorder(connection).applied_migrations())


def secret(key: str, at: str) -> str:
    """By this it is seen whether what is encrypted in the rows can be read under a key, not what the key is."""
    return salted_hmac("launchkit.backup", at, secret=key, algorithm="sha256").hexdigest()


def _rows(box: Box, model: type[Model]) -> dict[str, Any]:
    count = 0

    def counted() -> Iterator[bytes]:
        nonlocal count
        for count, line in enumerate(tables.lines(model), start=1):  # noqa: B007 - the last number is the count
            yield line

    with closing(counted()) as rows:  # on a full disk too the cursor ends before its transaction
        taken = box.put(f"{ROWS}/{model._meta.db_table}.jsonl", rows)
    last = {"last_key": tables.last_key(model)} if tables.numbered([model]) else {}
    return {"columns": tables.columns(model), "rows": count, "sha256": taken.sha256, **last}


def _files(box: Box, lacks: Callable[[str, Named], None]) -> Files:
    """Each file once, and a line on each row that names one."""
    found, name, sha256 = Files(), "", ""
    with tempfile.TemporaryFile() as told:
        for named in names():
            if named.name != name:  # several rows may name the same file, one after the other
                name, sha256 = named.name, _take(box, named.name, found)
            state = MISSING if not sha256 else KEPT if sha256 == named.sha256 else ALTERED
            if state != KEPT:
                setattr(found, state, getattr(found, state) + 1)
                lacks(state, named)
            told.write(json.dumps({**asdict(named), "state": state, "found": sha256}).encode() + b"\n")
        told.seek(0)
        found.sha256 = box.put(LIST_OF_FILES, told).sha256
    return found


def names() -> Iterator[Named]:
    """Every file that a row names."""
    for model in tables.kept():
        for field in model._meta.concrete_fields:
            if isinstance(field, FileField):
                rows = model._base_manager.exclude(**{field.attname: ""}).order_by(field.attname, "pk")
                for pk, name, sha256 in rows.values_list("pk", field.attname, "sha256").iterator():
                    yield Named(model._meta.db_table, pk, name, sha256)


def _take(box: Box, name: str, found: Files) -> str:
    """Take one file as it is; gives its digest, "" when it is gone."""
    try:
        file = default_storage.open(name)
    except OSError:
        return ""
    with file:
        taken = box.put(f"{FILES}/{name}", _read(file), packed=False)
    found.count, found.size = found.count + 1, found.size + taken.size
    return taken.sha256


def _read(file: Any) -> Iterator[bytes]:
    """Up to where it can be read: the digest tells that something is missing."""
    try:
        while chunk := file.read(CHUNK):
            yield chunk
    except OSError:
        return


def digest_of(name: str) -> str:
    """SHA-256 of a file in the storage; "" when it is not there."""
    digest = hashlib.sha256()
    try:
        with default_storage.open(name) as file:
            for chunk in _read(file):
                digest.update(chunk)
    except OSError:
        return ""
    return digest.hexdigest()
