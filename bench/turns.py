"""One turn: a request through Django's test client, timed alone, looked at before anything is timed."""

import time
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

TRANSACTION = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "SET ")
AHEAD = 10_000  # more ticks than a measure over HTTP takes
USERS = ("accounts_user", "auth_user")
PLANNED = 'EXECUTE "accounts_user_'  # the product asks for nobody else by a plan that is kept


class Turn:
    """A page: its address, and what must be in it so many times; without a number, at all."""

    def __init__(self, client: Client, address: str, part: str, times: int | None) -> None:
        self.client, self.address, self.part, self.times = client, address, part, times

    def ask(self) -> Any:
        return self.client.get(self.address)

    def changed(self) -> bool:
        return True

    def forms(self) -> list[str]:
        """What is sent by as many ticks as may follow; none where a page is only read."""
        return []

    def take(self) -> float:
        """Seconds of one request."""
        began = time.perf_counter()
        response = self.ask()
        seconds = time.perf_counter() - began
        if response.status_code != 200:
            raise ValueError(f"{self.address} answered {response.status_code}")
        return seconds

    def check(self) -> dict[str, Any]:
        """Asserts that the answer is what is measured; returns its size and its queries, on every alias."""
        captured = [CaptureQueriesContext(connection) for connection in connections.all()]
        for one in captured:
            one.__enter__()
        response = self.ask()
        for one in captured:
            one.__exit__(None, None, None)
        text = response.content.decode()
        times = text.count(self.part)
        whole = times == self.times if self.times is not None else bool(times)
        if response.status_code != 200 or not whole or not self.changed():
            found = f"{response.status_code}, {times} of {self.times} {self.part}"
            raise ValueError(f"{self.address} is not what is to be measured: {found}, changed: {self.changed()}")
        queries = [query["sql"] for one in captured for query in one.captured_queries]
        return {"bytes": len(response.content), "queries": [sql for sql in queries if _counts(sql)]}


class Form(Turn):
    """A tick: each says which version it has seen, and what is to be there now."""

    headers: ClassVar[dict[str, str]] = {}
    seen: int

    def posted(self, seen: int) -> dict[str, object]:
        raise NotImplementedError

    def ask(self) -> Any:
        self.seen += 1
        return self.client.post(self.address, self.posted(self.seen - 1), **self.headers)

    def forms(self) -> list[str]:
        return [urlencode(self.posted(seen)) for seen in range(self.seen, self.seen + AHEAD)]


def _counts(sql: str) -> bool:
    """Neither a statement of a transaction, nor the query for the session, nor the one for who is signed in."""
    table = sql.partition(" FROM ")[2].partition(" ")[0].strip('"')
    signed_in = (table in USERS and f'WHERE "{table}"."id" = ' in sql) or sql.startswith(PLANNED)
    return not (sql.startswith(TRANSACTION) or table == "django_session" or signed_in)
