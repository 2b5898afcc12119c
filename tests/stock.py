"""What many tests stand on: built once per process by the product's own functions, then laid down as the same rows.

A stage is answered by some fifty acts, and hundreds of tests begin where that is done. The rows that building left
behind, keys and trail included, are remembered and written again by a handful of inserts: the same state, sooner.
"""

import contextlib
import itertools
import re
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import Model

ROOMS = {"accounts", "stages", "checklists", "reviews"}
TRUSTED, CHECKED = (b"SET LOCAL session_replication_role = " + role for role in (b"replica", b"origin"))
INSERT = re.compile(rb'INSERT INTO ("\w+") (\([^)]*\)) (?:VALUES|SELECT)')
RETURNING = re.compile(rb' RETURNING "[^()]*$')
GOES_ON = "SELECT setval(%s, greatest(%s, pg_sequence_last_value(%s)))"
Statement = tuple[str, Sequence[object]]


@dataclass
class Layer:
    """The rows of a state. To put them into SQL takes longer than to write them, and is done once."""

    new: dict[type[Model], list[Model]]
    changed: list[Model]
    statements: Sequence[Statement] = ()
    converted: Sequence[Statement] = ()
    text: bytes = b""

    @transaction.atomic
    def lay(self) -> None:
        """At once, for rows name each other."""
        if not self.statements:
            self.statements = self._written()
            return
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.cursor.execute(self._spelled_out(cursor))
                return
            for sql, params in self._converted(cursor):
                connection.connection.execute(sql, params)

    def _written(self) -> list[Statement]:
        """Write them through the models; the statements that this came to."""
        heard: list[Statement] = []

        def hear(execute, sql: str, params: Sequence[object], many: bool, context: dict[str, object]) -> object:
            heard.append((sql, params))
            return execute(sql, params, many, context)

        with connection.execute_wrapper(hear):
            for model, rows in self.new.items():
                model._base_manager.bulk_create(rows)
            for row in self.changed:
                row.save_base(raw=True, force_update=True)
        return heard + self._counted_on()

    def _counted_on(self) -> list[Statement]:
        """New keys come after those of these rows, also when a test before has set the counters back."""
        if connection.vendor != "postgresql":
            return []
        with connection.cursor() as cursor:
            told = [
                (GOES_ON, [counter["name"], max(row.pk for row in rows), counter["name"]])
                for model, rows in self.new.items()
                for counter in connection.introspection.get_sequences(cursor, model._meta.db_table)
            ]
            for sql, params in told:
                cursor.execute(sql, params)
        return told

    def _converted(self, cursor: CursorWrapper) -> Sequence[Statement]:
        """With the places of SQLite for Django's: to look for thousands of them takes longer than to fill them."""
        if not self.converted:
            self.converted = [(cursor.cursor.convert_query(sql), params) for sql, params in self.statements]
        return self.converted

    def _spelled_out(self, cursor: CursorWrapper) -> bytes:
        """A call of the server's own that copies all rows to their places: read once, and planned once.

        Whom each row names was looked up when it was built; whoever may leaves that aside now.
        """
        if not self.text:
            with _aside() as aside:
                told = [_kept(aside, cursor.mogrify(sql, params)) for sql, params in self.statements]
                self.text = _called(aside, [TRUSTED, *told, CHECKED] if may_trust(cursor) else told)
        return self.text


@contextlib.contextmanager
def _aside() -> Iterator[Any]:
    """A connection of its own: what it makes stays, whatever becomes of the test."""
    other = connection.copy()
    with contextlib.closing(other), other.cursor() as cursor:
        cursor.execute("CREATE SCHEMA IF NOT EXISTS stock")
        yield cursor.cursor


def _kept(aside: Any, statement: bytes) -> bytes:
    """An insert's rows are kept in a table of their own, to be copied from there; what asks is only done."""
    found = INSERT.match(statement)
    if not found:
        return re.sub(rb"^SELECT", b"PERFORM", statement)
    table, columns = found.groups()
    kept = f"stock.kept_{next(_number)}".encode()
    aside.execute(b"CREATE UNLOGGED TABLE %b (LIKE %b)" % (kept, table))
    aside.execute(RETURNING.sub(b"", statement).replace(b"INTO " + table, b"INTO " + kept, 1))
    return b"INSERT INTO %b %b SELECT %b FROM %b" % (table, columns, columns.strip(b"()"), kept)


def _called(aside: Any, statements: list[bytes]) -> bytes:
    name = f"stock.lay_{next(_number)}()".encode()
    body = b"".join(one + b";" for one in statements)
    aside.execute(b"CREATE FUNCTION %b RETURNS void LANGUAGE plpgsql AS $stock$BEGIN %b END$stock$" % (name, body))
    return b"SELECT " + name


def may_trust(cursor: CursorWrapper) -> bool:
    """Only the owner of a PostgreSQL server may write rows without what watches over them."""
    cursor.execute("SELECT current_setting('is_superuser') = 'on'")
    return cursor.fetchone()[0]


_number = itertools.count(1)
_layers: dict[Hashable, Layer] = {}
_seen: set[Hashable] = set()


def lay(key: Hashable, build: Callable[[], object]) -> None:
    """What `build` writes. The key names everything it depends on: the same key on another ground is a mistake."""
    if key in _layers:
        _layers[key].lay()
        return
    _remember(key, build)


def take_away(key: Hashable) -> None:
    """What was laid down under the key is there no more; nothing else may name it."""
    for model, rows in reversed(_layers[key].new.items()):
        model._base_manager.filter(pk__in=[row.pk for row in rows])._raw_delete(DEFAULT_DB_ALIAS)


def lay_if_it_returns(key: Hashable, build: Callable[[], object]) -> None:
    """The same for what may never be asked for again: remembered only when its key comes a second time."""
    if key in _seen:
        lay(key, build)
        return
    _seen.add(key)
    build()


def _remember(key: Hashable, build: Callable[[], object]) -> None:
    before = _everything()
    build()
    _layers[key] = _difference(before, _everything())


def _everything() -> dict[type[Model], dict[object, Model]]:
    models = [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in ROOMS]
    return {model: {row.pk: row for row in model._base_manager.all()} for model in models}


def _difference(before: dict, after: dict) -> Layer:
    new = {model: [row for pk, row in rows.items() if pk not in before[model]] for model, rows in after.items()}
    changed = [
        row
        for model, rows in after.items()
        for pk, row in rows.items()
        if pk in before[model] and _values(row) != _values(before[model][pk])
    ]
    return Layer({model: rows for model, rows in new.items() if rows}, changed)


def _values(row: Model) -> dict[str, object]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
