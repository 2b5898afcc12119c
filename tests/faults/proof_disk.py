"""F12: no room on the disk for files, for a PDF, for the database. The disk is a small tmpfs, mounted by the run.

Where none can be mounted (not root, or not allowed), this fails and says so: it was not run.
"""

import os
import random
import shutil
import string
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import psycopg2
import pytest

from tests import servers
from tests.faults.asking import ask
from tests.faults.places import Person, Place, open_place

BOUNDARY = "faults"


@contextmanager
def small_disk(path: Path, size: str) -> Iterator[Path]:
    """A disk of its own at `path`, with a file on it that can take up all the room."""
    path.mkdir(parents=True, exist_ok=True)
    options = ["-t", "tmpfs", "-o", f"size={size},mode=755", "tmpfs", str(path)]
    made = subprocess.run(["mount", *options], capture_output=True, text=True, check=False)
    if made.returncode:
        pytest.fail(f"not run: this machine lets no small disk be mounted ({made.stderr.strip()})")
    try:
        yield path / "filler"
    finally:
        subprocess.run(["umount", "--lazy", str(path)], check=True)


def fill(filler: Path) -> None:
    """Take up all the room that there is, also what somebody gives back meanwhile."""
    with filler.open("ab", buffering=0) as file:
        while free := os.statvfs(filler.parent).f_bavail:
            file.write(b"\0" * 4096 * free)


def form(**fields: str | bytes) -> tuple[bytes, str]:
    """A form with a file, as a browser sends it."""
    parts = []
    for name, value in fields.items():
        file = isinstance(value, bytes)
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"' + ('; filename="a.txt"' if file else "")
        parts.append(f"{head}\r\n\r\n".encode() + (value if file else value.encode()) + b"\r\n")
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode(), f"multipart/form-data; boundary={BOUNDARY}"


def files(folder: Path, filler: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and path != filler)


def test_no_room_for_evidence_and_for_a_pdf(measured):
    with open_place("postgresql", services=2, small=True, parts=()) as place:
        folder = place.installation.folder / "var" / "files"
        with small_disk(folder, "2m") as filler, closing(place.person()) as person:
            try:
                place.ready("web")
                place.ready("worker")
                fill(filler)
                body, kind = form(seen="0", state="met", proof_file=b"Seen on the live system. " * 4000)
                path = f"/services/{place.slugs[0]}/{place.stage}/{place.rules[0]}/answer/"
                began = time.monotonic()
                told = person.ask("POST", path, body=body, **{"Content-Type": kind})
                measured("no room for evidence: a sentence", time.monotonic() - began, 5)
                assert told.status == 422
                assert b"The file could not be stored just now. Nothing was changed" in told.bytes
                assert place.rows("SELECT count(*) FROM checklists_evidence") == [(0,)]
                assert files(folder, filler) == []
                asked = ask(person, place.slugs[1])
                measured("no room for a PDF: failed, with a sentence", asked.wait("failed", 90), 90)
                assert files(folder, filler) == []
                filler.unlink()
                assert person.ask("POST", path, body=body, **{"Content-Type": kind}).status == 302
                assert person.ask("POST", f"{asked.page}retry/", {}).status == 302
                measured("room again: the report is done", asked.wait("done", 60), 60)
                assert len(files(folder, filler)) == 2
                place.assert_nothing_is_half_written()
            finally:
                place.installation.stop()


def test_no_room_for_sqlite(measured):
    with open_place("sqlite", parts=()) as place, closing(place.person()) as person:
        var = place.installation.folder / "var"
        kept = place.installation.folder / "kept"
        var.rename(kept)
        with small_disk(var, "256m") as filler:
            try:
                subprocess.run(["cp", "-a", f"{kept}/.", str(var)], check=True)
                place.ready("web")
                assert_ticks_are_told(place, person, filler, measured)
            finally:
                place.installation.stop()


def test_no_room_for_postgresql(measured):
    """All its tables and indexes are on the small disk."""
    with open_place("postgresql", parts=()) as place, closing(place.person()) as person:
        postgres = place.installation.postgres
        with small_disk(place.installation.folder / "room", "256m") as filler:
            try:
                tables = filler.parent / "tables"
                tables.mkdir(mode=0o700)
                shutil.chown(tables, postgres.user)
                postgres.execute(f"CREATE TABLESPACE small LOCATION '{tables}'")
                postgres.execute("ALTER DATABASE postgres SET TABLESPACE small", database="template1")
                place.ready("web")
                assert_ticks_are_told(place, person, filler, measured)
            finally:
                place.installation.stop()
                postgres.stop()  # before its disk is gone


def test_no_room_for_what_postgresql_writes_ahead(measured):
    """It then ends by itself, and whoever runs it starts it again, as Docker does; meanwhile everybody is told."""
    with open_place("postgresql", parts=()) as place, closing(place.person()) as person:
        postgres, service = place.installation.postgres, place.slugs[0]
        postgres.stop()
        with small_disk(place.installation.folder / "ahead", "128m") as filler:
            try:
                move(postgres.data / "pg_wal", filler.parent / "pg_wal")
                postgres.start()
                place.ready("web")
                assert person.tick(service, place.items[0], "done", 0, "before").status == 302
                fill(filler)
                began = time.monotonic()
                servers.wait_until(lambda: not goes_on(postgres), "PostgreSQL has ended for want of room")
                assert "No space left on device" in postgres.output
                assert person.tick(service, place.items[1], "done", 0, "refused").status == 503
                measured("no room for what PostgreSQL writes ahead: told so", time.monotonic() - began, 20)
                filler.unlink()
                postgres.start()
                servers.wait_until(lambda: person.ask("GET", "/readyz").status == 200, "the pages answer again")
                assert [note for _version, note in place.answers_now().values()] == ["before"]
                assert person.tick(service, place.items[1], "done", 0, "after").status == 302
                place.assert_nothing_is_half_written()
            finally:
                place.installation.stop()
                postgres.stop()  # before its disk is gone


def move(folder: Path, to: Path) -> None:
    subprocess.run(["cp", "-a", folder, to], check=True)
    shutil.rmtree(folder)
    folder.symlink_to(to)


def goes_on(postgres: servers.Postgres) -> bool:
    """Have it begin another file of what it writes ahead, which needs room; False when it has ended over that."""
    with suppress(psycopg2.Error):
        postgres.execute("SELECT pg_switch_wal()")
        postgres.execute("CREATE TABLE IF NOT EXISTS room (used int); INSERT INTO room VALUES (1)")
    return postgres.running


def assert_ticks_are_told(place: Place, person: Person, filler: Path, measured) -> None:
    """Somebody ticks until the disk is full, is told so, and goes on when there is room again."""
    service, item = place.slugs[0], place.items[0]
    assert person.tick(service, item, "done", 0, "before").status == 302
    fill(filler)
    statuses, began = [], time.monotonic()
    for count in range(200):
        note = "".join(random.choices(string.ascii_letters, k=2000))  # what is all alike takes hardly any room
        statuses.append(person.tick(service, item, ("open", "done")[count % 2], count + 1, note).status)
        if statuses[-1] != 302:
            break
    assert statuses[-1] == 503, statuses
    measured(f"no room for {place.engine}: told so", time.monotonic() - began, 20)
    filler.unlink()
    said = place.answers_now()[f"service:1 requirement:{item}"]
    assert said[0] == statuses.count(302) + 1
    assert person.tick(service, place.items[1], "done", 0, "after").status == 302
    place.assert_nothing_is_half_written()
