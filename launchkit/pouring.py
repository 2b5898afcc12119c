"""Rows into tables by the shortest way an engine has: COPY on PostgreSQL, prepared inserts on SQLite.

Rows go in as the engine itself gave them out, with other keys. What an act would refuse is not looked at here; what
the database refuses (constraints, foreign keys) still is.
"""

import io
from collections.abc import Callable, Iterable
from typing import Any

from django.core.management.color import no_style
from django.db import connection
from django.db.models import Model

from launchkit.stencils import MARK, Holes, Values

Filler = Callable[[Values], Any]
ROOM = 1_000_000  # keys that one table may give out while a pattern is told


def begin_at_marks(models: list[type[Model]]) -> None:
    """The next keys of these tables are marks: each table has a range of its own."""
    with connection.cursor() as cursor:
        for number, model in enumerate(models, start=1):
            _begin_at(cursor, model, MARK + number * ROOM)


def end_of_marks(models: list[type[Model]]) -> None:
    """Keys go on behind the highest there is. SQLite has done so by itself."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)


def _begin_at(cursor: Any, model: type[Model], key: int) -> None:
    table = model._meta.db_table
    if connection.vendor == "postgresql":
        cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [f'"{table}"', key])
        return
    cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
    cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, key])


def taken(model: type[Model], condition: str, holes: Holes) -> list[Filler]:
    """The rows that fulfil a condition (SQL of our own making), each as a function of what fills its holes."""
    columns = _columns(model)
    query = f'SELECT {columns} FROM "{model._meta.db_table}" WHERE {condition}'  # noqa: S608
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            told = io.StringIO()
            cursor.copy_expert(f"COPY ({query}) TO STDOUT", told)
            return [holes.cut(line) for line in told.getvalue().split("\n")[:-1]]
        cursor.execute(query)
        return [_row(row, holes) for row in cursor.fetchall()]


def _row(row: tuple[Any, ...], holes: Holes) -> Filler:
    """A row of SQLite: cells that stay as they are, numbers that are keys, and texts with holes."""
    kept = list(row)
    texts = [(place, holes.cut(cell)) for place, cell in enumerate(row) if isinstance(cell, str) and holes.known(cell)]
    keys = [(place, holes.place(cell)) for place, cell in enumerate(row) if isinstance(cell, int) and cell >= MARK]

    def filled(values: Values) -> list[Any]:
        cells = kept.copy()
        for place, hole in keys:
            cells[place] = int(values[hole])
        for place, text in texts:
            cells[place] = text(values)
        return cells

    return filled


def pour(model: type[Model], rows: Iterable[Any]) -> None:
    """Rows as `taken` gave them, filled."""
    table, columns = model._meta.db_table, _columns(model)
    connection.ensure_connection()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.copy_expert(f'COPY "{table}" ({columns}) FROM STDIN', io.StringIO("\n".join(rows)))
        return
    marks = ", ".join("?" * len(model._meta.concrete_fields))
    connection.connection.executemany(f'INSERT INTO "{table}" ({columns}) VALUES ({marks})', rows)  # noqa: S608


def analyse() -> None:
    """Let the database look at what it holds now: it plans by that."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _columns(model: type[Model]) -> str:
    return ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields)
