"""What of the database goes into a backup, and its rows as lines that both engines give out and take in alike.

A line is one JSON list, in the order of the model's columns: numbers, texts and truth values as themselves, moments in
UTC, days, UUIDs and JSON as text (JSON with its keys sorted, since PostgreSQL keeps no order). So a table has the same
lines, and the same digest, on whichever engine it lies.
"""

import hashlib
import io
import json
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import AutoField, CharField, Field, JSONField, Model, TextField
from django.db.models.functions import Cast, Collate

AT_ONCE = 200  # rows held in memory; a picture for a review may have some hundred kilobytes
# Of the moment: who is signed in where, which process was heard. A session in a stolen backup would open an account.
MOMENTARY = {"sessions.Session", "usersessions.UserSession", "operations.Heartbeat"}
MADE_BY_MIGRATE = {"contenttypes", "auth"}  # the same in every installation, and nothing of ours names their rows


def kept() -> list[type[Model]]:
    """The tables that a backup holds, by name."""
    found = [model for model in _managed() if model._meta.label not in MOMENTARY]
    return sorted(found, key=lambda model: model._meta.db_table)


def emptied() -> list[type[Model]]:
    """The tables that hold nothing of before when something else is restored."""
    return _managed()


def _managed() -> list[type[Model]]:
    every = apps.get_models(include_auto_created=True)
    return [model for model in every if model._meta.app_label not in MADE_BY_MIGRATE]


def columns(model: type[Model]) -> list[str]:
    return [field.column for field in model._meta.concrete_fields]


def lines(model: type[Model]) -> Iterator[bytes]:
    """Every row, in the order of its key."""
    fields = model._meta.concrete_fields
    told = [Cast(field.attname, TextField()) if isinstance(field, JSONField) else field.attname for field in fields]
    places = [place for place, field in enumerate(fields) if isinstance(field, JSONField)]
    for row in model._base_manager.order_by(_key(model)).values_list(*told).iterator(chunk_size=AT_ONCE):
        yield _line(list(row), places)


def digest(model: type[Model]) -> tuple[int, str]:
    """How many rows there are, and the SHA-256 of their lines."""
    count, sha256 = 0, hashlib.sha256()
    for count, line in enumerate(lines(model), start=1):  # noqa: B007 - the last number is the count
        sha256.update(line)
    return count, sha256.hexdigest()


def _key(model: type[Model]) -> str | Collate:
    """Texts in the order of their characters, whatever the language of the database."""
    if isinstance(model._meta.pk, CharField):
        return Collate("pk", "C" if connection.vendor == "postgresql" else "BINARY")
    return "pk"


def _line(row: list[Any], json_places: list[int]) -> bytes:
    for place in json_places:
        if row[place] is not None:
            row[place] = json.dumps(json.loads(row[place]), sort_keys=True, ensure_ascii=False)
    return json.dumps(row, default=str, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def pour(model: type[Model], told: Iterable[bytes]) -> None:
    """Rows into an empty table. What the database refuses raises its error; nothing else is looked at."""
    rows = (json.loads(line) for line in told)
    table, names = model._meta.db_table, ", ".join(f'"{name}"' for name in columns(model))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            while batch := "".join(_as_copied(row) for row in islice(rows, AT_ONCE)):
                cursor.copy_expert(f'COPY "{table}" ({names}) FROM STDIN', io.StringIO(batch))
            return
        marks = ", ".join(["?"] * len(columns(model)))
        cells = [_as_kept_by_sqlite(field) for field in model._meta.concrete_fields]
        told_to_sqlite = ([take(cell) for take, cell in zip(cells, row, strict=True)] for row in rows)
        connection.connection.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', told_to_sqlite)  # noqa: S608


ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def _as_copied(row: list[Any]) -> str:
    """The text form of COPY; PostgreSQL reads moments, UUIDs and JSON as they are written here."""
    return "\t".join("\\N" if cell is None else str(cell).translate(ESCAPED) for cell in row) + "\n"


def _as_kept_by_sqlite(field: Field) -> Callable[[Any], Any]:
    """How Django lays down what SQLite has no type of its own for."""
    kind = field.get_internal_type()
    if kind not in {"DateTimeField", "UUIDField"}:
        return lambda cell: cell
    return lambda cell: cell if cell is None else field.get_db_prep_save(field.to_python(cell), connection)


def empty(models: list[type[Model]]) -> None:
    """Take every row away, inside a transaction. The guard of the trail gives way to this, and to nothing else."""
    names = [f'"{model._meta.db_table}"' for model in models]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL launchkit.restoring = 'yes'")
            cursor.execute(f"TRUNCATE {', '.join(names)}")
            cursor.execute("SET LOCAL launchkit.restoring = 'no'")
            return
        for name in names:
            cursor.execute(f"DELETE FROM {name}")  # noqa: S608 - the names of our own tables


def numbered(models: list[type[Model]]) -> list[type[Model]]:
    """Those whose keys the database gives out."""
    return [model for model in models if isinstance(model._meta.pk, AutoField)]


def last_key(model: type[Model]) -> int:
    """The last key that was given out, be its row there or not: a key is never given twice."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [f'"{table}"', model._meta.pk.column])
            cursor.execute(f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {cursor.fetchone()[0]}")  # noqa: S608
        else:
            cursor.execute("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = %s", [table])
        return cursor.fetchone()[0]


def go_on_after(model: type[Model], key: int) -> None:
    """The next key that the database gives out is the one behind `key`."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            told = [f'"{table}"', model._meta.pk.column, max(key, 1), key > 0]
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, %s), %s, %s)", told)
            return
        cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
        cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, key])
