"""Between tests that commit, all tables are emptied. What is there at the beginning of every test stays or comes back:
what `migrate` has made, and the published playbook.

On PostgreSQL row by row: to truncate all tables takes a quarter of a second each time, and there is little in them.
Only the owner of a server may do so with what refuses it put aside.
"""

from collections.abc import Iterator

import pytest
from django.core.management.commands import flush
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.postgresql.base import DatabaseOperations as Postgresql
from django.db.backends.sqlite3.base import DatabaseOperations as Sqlite

from tests import cast, stock
from tests.accounts import tampering

MADE_BY_MIGRATE = {"django_content_type", "auth_permission"}


@pytest.fixture(scope="session", autouse=True)
def emptied_but_for_what_stays(django_db_modify_db_settings) -> None:
    truncate, delete = Postgresql.sql_flush, Sqlite.sql_flush

    def on_postgresql(self, style, tables, *, reset_sequences=False, allow_cascade=False) -> list[str]:
        emptied = [table for table in tables if table not in MADE_BY_MIGRATE]
        if reset_sequences or not may_trust(self.connection):
            return truncate(self, style, emptied, reset_sequences=reset_sequences, allow_cascade=allow_cascade)
        deleting = [f"DELETE FROM {self.quote_name(table)}" for table in emptied]
        return ["; ".join([stock.TRUSTED.decode(), *deleting, stock.CHECKED.decode()])]

    def on_sqlite(self, style, tables, **told: bool) -> list[str]:
        return delete(self, style, [table for table in tables if table not in MADE_BY_MIGRATE], **told)

    def come_back(*_told: object) -> None:
        cast.publish()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Postgresql, "sql_flush", on_postgresql)
        patch.setattr(Sqlite, "sql_flush", on_sqlite)
        patch.setattr(flush, "emit_post_migrate_signal", come_back)
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker) -> Iterator[None]:
    """The playbook is published; and whoever empties tables may, as their owner, put the guard of the trail aside.

    PostgreSQL drops no database that somebody is connected to: whoever is left of a test is sent away at the end.
    """
    connection = connections["default"]
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(tampering.EMPTYING.format("DISABLE"))
        cast.publish()
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


def may_trust(connection: BaseDatabaseWrapper) -> bool:
    with connection.cursor() as cursor:
        return stock.may_trust(cursor)
