"""What a request writes to the database, statement by statement."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

WRITING = re.compile(r'\s*(INSERT INTO|UPDATE|DELETE FROM|TRUNCATE|DROP|ALTER|CREATE)\s+"?(\w+)', re.IGNORECASE)
STORING = re.compile(r'\s*(EXECUTE)\s+"?(\w+)_stored_\d+"?')  # a plan of `accounts.storing`, by its name
SESSIONS = {"django_session"}  # what a browser holds of its own visit: messages read, a key not yet set up


@contextmanager
def writes() -> Iterator[list[str]]:
    """Every writing statement as `INSERT INTO accounts_team`, or `EXECUTE` where PostgreSQL is asked by a plan's name;
    sessions do not count."""
    seen: list[str] = []

    def watch(execute, sql: str, params: object, many: bool, context: dict[str, object]) -> object:
        found = WRITING.match(sql) or STORING.match(sql)
        if found and found[2] not in SESSIONS:
            seen.append(f"{found[1].upper()} {found[2]}")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield seen
