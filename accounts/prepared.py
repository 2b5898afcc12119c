"""Queries of one shape, put into SQL once: what every page and every tick asks, with other ids.

Django builds the SQL of a queryset anew each time, which takes longer than the database takes to answer. A prepared
query builds it the first time, on each engine, and is asked with other ids from then on.
"""

from collections.abc import Callable
from typing import Generic, TypeVar

from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.query import RawQuerySet

M = TypeVar("M", bound=Model)
_MARK = 7_000_000_000_001  # stands for the first id while the SQL is built, and means nothing else


class Prepared(Generic[M]):
    """`build` is given so many ids as the query is asked with, and gives a queryset: whole rows of one model, and
    annotations. It may decide nothing by their values. People and other rows are not joined: they are asked for apart.
    """

    def __init__(self, build: Callable[..., QuerySet[M]], ids: int) -> None:
        self._build, self._marks = build, [_MARK + place for place in range(ids)]
        self._built: dict[str, tuple[type[M], str, list[object]]] = {}

    def __call__(self, *ids: int) -> RawQuerySet:
        """The rows, with annotations as attributes (a truth may be 0 or 1)."""
        model, sql, params = self._built.get(connection.vendor) or self._new(connection.vendor)
        asked = dict(zip(self._marks, ids, strict=True))
        return model.objects.raw(sql, [asked.get(param, param) for param in params])

    def _new(self, vendor: str) -> tuple[type[M], str, list[object]]:
        queryset = self._build(*self._marks)
        sql, params = queryset.query.sql_with_params()
        self._built[vendor] = (queryset.model, sql, list(params))
        return self._built[vendor]
