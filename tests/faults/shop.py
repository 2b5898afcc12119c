"""A production installation in which reports are asked for over HTTP, watched in the database, and disturbed."""

import http.client
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg2

from tests import servers
from tests.integration.installation import HOST, Installation

CSRF = "a" * 32
OPENING = """
import datetime, json
from django.conf import settings
from django.test import Client
from accounts.acts import Role
from accounts.models import Membership, Team, User
from checklists import starting
from stages.models import Edition

team = Team.objects.create(name="Civil registration", slug="civil-registration")
designer = User.objects.create_user("designer@launchkit.example", None, name="Designer")
Membership.objects.create(user=designer, team=team, role=Role.DESIGNER)
planned = datetime.date.today() + datetime.timedelta(days=90)
told = {"by": designer, "team": team, "edition": Edition.objects.get(), "planned_on": planned}
slugs = [starting.start(name=f"Service {number}", **told).slug for number in range(12)]
client = Client()
client.force_login(designer, backend=settings.AUTHENTICATION_BACKENDS[0])
print(json.dumps([client.cookies[settings.SESSION_COOKIE_NAME].value, slugs]))
"""


class Shop:
    """`ask` takes a service of its own each time, so that every report is of another record."""

    def __init__(self, installation: Installation, redis: servers.Redis):
        self.installation, self.redis = installation, redis
        self.session, slugs = installation.python(OPENING)
        self.slugs = iter(slugs)
        self.database = psycopg2.connect(installation.environment["DATABASE_URL"])
        self.database.autocommit = True

    def request(self, method: str, path: str) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection("127.0.0.1", self.installation.port, timeout=30)
        headers = {
            "Host": HOST,
            "X-Forwarded-Proto": "https",
            "Cookie": f"__Host-session={self.session}; __Host-csrf={CSRF}",
            "X-CSRFToken": CSRF,
            "Referer": f"https://{HOST}/",
        }
        connection.request(method, path, headers={**headers, "Content-Length": "0"} if method == "POST" else headers)
        answer = connection.getresponse()
        answer.bytes = answer.read()
        connection.close()
        return answer

    def ask(self) -> "Asked":
        slug = next(self.slugs)
        begun = time.monotonic()
        answer = self.request("POST", f"/services/{slug}/reports/")
        assert answer.status == 302, answer.bytes[:2000]
        return Asked(self, answer.headers["Location"], time.monotonic() - begun)

    def run(self, sql: str, *values: object) -> list[tuple]:
        with self.database.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall() if cursor.description else []


class Asked:
    """One report: its page, how long the page took to answer, and its row."""

    def __init__(self, shop: Shop, page: str, seconds: float):
        self.shop, self.page, self.seconds = shop, page, seconds
        self.pk = int(page.rstrip("/").rsplit("/", 1)[1])

    def row(self) -> tuple[str, int, str]:
        return self.shop.run("SELECT state, attempts, cause FROM reviews_report WHERE id = %s", self.pk)[0]

    def wait(self, state: str, seconds: float) -> float:
        begun = time.monotonic()
        servers.wait_until(lambda: self.row()[0] == state, f"report {self.pk} is {state}: {self.row()}", seconds)
        return time.monotonic() - begun

    def shown(self) -> str:
        return self.shop.request("GET", self.page).bytes.decode()


def children(pid: int) -> list[int]:
    """Direct children of a process, out of /proc."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(status.read_text().rsplit(")", 1)[1].split()[1])
        except OSError:  # it ended meanwhile
            continue
        if parent == pid:
            found.append(int(status.parent.name))
    return found


def celery_of(installation: Installation) -> int:
    """The main process of the worker: the one child of the worker's supervisor."""
    servers.wait_until(lambda: len(children(installation.parts["worker"].child.pid)) == 1, "the worker has started")
    return children(installation.parts["worker"].child.pid)[0]


def kill_family(pid: int) -> None:
    family = [pid, *descendants(pid)]
    for one in family:
        os.kill(one, signal.SIGKILL)


def descendants(pid: int) -> Iterator[int]:
    for child in children(pid):
        yield child
        yield from descendants(child)
