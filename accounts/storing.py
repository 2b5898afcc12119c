"""Rows that every write stores, with SQL that is put together once: an answer, its tally, the trail and its head.

Django puts an INSERT or UPDATE together anew each time, field by field, which takes longer than storing it. What a
field's value is for the database is asked of the field, as ever.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from django.db import DatabaseError, connection, connections
from django.db.models import Field, Model

from accounts import planned


def insert(rows: Sequence[Model]) -> None:
    """New rows of one model, in one statement. Their keys are not read back."""
    model = type(rows[0])
    fields = _to_store(model)
    values = [value for row in rows for value in _values(row, fields)]
    _execute(model, f"{_into(model)} VALUES {', '.join([_places(model)] * len(rows))}", values)


def put(row: Model, *, once: tuple[str, ...]) -> None:
    """A row of which there is one for the columns `once`: a new one, or all else of the one that is there."""
    _execute(type(row), _put(type(row), once), _values(row, _to_store(type(row))))


def change(row: Model, names: tuple[str, ...]) -> None:
    """So many columns of a row that is there. DatabaseError when it is not."""
    key = row._meta.pk
    fields = [row._meta.get_field(name) for name in names]
    if _execute(type(row), _change(type(row), names), _values(row, [*fields, key])) != 1:
        raise DatabaseError(f"{row._meta.label} {row.pk} is not there any more.")


@cache
def _to_store(model: type[Model]) -> tuple[Field, ...]:
    """All but a key that the database gives."""
    return tuple(field for field in model._meta.concrete_fields if not field.db_returning)


@cache
def _places(model: type[Model]) -> str:
    return f"({', '.join(['%s'] * len(_to_store(model)))})"


@cache
def _into(model: type[Model]) -> str:
    return f"INSERT INTO {_table(model)} ({_listed(_to_store(model))})"


@cache
def _put(model: type[Model], once: tuple[str, ...]) -> str:
    fields = _to_store(model)
    others = [_quoted(field.column) for field in fields if field.name not in once]
    there = _listed([field for field in fields if field.name in once])
    new = ", ".join(f"{column} = EXCLUDED.{column}" for column in others)
    return f"{_into(model)} VALUES {_places(model)} ON CONFLICT ({there}) DO UPDATE SET {new}"


@cache
def _change(model: type[Model], names: tuple[str, ...]) -> str:
    said = ", ".join(f"{_quoted(model._meta.get_field(name).column)} = %s" for name in names)
    return f"UPDATE {_table(model)} SET {said} WHERE {_quoted(model._meta.pk.column)} = %s"  # noqa: S608 (our columns)


def _execute(model: type[Model], statement: str, values: Sequence[Any]) -> int:
    if connection.vendor == "postgresql":
        name = f"{model._meta.db_table}_stored"
        statement = planned.statement(connections["default"], name, statement, len(values))
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount


def _values(row: Model, fields: Iterable[Field]) -> list[Any]:
    return [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]


def _table(model: type[Model]) -> str:
    return _quoted(model._meta.db_table)


def _listed(fields: Iterable[Field]) -> str:
    return ", ".join(_quoted(field.column) for field in fields)


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
