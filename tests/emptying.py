"""Between tests that commit, PostgreSQL's tables are emptied row by row: to truncate all of them takes a quarter of a
second each time, and there is little in them. Only the owner of a server may do so with what refuses it put aside.
What `migrate` itself makes stays, for it would be made again at once.
"""

import pytest
from django.db.backends.base.base import BaseDatabaseWrapper

from tests import stock

MADE_BY_MIGRATE = {"django_content_type", "auth_permission"}


@pytest.fixture(scope="session", autouse=True)
def emptied_row_by_row(django_db_modify_db_settings) -> None:
    from django.db.backends.postgresql.operations import DatabaseOperations

    truncate = DatabaseOperations.sql_flush

    def sql_flush(self, style, tables, *, reset_sequences=False, allow_cascade=False) -> list[str]:
        if reset_sequences or not may_trust(self.connection):
            return truncate(self, style, tables, reset_sequences=reset_sequences, allow_cascade=allow_cascade)
        deleting = [f"DELETE FROM {self.quote_name(table)}" for table in tables if table not in MADE_BY_MIGRATE]
        return ["; ".join([stock.TRUSTED.decode(), *deleting, stock.CHECKED.decode()])]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "sql_flush", sql_flush)
        yield


def may_trust(connection: BaseDatabaseWrapper) -> bool:
    with connection.cursor() as cursor:
        return stock.may_trust(cursor)
