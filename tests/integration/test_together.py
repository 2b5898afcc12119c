"""Two web servers and two workers, on one PostgreSQL, one Redis and the same files: none keeps what another needs."""

import http.client
import json
import re
import urllib.parse
from collections.abc import Iterator

import pytest

from tests import servers
from tests.integration.installation import HOST, Installation, opened
from tests.stages import playbooks

pytestmark = pytest.mark.integration
PASSWORD = "a long way to Tipperary"
OPENING = f"""
import datetime
from accounts.acts import Role
from accounts.models import Membership, Team, User
from checklists import starting
from stages.models import Edition

team = Team.objects.create(name="Civil registration", slug="civil-registration")
designer = User.objects.create_user("designer@launchkit.example", "{PASSWORD}", name="Designer")
Membership.objects.create(user=designer, team=team, role=Role.DESIGNER)
planned = datetime.date.today() + datetime.timedelta(days=90)
told = {{"by": designer, "team": team, "edition": Edition.objects.get(), "planned_on": planned}}
for number in range(4):
    starting.start(name=f"Service {{number}}", **told)
print("null")
"""
PDF = b"%PDF-1.7\nthe test report\n%%EOF\n"


class Pair:
    """A person in one browser, whose requests go now to the one web server, now to the other."""

    def __init__(self, installation: Installation, ports: tuple[int, int]) -> None:
        self.installation, self.ports, self.cookies = installation, ports, dict[str, str]()

    def ask(self, web: int, method: str, path: str, body: bytes = b"", **headers: str) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection("127.0.0.1", self.ports[web], timeout=20)
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        told = {"Host": HOST, "X-Forwarded-Proto": "https", "Referer": f"https://{HOST}/", "Cookie": cookie}
        connection.request(method, path, body, told | {name.replace("_", "-"): text for name, text in headers.items()})
        answer = connection.getresponse()
        answer.bytes = answer.read()
        connection.close()
        for line in answer.headers.get_all("Set-Cookie", []):
            name, _, value = line.split(";")[0].partition("=")
            self.cookies[name] = value
        return answer

    def get(self, web: int, path: str) -> str:
        answer = self.ask(web, "GET", path)
        assert answer.status == 200, (path, answer.status, answer.bytes[:500])
        return answer.bytes.decode()

    def post(self, web: int, path: str, **fields: object) -> http.client.HTTPResponse:
        form = urllib.parse.urlencode(fields).encode()
        kind = "application/x-www-form-urlencoded"
        return self.ask(web, "POST", path, form, Content_Type=kind, X_CSRFToken=self.cookies["__Host-csrf"])

    def send_file(self, web: int, path: str, content: bytes, **fields: object) -> http.client.HTTPResponse:
        parts = [
            f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n' for name, text in fields.items()
        ]
        head = '--b\r\nContent-Disposition: form-data; name="proof_file"; filename="report.pdf"\r\n\r\n'
        body = "".join([*parts, head]).encode() + content + b"\r\n--b--\r\n"
        kind = "multipart/form-data; boundary=b"
        return self.ask(web, "POST", path, body, Content_Type=kind, X_CSRFToken=self.cookies["__Host-csrf"])

    def sign_in(self, web: int, name: str = "designer", password: str = PASSWORD) -> http.client.HTTPResponse:
        self.get(web, "/accounts/login/")
        return self.post(web, "/accounts/login/", login=f"{name}@launchkit.example", password=password)


@pytest.fixture(scope="module")
def installed(prepared) -> Iterator[tuple[Installation, tuple[int, int]]]:
    with opened(prepared) as installation:
        ports = (installation.port, servers.free_port())
        installation.python(OPENING)
        for number, port in enumerate(ports):
            installation.start("web", name=f"web{number}", port=port)
            installation.start("worker", name=f"worker{number}")
        anybody = Pair(installation, ports)
        for web in (0, 1):
            servers.wait_until(lambda web=web: ready(anybody, web), f"web {web} is ready", seconds=60)
        yield installation, ports


def ready(pair: Pair, web: int) -> bool:
    try:
        return pair.ask(web, "GET", "/readyz").status == 200
    except OSError:
        return False


@pytest.fixture(scope="module")
def pair(installed) -> Pair:
    """Signed in once, at the first."""
    pair = Pair(*installed)
    assert pair.sign_in(0).status == 302
    return pair


def lines(installation: Installation, name: str) -> list[dict]:
    found = installation.parts[name].output.splitlines()
    return [json.loads(line) for line in found if line.startswith("{")]


def test_signed_in_at_one_and_ticked_at_the_other(pair):
    page = pair.get(1, "/services/service-0/build/")
    item = r'action="(/services/service-0/build/[^"]+/answer/)"(?:(?!</form>).)*value="done"'
    tick = re.search(item, page, re.DOTALL).group(1)
    assert pair.post(1, tick, seen=0, state="done").status == 302
    assert pair.post(0, tick, seen=0, state="open").status == 409  # the first sees what was done at the second


def test_attempts_to_sign_in_are_counted_together(installed):
    pair = Pair(*installed)
    tried = [pair.sign_in(number % 2, "somebody", "wrong").bytes.decode() for number in range(6)]
    assert ["Too many failed login attempts" in text for text in tried] == [False] * 5 + [True]


def test_what_is_published_is_seen_at_both(pair, installed):
    installation, _ports = installed
    before = [pair.get(web, "/playbooks/") for web in (0, 1)]
    file = installation.folder / "small.yaml"
    file.write_text(playbooks.text())
    installation.run("python", "manage.py", "publish_playbook", str(file))
    assert ["Small" in text for text in before] == [False, False]
    assert ["Small" in pair.get(web, "/playbooks/") for web in (0, 1)] == [True, True]
    assert ["Does it work?" in pair.get(web, "/playbooks/small/1/") for web in (1, 0)] == [True, True]


def test_handed_in_at_one_and_fetched_at_the_other(pair):
    page = pair.get(0, "/services/service-1/build/")
    entry = re.search(r'action="(/services/service-1/build/[^"]+)/answer/"', page).group(1)
    answer = pair.send_file(0, f"{entry}/evidence/", PDF, seen=0, proof_title="Test report")
    assert answer.status == 302, answer.bytes[:2000]
    link = re.search(r'href="(/services/service-1/files/evidence/\d+/)"', pair.get(1, f"{entry}/")).group(1)
    assert pair.ask(1, "GET", link).bytes == PDF


def test_reports_asked_for_at_one_are_made_by_either_and_fetched_at_the_other(pair, installed):
    installation, _ports = installed
    asked = {f"asked-at-0-for-{number}": f"/services/service-{number}/reports/" for number in range(4)}
    pages = {}
    for request, path in asked.items():
        answer = pair.ask(0, "POST", path, X_Request_ID=request, X_CSRFToken=pair.cookies["__Host-csrf"])
        assert (answer.status, answer.headers["X-Request-ID"]) == (302, request)
        pages[request] = answer.headers["Location"]
    for page in pages.values():
        servers.wait_until(lambda page=page: made(pair, page), f"{page} is made", seconds=90)
    reports = {int(page.rstrip("/").rsplit("/", 1)[1]): request for request, page in pages.items()}
    told = [line for name in ("worker0", "worker1") for line in lines(installation, name) if "report" in line]
    assert {line["report"] for line in told} == set(reports)
    named = [line for line in told if "request" in line]  # what the sweep has sent again is asked for by nobody
    assert named != []
    assert [line for line in named if line["request"] != reports[line["report"]]] == []
    answered = {line["request"]: line for line in lines(installation, "web0") if line.get("request") in asked}
    assert {line["status"] for line in answered.values()} == {302}


def made(pair: Pair, page: str) -> bool:
    return pair.ask(1, "GET", f"{page}download/").bytes.startswith(b"%PDF-")


def test_every_line_of_every_part_can_be_read_by_a_machine_and_names_nobody(installed):
    installation, _ports = installed
    for name, part in installation.parts.items():
        said = [line for line in part.output.splitlines() if line and not line.startswith("{")]
        assert [line for line in said if not line.startswith(("launchkit ", "Stop with"))] == [], name
        assert [word for word in (PASSWORD, "designer@launchkit.example") if word in part.output] == []
