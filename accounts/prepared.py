"""Queries of one shape, put into SQL once: what every page and every tick asks, with other values.

Django builds the SQL of a queryset anew each time, and PostgreSQL plans it anew, which takes longer than answering it.
A prepared query is built the first time, on each engine, and planned the first time on each connection; it is asked
with other values from then on.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any, Generic, NamedTuple, TypeVar

from django.db import connections
from django.db.models import QuerySet
from django.db.models.sql.compiler import SQLCompiler

from accounts import planned

R = TypeVar("R")
_MARKS = {int: 7_000_000_000_001, str: "\x02prepared"}  # stand for the values while the SQL is built; mean nothing else
_PLACE = "%s"
_numbers = count(1)


class Prepared(Generic[R]):
    """`build` is given as many values as there are `kinds` (int, str, or list: ids for an `__in`), and gives a
    queryset: of rows, with those joined to them, or of plain tuples. It may decide nothing by the values it is given.

    A query that locks (`select_for_update`) is asked inside a transaction only, as Django would demand each time.
    """

    def __init__(self, build: Callable[..., QuerySet], *kinds: type) -> None:
        self._build, self._kinds = build, kinds
        self._marks = [_MARKS[str] + str(n) if kind is str else _MARKS[int] + n for n, kind in enumerate(kinds)]
        self._written: dict[str, _Written] = {}

    def __call__(self, *values: int | str | list[int]) -> list[R]:
        """What the queryset would give for these values; in one query, or in none where a list of ids is empty."""
        asked = dict(zip(self._marks, values, strict=True))
        if any(kind is list and not value for kind, value in zip(self._kinds, values, strict=True)):
            return []
        connection = connections["default"]
        written = self._written.get(connection.vendor)
        if written is None:
            marks = zip(self._kinds, self._marks, strict=True)
            queryset = self._build(*([mark] if kind is list else mark for kind, mark in marks))
            written = self._written[connection.vendor] = _write(queryset)
        return written.ask(connection, asked)


@dataclass(frozen=True)
class _Asked:
    """What an iterable of rows wants of a query: who has put it into SQL."""

    compiler: SQLCompiler

    def get_compiler(self, using: str) -> SQLCompiler:
        return self.compiler


class _Written(NamedTuple):
    """A queryset with the compiler that has put it into SQL, and knows where in a row each column stands."""

    name: str
    queryset: QuerySet
    compiler: SQLCompiler
    converters: dict[int, Any]
    texts: list[str]  # between the places of the parameters
    params: tuple[Any, ...]

    def ask(self, connection: Any, asked: Mapping[Any, Any]) -> list[Any]:
        """The rows. Nothing of what is kept here is changed: other threads ask with it at the same time."""
        sql, params = self._filled(asked)
        if connection.vendor == "postgresql":
            sql = planned.statement(connection, self.name, sql, len(params))
        compiler = object.__new__(type(self.compiler))  # a copy, without what `copy` asks first
        compiler.__dict__ |= self.compiler.__dict__ | {
            "connection": connection,
            "as_sql": lambda: (sql, params),
            "get_converters": lambda columns: self.converters,
        }
        told = QuerySet(self.queryset.model, _Asked(compiler), connection.alias)
        return list(self.queryset._iterable_class(told))

    def _filled(self, asked: Mapping[Any, Any]) -> tuple[str, list[Any]]:
        """The SQL with its parameters; where ids were asked for there is a place for each of them."""
        sql, params = [self.texts[0]], []
        for param, text in zip(self.params, self.texts[1:], strict=True):
            value = asked.get(param, param)
            values = value if isinstance(value, list) else [value]
            params += values
            sql += [", ".join([_PLACE] * len(values)), text]
        return "".join(sql), params


def _moment(value: Any, expression: Any, connection: Any) -> Any:
    """A time as SQLite keeps it, in the zone of the connection: what Django's own makes of it, with fewer questions."""
    value = datetime.fromisoformat(value) if isinstance(value, str) else value
    return value and value.replace(tzinfo=connection.timezone)


_QUICKER = {"convert_datetimefield_value": _moment}


def _write(queryset: QuerySet) -> _Written:
    compiler = queryset.query.get_compiler("default")
    sql, params = compiler.as_sql()
    columns = [one[0] for one in compiler.select[: compiler.col_count]]
    converters = {
        place: ([_QUICKER.get(one.__name__, one) for one in ones], column)
        for place, (ones, column) in compiler.get_converters(columns).items()
    }
    name = f"{queryset.model._meta.db_table}_{next(_numbers)}"
    return _Written(name, queryset, compiler, converters, sql.split(_PLACE), params)
