"""F26: a backup taken while people write is of one moment, and becomes the same installation again; on both engines."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import servers

pytestmark = pytest.mark.integration

# Two people who answer and attach files in many services, until the file `stop` is there.
CHANGED = {"accounts_chain", "checklists_answer", "checklists_tally"}  # rows that the writers went on changing
WRITERS = """
import datetime, pathlib, threading
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import connection
from accounts.acts import Role
from accounts.models import Membership, Team, User
from checklists import answering, evidencing, starting
from checklists.evidencing import Proof
from stages import catalogue, publishing

text = (settings.PLAYBOOKS_DIR / "public-service-launch-1.yaml").read_bytes()
team, edition = Team.objects.create(name="Transport", slug="transport"), publishing.publish(by=None, text=text).edition
people = [User.objects.create_user(f"designer{n}@launchkit.example", None, name="Designer") for n in range(2)]
for person in people:
    Membership.objects.create(user=person, team=team, role=Role.DESIGNER)
told = {"by": people[0], "team": team, "edition": edition, "planned_on": datetime.date(2030, 1, 1)}
services = [starting.start(name=f"Service {number}", **told) for number in range(12)]
sheet = catalogue.of(edition.pk).sheets[0]
items, rule = sheet.of_kind("item"), sheet.of_kind("rule")[0]
stop = pathlib.Path(settings.VAR_DIR, "stop")

def write(person, mine):
    turn = 0
    while not stop.exists():
        service, item, turn = mine[turn % len(mine)], items[turn // len(mine) % len(items)], turn + 1
        state = "done" if turn // (len(mine) * len(items)) % 2 == 0 else "open"
        answering.record(by=person, service=service, requirement=item, seen=seen.get((service, item), 0), state=state)
        seen[service, item] = seen.get((service, item), 0) + 1
        if turn % 5 == 0:
            file = ContentFile(b"%PDF-1.7 " + str(turn).encode() * 999, "report.pdf")
            proof = Proof(form="file", title=f"Report {turn}", file=file)
            evidencing.attach(by=person, service=service, requirement=rule, proof=proof)
    connection.close()

seen = {}
threads = [threading.Thread(target=write, args=(people[n], services[n::2])) for n in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"""
MOMENTARY = {"django_session", "usersessions_usersession", "operations_heartbeat", "sqlite_sequence"}


class Place:
    """Tables and files of one installation, run by commands and looked at past launchkit."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url = folder, url
        folder.mkdir()
        self.environment = {
            **{"PATH": os.environ["PATH"], "PYTHONUTF8": "1", "LAUNCHKIT_ENV_FILE": os.devnull},
            **{"LAUNCHKIT_VAR": str(folder), "DATABASE_URL": url, "LAUNCHKIT_TRAIL_KEY": "t" * 50, "SECRET_KEY": "s"},
        }

    def manage(self, *words: object) -> str:
        """What a command said, on both channels; it must have done it."""
        command = [sys.executable, "manage.py", *(str(word) for word in words)]
        told = {"cwd": servers.ROOT, "env": self.environment, "text": True, "timeout": 60}
        done = subprocess.run(command, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **told)
        assert done.returncode == 0, done.stdout
        return done.stdout

    def ask(self, sql: str) -> list[tuple]:
        return servers.look(self.url or self.folder / "launchkit.sqlite3", sql)

    def tables(self) -> set[str]:
        there = "pg_tables WHERE schemaname = 'public'" if self.url else "sqlite_master WHERE type = 'table'"
        return {name for (name,) in self.ask(f"SELECT {'tablename' if self.url else 'name'} FROM {there}")} - MOMENTARY

    def rows(self) -> dict[str, list[str]]:
        """Every row of every table, in no order; nor have the keys of what is JSON one."""
        return {table: sorted(map(_told, self.ask(f'SELECT * FROM "{table}"'))) for table in sorted(self.tables())}

    def digests(self) -> dict[str, str]:
        files = (path for path in (self.folder / "files").rglob("*") if path.is_file())
        return {str(p.relative_to(self.folder / "files")): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}

    def trail(self) -> dict[tuple[str, int], str]:
        found = self.ask("SELECT scope, sequence, digest, at FROM accounts_trailentry")
        return {(scope, sequence): f"{digest} {at}" for scope, sequence, digest, at in found}


def _told(row: tuple) -> str:
    return json.dumps([_unordered(cell) for cell in row], sort_keys=True, default=str)


def _unordered(cell: object) -> object:
    return json.loads(cell) if isinstance(cell, str) and cell.startswith("{") else cell


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with servers.folder() as folder:
        yield folder


@pytest.fixture(params=["sqlite", "postgresql"])
def places(request, folder) -> Iterator[tuple[Place, Place]]:
    """Where people work, and an empty place with the same tables."""
    here, there = folder / f"{request.param}-here", folder / f"{request.param}-there"
    if request.param == "sqlite":
        source, empty = Place(here, ""), Place(there, "")
        source.manage("migrate", "--verbosity", 0)
        shutil.copy(here / "launchkit.sqlite3", there)
        yield source, empty
        return
    with servers.Postgres(folder / "postgres") as postgres:
        source, empty = Place(here, postgres.url), Place(there, f"{postgres.url.rsplit('/', 1)[0]}/empty")
        source.manage("migrate", "--verbosity", 0)
        postgres.execute("CREATE DATABASE empty TEMPLATE postgres")
        yield source, empty


def test_it_comes_back_as_it_was_at_one_moment_while_people_wrote(places, folder):
    source, other = places
    busy, quiet = source.folder / "busy.zip", source.folder / "quiet.zip"
    shell = (sys.executable, "manage.py", "shell", "--verbosity", "0", "-c", WRITERS)
    with servers.Process(*shell, log=source.folder / "log", environment=source.environment) as writers:
        servers.wait_until(lambda: len(source.trail()) > 150, "people write", seconds=60)
        before = source.trail()
        said = source.manage("backup", busy)
        after = source.trail()
        (source.folder / "stop").touch()
        writers.child.wait(30)
    assert (writers.child.returncode, "0 altered, 0 missing" in said) == (0, True), writers.output + said

    assert "every link holds" in other.manage("restore", busy)
    restored = other.trail()
    assert before.items() <= restored.items() <= after.items()
    assert len(before) < len(after)
    now, then = source.rows(), other.rows()
    differ = {table for table, rows in then.items() if not set(rows) <= set(now[table])}
    assert differ <= CHANGED, "every row that nobody changes is as it was, in every table"
    assert all(len(rows) <= len(now[table]) for table, rows in then.items())
    counted = other.ask("SELECT scope, sequence FROM accounts_chain")
    assert sorted(counted) == sorted((scope, max(n for s, n in restored if s == scope)) for scope, _ in counted)
    assert "12 services counted, 0 tallies differ." in other.manage("rebuild_readiness", "--check")
    named = dict(other.ask("SELECT file, sha256 FROM checklists_evidence"))
    assert (other.digests() == named, len(named) > 5) == (True, True)

    source.manage("backup", quiet)
    other.manage("restore", quiet, "--replace", "--yes")
    assert other.rows() == source.rows()
    assert other.digests() == source.digests()
