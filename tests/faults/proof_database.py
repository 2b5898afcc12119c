"""F10, F11: the database restarts, or is locked for longer than anybody waits, while people tick."""

import sqlite3
import threading
import time
from contextlib import closing

from tests import servers
from tests.faults.places import open_place
from tests.faults.proof_ticks import Writer

TIMES = """
import json
from django.db import connection

told = []
for name in ("statement_timeout", "lock_timeout"):
    with connection.cursor() as cursor:
        cursor.execute(f"SHOW {name}")
        told += cursor.fetchone()
print(json.dumps(told))
"""


def test_the_database_restarts_under_ticks(measured):
    with open_place("postgresql", people=5, services=5) as place:
        enough = threading.Event()
        writers = [Writer(place, mine, enough) for mine in range(4)]
        for writer in writers:
            writer.start()
        waits = []
        for end in (place.installation.postgres.stop, place.installation.postgres.kill):
            time.sleep(2)
            end()
            with closing(place.person(4)) as person:
                told = person.ask("GET", f"/services/{place.slugs[0]}/")
                assert (told.status, told.headers["Retry-After"]) == (503, "5")
                time.sleep(1)
                place.installation.postgres.start()
                began = time.monotonic()
                assert person.ask("GET", f"/services/{place.slugs[0]}/").status == 200
                waits.append(time.monotonic() - began)
        time.sleep(2)
        enough.set()
        for writer in writers:
            writer.join()
        assert {answer for writer in writers for answer in writer.other} <= {503, 409}
        acknowledged = {note for writer in writers for note in writer.acknowledged}
        kept = {note for told in place.trail().values() for _version, note in told}
        place.assert_nothing_is_half_written()
        assert sum(writer.other[503] for writer in writers) > 0, "nobody noticed: this proves nothing"
        measured("PostgreSQL stopped, then killed: the first page after it is back", max(waits), 5)
        measured(f"lost of {len(acknowledged):,} acknowledged ticks", len(acknowledged - kept), 0, "")


def test_sqlite_locked_for_too_long(measured):
    with open_place("sqlite") as place, closing(place.person()) as person:
        service, item = place.slugs[0], place.items[0]
        path = place.installation.folder / "var" / "launchkit.sqlite3"
        assert person.tick(service, item, "done", 0, "before").status == 302
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            began = time.monotonic()
            locked = person.tick(service, item, "open", 1, "while it is locked")
            waited = time.monotonic() - began
            assert place.person().ask("GET", f"/services/{service}/").status == 200, "reading goes on"
            other.execute("ROLLBACK")
        assert (locked.status, locked.headers["Retry-After"]) == (503, "5")
        assert place.answers_now()[f"service:1 requirement:{item}"] == (1, "before")
        assert person.tick(service, item, "open", 1, "after").status == 302
        servers.wait_until(place.answers, "the pages answer")
        place.assert_nothing_is_half_written()
        measured("SQLite locked: a tick is told so after", waited, 25)


def test_a_chain_of_postgresql_held_for_too_long(measured):
    """Nor a table: whoever asks is told so in the time that the settings give."""
    with open_place("postgresql", services=2) as place, closing(place.person()) as person:
        (service, other), item = place.slugs, place.items[0]
        assert person.tick(service, item, "done", 0, "before").status == 302
        with closing(place.connection()) as holder, closing(holder.cursor()) as cursor:
            cursor.execute("SELECT 1 FROM accounts_chain WHERE scope = 'service:1' FOR UPDATE")
            began = time.monotonic()
            held = person.tick(service, item, "open", 1, "while it is held")
            waited = time.monotonic() - began
            assert person.tick(other, item, "done", 0, "elsewhere").status == 302, "other services go on"
            holder.rollback()
            cursor.execute("LOCK TABLE stages_service IN ACCESS EXCLUSIVE MODE")
            began = time.monotonic()
            silent = person.ask("GET", f"/services/{service}/")
            unanswered = time.monotonic() - began
            holder.rollback()
        assert [(one.status, one.headers["Retry-After"]) for one in (held, silent)] == [(503, "5")] * 2
        assert place.answers_now()[f"service:1 requirement:{item}"] == (1, "before")
        assert person.tick(service, item, "open", 1, "after").status == 302
        assert place.installation.python(TIMES) == ["15s", "5s"]
        place.assert_nothing_is_half_written()
        measured("PostgreSQL: a tick on a chain that is held is told so after", waited, 8)
        measured("a page of a table that is locked is told so after", unanswered, 8)
