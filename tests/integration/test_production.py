"""What docker-compose.yml starts works: its commands and settings, on a real PostgreSQL and a real Redis."""

import re
import time
from collections.abc import Iterator

import pytest

from tests import servers
from tests.accounts import sink
from tests.integration.installation import Installation, opened

pytestmark = pytest.mark.integration

DEMO_ACCOUNT = """
from accounts.models import User
User.objects.create_user("somebody@demo.launchkit.example", "ready-to-launch", name="Somebody")
print("null")
"""
OPENING = """
import datetime
from accounts.acts import Role
from accounts.models import Membership, Team, User
from checklists import starting
from stages.models import Edition

team = Team.objects.create(name="Civil registration", slug="civil-registration")
designer = User.objects.create_user("designer@launchkit.example", None, name="Designer")
Membership.objects.create(user=designer, team=team, role=Role.DESIGNER)
planned = datetime.date.today() + datetime.timedelta(days=90)
starting.start(by=designer, team=team, edition=Edition.objects.get(), name="Births", planned_on=planned)
print("null")
"""
ASK_FOR_A_REPORT = """
from accounts.models import User
from checklists import answering
from reviews import reporting
from stages import catalogue
from stages.models import Service
designer, service = User.objects.get(email="designer@launchkit.example"), Service.objects.get()
item = catalogue.of(service.edition_id).sheets[0].of_kind("item")[0]
seen = service.answers.values_list("version", flat=True).first() or 0
answering.record(by=designer, service=service, requirement=item, seen=seen, note=f"Looked at {seen + 1} times.")
print(reporting.request(by=designer, service=service, record=None, language="en").pk)
"""
TELL = """
from accounts import noticing
from accounts.kinds import Message
from accounts.models import Team, User
told = {"subject": "review:1", "address": "/", "facts": {"service": "Births", "stage": "Build", "who": "Manager"}}
designer, team = User.objects.get(email="designer@launchkit.example"), Team.objects.get()
noticing.tell(message=Message.REVIEW_ASKED, to=[designer], by=None, team=team, **told)
print("null")
"""


@pytest.fixture(scope="module")
def installed(prepared) -> Iterator[Installation]:
    with opened(prepared) as installation:
        installation.python(OPENING)
        for part in ("web", "worker", "beat"):
            installation.start(part)
        servers.wait_until(lambda: installation.healthy, "the web container is healthy", seconds=60)
        yield installation


def test_preparing_again_changes_nothing(installed):
    said = installed.run("sh", "bin/prepare")
    assert "No migrations to apply" in said


def test_pages_are_served_only_through_https(installed):
    answer = installed.get("/accounts/login/", **{"X-Forwarded-Proto": "http"})
    assert (answer.status, answer.headers["Location"]) == (301, "https://launchkit.example/accounts/login/")


def test_a_page_carries_the_headers_that_keep_it_safe(installed):
    answer = installed.get("/accounts/login/")
    assert answer.status == 200
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["Set-Cookie"].startswith("__Host-")


def test_another_host_name_is_turned_away(installed):
    assert installed.get("/accounts/login/", Host="evil.example").status == 400


def test_the_demo_is_not_offered(installed):
    assert "ready-to-launch" not in installed.get("/accounts/login/").text


def test_what_a_page_links_to_is_served_and_may_be_kept_for_ever(installed):
    style = re.search(r'href="(/static/[^"]+\.css)"', installed.get("/accounts/login/").text).group(1)
    answer = installed.get(style)
    assert answer.status == 200
    assert "immutable" in answer.headers["Cache-Control"]


def test_a_report_goes_through_redis_and_worker_and_comes_out_as_a_pdf(installed):
    pk = installed.python(ASK_FOR_A_REPORT)
    servers.wait_until(lambda: report(installed, pk)[0] in {"done", "failed"}, "the report is done", seconds=90)
    state, cause, file = report(installed, pk)
    assert (state, cause) == ("done", "")
    assert (installed.folder / "var" / "files" / file).read_bytes().startswith(b"%PDF-")


def report(installed: Installation, pk: object) -> tuple[str, str, str]:
    return installed.look("SELECT state, cause, file FROM reviews_report WHERE id = %s", pk)[0]


def mail(installed: Installation) -> tuple[str, int]:
    """State of the one mail there is, and how often it was tried."""
    found = installed.look("SELECT state, attempts FROM accounts_mail")
    return found[0] if found else ("", 0)


def test_a_mail_server_that_hangs_holds_up_nobody_and_gets_its_mail_later(installed):
    """F25: pages and reports go on; the mail goes out when the server answers again."""
    with sink.listening() as server:
        server.hangs_at = "MAIL"
        installed.start("mail", EMAIL_URL=f"smtp://127.0.0.1:{server.port}")
        installed.python(TELL)
        servers.wait_until(lambda: mail(installed)[1], "sending was tried", seconds=60)
        began = time.monotonic()
        assert installed.get("/accounts/login/").status == 200
        assert time.monotonic() - began < 1.5
        pk = installed.python(ASK_FOR_A_REPORT)
        servers.wait_until(lambda: report(installed, pk)[0] == "done", "the report is done", seconds=90)
        server.hangs_at = ""
        installed.look("UPDATE accounts_mail SET due_at = now() WHERE state = 'waiting'")
        servers.wait_until(lambda: len(server.mails) == 1, "the mail has come", seconds=100)
        servers.wait_until(lambda: mail(installed)[0] == "sent", "that is noted", seconds=20)


def test_the_first_administrator_gets_a_link_by_mail(installed):
    said = installed.run("python", "manage.py", "create_administrator", "first@b.example", "--name", "First")
    assert "first@b.example is an administrator." in said
    assert "/accounts/password/reset/key/" in said


def test_the_first_administrator_comes_by_command_and_signs_in(installed):
    password = "a long way to Tipperary"
    words = ("--no-input", "--email", "a@b.example", "--name", "Admin")
    environment = installed.environment | {"DJANGO_SUPERUSER_PASSWORD": password}
    installed.run("python", "manage.py", "createsuperuser", *words, environment=environment)
    answer = installed.sign_in("a@b.example", password)
    assert (answer.status, answer.headers["Location"]) == (302, "/")
    assert "__Host-session=" in str(answer.headers)


def test_attempts_to_sign_in_are_counted_for_each_address_that_the_proxy_saw(installed):
    def tries(email: str, address: str) -> bool:
        headers = {"X-Forwarded-For": f"spoofed, {address}"}
        return "Too many failed login attempts" in installed.sign_in(email, "wrong", **headers).text

    assert [tries(f"guess{n}@b.example", "192.0.2.2") for n in range(11)] == [False] * 10 + [True]
    assert not tries("colleague@b.example", "192.0.2.3")


def test_without_redis_people_still_sign_in(installed):
    installed.redis.stop()
    try:
        answer, healthy = installed.sign_in("nobody@b.example", "wrong"), installed.healthy
    finally:
        installed.redis.start()
    assert (answer.status, healthy) == (200, True)


def test_without_the_database_a_page_says_when_to_come_back(installed):
    installed.postgres.stop()
    try:
        answer, healthy = installed.sign_in("another@b.example", "wrong"), installed.healthy
    finally:
        installed.postgres.start()
    assert (answer.status, answer.headers["Retry-After"], healthy) == (503, "5", False)
    assert installed.sign_in("another@b.example", "wrong").status == 200


def test_nothing_starts_while_there_are_demo_accounts(installed):
    installed.python(DEMO_ACCOUNT)
    try:
        said = [installed.run("python", "manage.py", *words, code=1) for words in (["migrate"], ["launch", "worker"])]
    finally:
        installed.look("DELETE FROM accounts_user WHERE email LIKE %s", "%@demo.launchkit.example")
    assert ["There are demo accounts: somebody@demo.launchkit.example." in one for one in said] == [True, True]


def test_a_part_that_was_told_to_stop_stops(installed):
    """Last, for it ends the parts: none may need to be killed."""
    for part in ("beat", "mail", "worker", "web"):
        installed.parts[part].stop()
        if part == "worker":
            assert installed.healthy  # that nobody makes reports is no reason to take no requests
        assert installed.parts[part].child.returncode in {0, -15, 143}, installed.parts[part].output
