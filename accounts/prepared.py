"""Queries of one shape, put into SQL once: what every page and every tick asks, with other values.

Django builds the SQL of a queryset anew each time, which takes longer than the database takes to answer. A prepared
query builds it the first time, on each engine, and is asked with other values from then on.
"""

from collections.abc import Callable
from copy import copy
from typing import Any, Generic, NamedTuple, TypeVar

from django.db import connections
from django.db.models import QuerySet
from django.db.models.sql.compiler import SQLCompiler

R = TypeVar("R")
_MARKS = {int: 7_000_000_000_001, str: "\x02prepared"}  # stand for the values while the SQL is built; mean nothing else


class Prepared(Generic[R]):
    """`build` is given as many values as there are `kinds` (int or str), and gives a queryset: of rows, with those
    joined to them, or of plain values. It may decide nothing by the values it is given.

    A query that locks (`select_for_update`) is asked inside a transaction only, as Django would demand each time.
    """

    def __init__(self, build: Callable[..., QuerySet], *kinds: type[int] | type[str]) -> None:
        self._build = build
        self._marks = [_MARKS[kind] + kind(place) for place, kind in enumerate(kinds)]
        self._written: dict[str, _Written] = {}

    def __call__(self, *values: int | str) -> list[R]:
        """What the queryset would give for these values; in one query."""
        asked = dict(zip(self._marks, values, strict=True))
        connection = connections["default"]
        written = self._written.get(connection.vendor)
        if written is None:
            written = self._written[connection.vendor] = _write(self._build(*self._marks))
        return written.ask(connection, [asked.get(param, param) for param in written.params])


class _Written(NamedTuple):
    """A queryset with the compiler that has put it into SQL, and knows where in a row each column stands."""

    queryset: QuerySet
    compiler: SQLCompiler
    converters: dict[int, Any]
    sql: str
    params: tuple[Any, ...]

    def ask(self, connection: Any, params: list[Any]) -> list[Any]:
        """The rows. Nothing of what is kept here is changed: other threads ask with it at the same time."""
        compiler, query = copy(self.compiler), copy(self.queryset.query)
        compiler.connection, compiler.query = connection, query
        compiler.as_sql = lambda: (self.sql, params)
        compiler.get_converters = lambda columns: self.converters
        query.get_compiler = lambda using: compiler
        asked = QuerySet(self.queryset.model, query, connection.alias)
        asked._fields = self.queryset._fields
        return list(self.queryset._iterable_class(asked))


def _write(queryset: QuerySet) -> _Written:
    compiler = queryset.query.get_compiler("default")
    sql, params = compiler.as_sql()
    columns = [one[0] for one in compiler.select[: compiler.col_count]]
    return _Written(queryset, compiler, compiler.get_converters(columns), sql, params)
