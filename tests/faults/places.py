"""Installations of either engine to be disturbed, and the people who work on them over HTTP meanwhile."""

import atexit
import contextlib
import functools
import http.client
import json
import os
import shutil
import sqlite3
import sys
import time
import urllib.parse
from collections.abc import Iterator, Sequence
from pathlib import Path

import psycopg2

from tests import servers
from tests.families import children
from tests.integration.installation import HOST, Installation, prepared
from tests.stages import playbooks

ENGINES = ("postgresql", "sqlite")
CSRF = "a" * 32
IDLE = 1  # seconds after which a connection is not used again: gunicorn hangs up after two
OPENING = """
import datetime, json
from django.conf import settings
from django.test import Client
from accounts.acts import Role
from accounts.models import Membership, Team, User
from checklists import starting
from stages import catalogue
from stages.models import Edition

team = Team.objects.create(name="Civil registration", slug="civil-registration")
sessions = []
for number in range({people}):
    person = User.objects.create_user(f"designer{{number}}@launchkit.example", None, name=f"Designer {{number}}")
    Membership.objects.create(user=person, team=team, role=Role.DESIGNER)
    client = Client()
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    sessions.append(client.cookies[settings.SESSION_COOKIE_NAME].value)
edition = Edition.objects.order_by("-pk").first()
planned = datetime.date.today() + datetime.timedelta(days=90)
told = {{"by": person, "team": team, "edition": edition, "planned_on": planned}}
slugs = [starting.start(name=f"Service {{number}}", **told).slug for number in range({services})]
sheet = catalogue.of(edition.pk).sheets[0]
items = [one.slug for one in sheet.requirements if one.kind == "item"]
rules = [one.slug for one in sheet.requirements if one.kind == "rule"]
print(json.dumps([sessions, slugs, sheet.stage.slug, items, rules]))
"""
SMALL = """
from stages import publishing
publishing.publish(by=None, text={text!r}.encode())
print("null")
"""


ANY_PACE = {"LAUNCHKIT_ACTS_A_MINUTE": "0"}  # one person ticks here as fast as the wire takes it


class Embedded(Installation):
    """`manage.py launch` on SQLite; services are there before the first start, so that no demo is built."""

    def __init__(self, folder: Path):
        self.folder, self.port, self.parts = folder, servers.free_port(), {}
        self.environment = {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "PYTHONUTF8": "1",
            "LAUNCHKIT_ENV_FILE": os.devnull,
            "LAUNCHKIT_VAR": str(folder / "var"),
        }
        (folder / "var").mkdir(exist_ok=True)

    def prepare(self) -> None:
        self.run("python", "manage.py", "migrate", "--no-input")
        for file in sorted((servers.ROOT / "fixtures" / "playbooks").glob("*.yaml")):
            self.run("python", "manage.py", "publish_playbook", str(file))


@functools.cache
def beginning(engine: str) -> Path:
    """What every installation of an engine begins with a copy of; gone when Python ends."""
    kept = contextlib.ExitStack()
    atexit.register(kept.close)
    if engine == "postgresql":
        return kept.enter_context(prepared())
    folder = kept.enter_context(servers.folder())
    Embedded(folder).prepare()
    return folder


class Place:
    """An installation with its services and people, and a look into its database that asks none of its code."""

    def __init__(self, engine: str, installation: Installation, *, people: int, services: int, small: bool):
        self.engine, self.installation = engine, installation
        self.people: dict[int, Person] = {}
        if small:
            installation.python(SMALL.format(text=playbooks.text()))
        opened = installation.python(OPENING.format(people=people, services=services))
        self.sessions, self.slugs, self.stage, self.items, self.rules = opened

    @property
    def host(self) -> str:
        return HOST if self.engine == "postgresql" else f"127.0.0.1:{self.installation.port}"

    def ready(self, part: str = "web", seconds: float = 90, **more: str) -> None:
        self.installation.start(part, **more)
        if part == "web":
            web = self.installation.parts[part]
            servers.wait_until(lambda: self.answers() or not web.running, "the pages answer", seconds)
            assert web.running, web.output

    def answers(self) -> bool:
        try:
            return self.installation.get("/healthz", Host=self.host).status == 200
        except OSError:
            return False

    def person(self, number: int = 0) -> "Person":
        """One of the designers, with one connection: not for two threads."""
        if number not in self.people:
            self.people[number] = Person(self, self.sessions[number])
        return self.people[number]

    def close(self) -> None:
        for person in self.people.values():
            person.close()
        self.installation.stop()

    def main(self, part: str) -> int:
        """The main process of `web` or `worker`: the one child of its supervisor."""
        supervisor = self.installation.parts[part].child.pid
        servers.wait_until(lambda: len(children(supervisor)) == 1, f"{part} has started")
        return children(supervisor)[0]

    def rows(self, sql: str, *values: object) -> list[tuple]:
        """Ask the database itself; `?` stands for a value on either engine."""
        with contextlib.closing(self.connection()) as connection, contextlib.closing(connection.cursor()) as cursor:
            cursor.execute(sql if self.engine == "sqlite" else sql.replace("?", "%s"), values)
            found = cursor.fetchall() if cursor.description else []
            connection.commit()
            return found

    def database_answers(self) -> bool:
        try:
            self.connection().close()
        except psycopg2.OperationalError:
            return False
        return True

    def connection(self):
        if self.engine == "sqlite":
            return sqlite3.connect(self.installation.folder / "var" / "launchkit.sqlite3", timeout=20)
        return psycopg2.connect(self.installation.environment["DATABASE_URL"], connect_timeout=5)

    def trail(self, service: str = "") -> dict[str, list[tuple[int, str]]]:
        """What was recorded for each entry, `service:slug`, of one service or of all: version and note of each time."""
        found: dict[str, list[tuple[int, str]]] = {}
        sql = "SELECT scope, subject, after FROM accounts_trailentry WHERE verb = ? ORDER BY scope, sequence"
        of = {f"service:{pk}" for (pk,) in self.rows("SELECT id FROM stages_service WHERE slug = ?", service)}
        for scope, subject, after in self.rows(sql, "recorded"):
            if service and scope not in of:
                continue
            told = json.loads(after) if isinstance(after, str) else after
            found.setdefault(f"{scope} {subject}", []).append((told["version"], told["note"]))
        return found

    def answers_now(self) -> dict[str, tuple[int, str]]:
        sql = (
            "SELECT a.service_id, r.slug, a.version, a.note FROM checklists_answer a"
            " JOIN stages_requirement r ON r.id = a.requirement_id"
        )
        return {
            f"service:{service} requirement:{slug}": (version, note) for service, slug, version, note in self.rows(sql)
        }

    def assert_nothing_is_half_written(self) -> None:
        """Each answer is what its trail says last, each version stands there once; chain and tallies are whole."""
        trail, answers = self.trail(), self.answers_now()
        assert {entry: told[-1] for entry, told in trail.items()} == answers
        assert {entry: [version for version, _ in told] for entry, told in trail.items()} == {
            entry: list(range(1, version + 1)) for entry, (version, _) in answers.items()
        }
        assert "does not hold" not in self.installation.run("python", "manage.py", "verify_trail")
        tallies = "SELECT * FROM checklists_tally ORDER BY service_id, stage_id"
        before = self.rows(tallies)
        self.installation.run("python", "manage.py", "rebuild_readiness")
        told = [[cell for cell in row[1:] if not hasattr(cell, "year")] for row in self.rows(tallies)]
        assert told == [[cell for cell in row[1:] if not hasattr(cell, "year")] for row in before]


class Person:
    """A browser of one person, on a connection that it keeps while it can."""

    def __init__(self, place: Place, session: str):
        self.place = place
        secure = place.engine == "postgresql"
        prefix, scheme = ("__Host-session", "__Host-csrf"), "https"
        if not secure:
            prefix, scheme = ("sessionid", "csrftoken"), "http"
        self.headers = {
            "Host": place.host,
            "Cookie": f"{prefix[0]}={session}; {prefix[1]}={CSRF}",
            "X-CSRFToken": CSRF,
            "Referer": f"{scheme}://{place.host}/",
            **({"X-Forwarded-Proto": "https"} if secure else {}),
        }
        self.connection: http.client.HTTPConnection | None = None
        self.used_at = 0.0

    def ask(
        self, method: str, path: str, form: dict[str, object] | None = None, *, body: bytes = b"", **headers: str
    ) -> http.client.HTTPResponse:
        """One request; raises OSError or HTTPException when the server went away meanwhile. Body is in `.bytes`."""
        if time.monotonic() - self.used_at > IDLE:
            self.close()
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.place.installation.port, timeout=60)
        told = dict(self.headers)
        if form is not None:
            body, told["Content-Type"] = urllib.parse.urlencode(form).encode(), "application/x-www-form-urlencoded"
        try:
            self.connection.request(method, path, body if method == "POST" else None, told | headers)
            answer = self.connection.getresponse()
            answer.bytes = answer.read()
            self.used_at = time.monotonic()
        except (OSError, http.client.HTTPException):
            self.close()
            raise
        return answer

    def tick(self, service: str, item: str, state: str, seen: int, note: str) -> http.client.HTTPResponse:
        path = f"/services/{service}/{self.place.stage}/{item}/answer/"
        return self.ask("POST", path, {"state": state, "seen": seen, "note": note})

    def close(self) -> None:
        if self.connection:
            self.connection.close()
        self.connection = None


@contextlib.contextmanager
def open_place(
    engine: str,
    *,
    people: int = 1,
    services: int = 1,
    small: bool = False,
    parts: Sequence[str] = ("web",),
    **more: str,
) -> Iterator[Place]:
    """An installation of its own, with real servers, that is gone afterwards. `more` goes into its environment."""
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(servers.folder())
        opened = _embedded(folder) if engine == "sqlite" else _production(folder, stack)
        broken = {name: os.environ[name] for name in ("LAUNCHKIT_BROKEN", "PYTHONPATH") if name in os.environ}
        opened.environment |= broken | ANY_PACE | more
        place = Place(engine, opened, people=people, services=services, small=small)
        stack.callback(place.close)
        for part in parts:
            place.ready(part)
        yield place


def _production(folder: Path, stack: contextlib.ExitStack) -> Installation:
    ready = beginning("postgresql")
    postgres = stack.enter_context(servers.Postgres(folder / "postgres", careful=True, like=ready / "postgres"))
    redis = stack.enter_context(servers.Redis(folder / "redis"))
    return Installation(folder, postgres, redis, ready / "static")


def _embedded(folder: Path) -> Installation:
    shutil.copytree(beginning("sqlite") / "var", folder / "var")
    return Embedded(folder)
