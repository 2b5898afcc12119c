"""Lines of the log: what they belong to, and what nobody may read in them."""

import io
import json
import logging
import os
import subprocess
import sys
import time
from types import SimpleNamespace

import pytest
from celery import signals
from django.http import HttpRequest
from django.urls import path
from django.utils.log import AdminEmailHandler

from launchkit import logs
from launchkit.celery import ASKED_BY, task_begins, task_ends
from launchkit.urls import urlpatterns as product
from tests.cast import PASSWORD
from tests.servers import ROOT

SECRET = "hunter2-and-more"


def broken(request: HttpRequest) -> None:
    """A page with a fault that tells everything it knows."""
    request.user.get_username()
    raise ValueError(f"cannot take {request.POST!r} {request.POST.dict()} {dict(request.headers)} {request.COOKIES}")


urlpatterns = [*product, path("broken/", broken)]


@pytest.fixture
def lines(monkeypatch):
    """What production would write while the test runs, line by line."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logs.ForMachines())
    root, done = logging.getLogger(), logging.getLogger("launchkit.done")
    monkeypatch.setattr(root, "handlers", [handler])
    monkeypatch.setattr(done, "level", logging.INFO)
    logging.getLogger("launchkit.done").manager._clear_cache()
    return lambda: [json.loads(line) for line in written.getvalue().splitlines()]


def test_a_request_is_one_line(lines, cast, client_for):
    client = client_for(cast.designer)
    answer = client.get("/?q=secret+plans", headers={"X-Request-ID": "proxy-0001"})
    (line,) = lines()
    assert {**line, "time": "", "ms": 0} == {
        "time": "",
        "level": "INFO",
        "logger": "launchkit.done",
        "message": "answered",
        "request": "proxy-0001",
        "user": cast.designer.pk,
        "method": "GET",
        "path": "/",
        "status": 200,
        "ms": 0,
    }
    assert line["ms"] > 0
    assert answer["X-Request-ID"] == "proxy-0001"


@pytest.mark.parametrize("given", ["", "short", "a" * 65, 'forged"}\n{"level": "INFO"', "with space in it"])
def test_an_id_that_no_proxy_gives_is_replaced(lines, client, given):
    answer = client.get("/healthz/", headers={"X-Request-ID": given})
    (line,) = lines()
    assert line["request"] == answer["X-Request-ID"] != given
    assert logs.belongs_to() == {}


def test_who_is_signed_in_is_not_asked_for_by_the_line(lines, client, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        client.get("/healthz")
        client.get("/nowhere.txt", headers={"X-Forwarded-Proto": "https"})
    assert [(line["path"], "user" in line) for line in lines()] == [("/nowhere.txt", False)]


@pytest.mark.django_db
def test_a_sign_in_that_fails_leaves_no_password(lines, cast, client):
    told = {"login": cast.designer.email, "password": SECRET}
    assert client.post("/accounts/login/", told).status_code == 200
    assert [line["path"] for line in lines()] == ["/accounts/login/"]
    assert not {SECRET, cast.designer.email} & set(json.dumps(lines()).replace('"', " ").split())
    assert SECRET not in json.dumps(lines())


@pytest.mark.django_db
@pytest.mark.urls(__name__)
def test_a_fault_is_told_with_its_traceback_and_nothing_that_was_sent(lines, cast, client_for):
    client = client_for(cast.designer)
    client.raise_request_exception = False
    key = client.session.session_key
    sent = {"password": SECRET, "csrfmiddlewaretoken": SECRET + "1", "code": "1", "name": "Ada"}
    secrets = {"HTTP_AUTHORIZATION": f"Bearer {SECRET}", "HTTP_X_CSRFTOKEN": SECRET + "2"}
    assert client.post("/broken/", sent, **secrets).status_code == 500
    fault, answered = lines()
    assert (fault["logger"], fault["user"], fault["request"]) == (
        "django.request",
        cast.designer.pk,
        answered["request"],
    )
    assert "ValueError: cannot take" in fault["fault"]
    assert "Ada" in fault["fault"]  # what is no secret stays
    assert [word for word in (SECRET, key, PASSWORD, cast.designer.email) if word in json.dumps(lines())] == []


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("password=abc&next=/", "password=[hidden]&next=/"),
        ("{'new_password1': 'a b', 'x': 1}", "{'new_password1': [hidden], 'x': 1}"),
        ('"client_secret": "a\\"b"', '"client_secret": [hidden]'),
        ("<QueryDict: {'password': ['a, b'], 'x': ['1']}>", "<QueryDict: {'password': [hidden], 'x': ['1']}>"),
        ("Authorization: Bearer abc.def\nHost: x", "Authorization: [hidden]\nHost: x"),
        ("Cookie: a=b; __Host-session=c", "Cookie: [hidden]"),
        ("sessionid=abc; path=/", "sessionid=[hidden]; path=/"),
        ("postgres://me:p:w/d@db:5432/x is away", "postgres://me:[hidden]@db:5432/x is away"),
        ("redis://:pw@cache:6379/0", "redis://:[hidden]@cache:6379/0"),
        ("GET /join/aBc-123/ 302", "GET /join/[hidden]/ 302"),
        ("/accounts/password/reset/key/1a-c0ffee/", "/accounts/password/reset/key/[hidden]/"),
        ("/unsubscribe/tok.en/at-once/", "/unsubscribe/[hidden]/at-once/"),
        ("otpauth://totp/L:a?secret=JBSW", "[hidden]"),
        ("refused: ada@example.org", "refused: [hidden]@example.org"),
        ("report 7 could not be sent to a worker", "report 7 could not be sent to a worker"),
        ("evidence/11/75a93f52d47d4b278d13e79f332dbf70.pdf", "evidence/11/75a93f52d47d4b278d13e79f332dbf70.pdf"),
        ("{'code': '123456', 'status_code': 404}", "{'code': [hidden], 'status_code': 404}"),
        ("/services/child-benefit/go-live/", "/services/child-benefit/go-live/"),
    ],
)
def test_what_is_hidden_and_what_is_not(text, clean):
    assert logs.redacted(text) == clean


def test_the_keys_of_this_installation_are_hidden_wherever_they_turn_up(settings, monkeypatch):
    monkeypatch.setitem(settings.DATABASES["default"], "PASSWORD", "db pw")
    settings.SECRET_KEY_FALLBACKS = ["former"]
    said = f"a {settings.SECRET_KEY} b {settings.TRAIL_KEY} c db pw d former"
    assert logs.redacted(said) == "a [hidden] b [hidden] c [hidden] d [hidden]"


@pytest.mark.parametrize(
    "part", ["a", "a-", "token", 'token="', "password=", "://", "a://b:", "a@", "code", "[", "cookie: "]
)
def test_a_line_that_is_made_to_be_slow_is_not(part):
    long = part * (200_000 // len(part)) + " token"
    began = time.process_time()
    assert len(logs.redacted(long)) < 2 * logs.LONGEST
    assert time.process_time() - began < 2


def test_people_read_the_same_in_a_line_of_their_own():
    record = logging.LogRecord("launchkit", logging.ERROR, "", 1, "worker ended: token=%s", ("abc",), None)
    with logs.about(task="t1", report=7):
        assert (
            logs.ForPeople().format(record).endswith(" ERROR launchkit worker ended: token=[hidden] [task=t1 report=7]")
        )


def test_no_address_forges_a_line():
    record = logging.LogRecord("launchkit.done", logging.INFO, "", 1, "answered", (), None)
    record.facts = {"path": "/ė\n2026 ERROR forged\r\x1b[2J\x9b\u2028"}
    line = logs.ForPeople().format(record)
    assert line.endswith("[path=/ė\\n2026 ERROR forged\\r\\x1b[2J\\x9b\\u2028]")


@pytest.mark.parametrize(("mode", "form"), [(False, logs.ForPeople), (True, logs.ForMachines)])
def test_the_form_follows_the_installation(settings, mode, form):
    settings.PRODUCTION = mode
    assert type(logs.formatter()) is form


def test_nothing_is_mailed():
    """Error mails of Django would carry settings and what was posted."""
    loggers = [
        logging.getLogger(),
        *(logging.getLogger(name) for name in ("django", "django.request", "django.security")),
    ]
    assert [one for logger in loggers for one in logger.handlers if isinstance(one, AdminEmailHandler)] == []


def test_a_request_goes_with_its_message_and_a_task_is_a_line(lines):
    headers: dict[str, object] = {}
    with logs.about(request="r-12345678"):
        signals.before_task_publish.send(sender="reviews.tasks.make_report", headers=headers)
    assert headers == {ASKED_BY: "r-12345678"}
    asked = SimpleNamespace(is_eager=False, hostname="celery@here", get=headers.get)
    task = SimpleNamespace(name="reviews.tasks.make_report", request=asked)
    task_begins(task=task, task_id="t-1", args=[7])
    task_ends(task=task, state="SUCCESS")
    (line,) = lines()
    told = {name: line[name] for name in ("task", "request", "report", "name", "state")}
    assert told == {
        "task": "t-1",
        "request": "r-12345678",
        "report": 7,
        "name": "reviews.tasks.make_report",
        "state": "SUCCESS",
    }
    assert logs.belongs_to() == {}


def test_an_address_of_the_database_that_cannot_be_read_is_told_without_its_password(tmp_path):
    environment = {"PATH": os.environ["PATH"], "LAUNCHKIT_VAR": str(tmp_path), "LAUNCHKIT_ENV_FILE": os.devnull}
    environment["DATABASE_URL"] = "postgres://me:se/cret@127.0.0.1:5432/launchkit"
    command = [sys.executable, "manage.py", "check"]
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (run.returncode, "DATABASE_URL cannot be read" in run.stderr) == (1, True)
    assert [part for part in ("se/cret", "cret@", "'se'") if part in run.stdout + run.stderr] == []
