"""PostgreSQL plans a statement once on each connection (`PREPARE`) and is asked by its name from then on (`EXECUTE`).

Planning takes the most of a short query with a few joins. One plan serves all values (`plan_cache_mode` in the
settings): what is asked by key is found by key. Only for connections that are ours alone: behind a pooler that hands a
connection on after each transaction, `DISABLE_SERVER_SIDE_CURSORS` says so, to Django and here.
"""

from collections import Counter
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

from django.db.backends.base.base import BaseDatabaseWrapper

SHAPES = 4  # of one query, which differ in how many ids are asked for: as many are kept on a connection


class _Kept:
    """What a connection has planned: the name of each text, and how many shapes of each query."""

    def __init__(self, raw: Any) -> None:
        self.raw = raw
        self.names: dict[str, str] = {}
        self.shapes: Counter[str] = Counter()


_kept: WeakKeyDictionary[BaseDatabaseWrapper, _Kept] = WeakKeyDictionary()


def statement(connection: BaseDatabaseWrapper, query: str, sql: str, places: int) -> str:
    """What to send for the SQL of `query`, which has so many places for parameters: it, or the name of its plan."""
    if connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS"):
        return sql
    kept = _of(connection)
    name = kept.names.get(sql)
    if name is None:
        if kept.shapes[query] == SHAPES:
            return sql
        name = f'"{query}_{kept.shapes[query]}"'
        kept.shapes[query] += 1  # first: a name is given once, also where making the plan is interrupted
        _plan(connection, name, sql)
        kept.names[sql] = name
    return f"EXECUTE {name} ({', '.join(['%s'] * places)})" if places else f"EXECUTE {name}"


def _of(connection: BaseDatabaseWrapper) -> _Kept:
    """Nothing yet where the connection to the server is a new one, also one in the place of one that was ended."""
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    kept = _kept.get(connection)
    if kept is None or kept.raw is not connection.connection:
        kept = _kept[connection] = _Kept(connection.connection)
    return kept


def _plan(connection: BaseDatabaseWrapper, name: str, sql: str) -> None:
    """In a round trip of its own, once; it outlives the transaction."""
    with connection.wrap_database_errors, connection.connection.cursor() as cursor:
        cursor.execute(f"PREPARE {name} AS {numbered(sql)}")


def numbered(sql: str) -> str:
    """With the places of the server (`$1`) for those of the driver (`%s`)."""
    first, *further = sql.split("%s")
    return (first + "".join(f"${n}{text}" for n, text in zip(count(1), further, strict=False))).replace("%%", "%")
