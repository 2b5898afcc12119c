"""The page for administrators, and `manage.py doctor`: one checkup, two places."""

import os
import subprocess
import sys
import tomllib
from datetime import timedelta
from io import StringIO

import pytest
from django.conf import settings
from django.core.checks import Warning
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import TrailEntry
from operations import checkup, findings, heartbeats, versions
from operations.findings import Level
from operations.models import Heartbeat
from reviews import reporting
from reviews.models import Report
from tests.servers import ROOT

pytestmark = pytest.mark.django_db
PAGE = reverse("operations:operations")


@pytest.fixture
def failed(service, cast) -> Report:
    made = reporting.request(by=cast.viewer, service=service, record=None, language="en")
    Report.objects.update(state="failed", finished_at=timezone.now(), cause="Out of paper.")
    return made


@pytest.fixture
def working() -> None:
    for part in Heartbeat.Part.values:
        heartbeats.beat(part, f"{part}@here")


def doctor() -> tuple[int, str]:
    told = StringIO()
    try:
        call_command("doctor", stdout=told)
    except SystemExit as end:
        return end.code, told.getvalue()
    return 0, told.getvalue()


def test_everything_is_fine(cast, client_for, working):
    page = client_for(cast.administrator).get(PAGE).content.decode()
    assert "Nothing needs doing." in page
    assert "worker@here" in page
    assert doctor()[0] == 0


def test_what_needs_doing_stands_first_and_ends_with_one(failed):
    status, told = doctor()
    lines = told.splitlines()
    assert status == 1
    assert [line.split(":")[0] for line in lines[:6]] == ["Needs doing"] * 5 + ["Fine"]
    assert "Needs doing: Worker. None has been heard within a day. Nothing is made in the background." in told
    assert lines[-1].startswith(f"Launchkit {settings.VERSION}, Python 3.11")


def test_page_and_command_say_the_same(cast, client_for, failed, working):
    page, (_status, told) = client_for(cast.administrator).get(PAGE).content.decode(), doctor()
    for each in checkup.look().findings:
        if not each.key.startswith(("process", "database", "disk")):  # they change while one looks
            assert each.sentence in page
            assert each.sentence in told


def test_a_failed_report_is_tried_again_with_one_press(cast, client_for, failed):
    client, address = client_for(cast.administrator), reverse("operations:retry", args=[failed.pk])
    page = client.get(PAGE).content.decode()
    assert ("Out of paper." in page, address in page) == (True, True)
    for _ in range(2):
        told = client.post(address, follow=True).content.decode()
        assert "The report is being made again." in told
        assert "Out of paper." not in told
    failed.refresh_from_db()
    assert failed.state == "queued"
    again = TrailEntry.objects.filter(verb="ask for report again")
    assert [entry.who for entry in again] == [cast.administrator]


def test_a_report_that_is_not_there(cast, client_for):
    assert client_for(cast.administrator).post(reverse("operations:retry", args=[77])).status_code == 404


@pytest.mark.parametrize("who", ["manager", "designer", "auditor", "editor", "outsider"])
def test_only_administrators(cast, client_for, failed, who):
    client = client_for(getattr(cast, who))
    assert client.get(PAGE).status_code == 403
    assert client.post(reverse("operations:retry", args=[failed.pk])).status_code == 403
    failed.refresh_from_db()
    assert failed.state == "failed"


def test_as_many_queries_for_three_of_each_as_for_one(cast, client_for, service, failed):
    client, asked = client_for(cast.administrator), []
    for many in (1, 2):
        for number in range(many):
            heartbeats.beat("worker", f"celery@{many}{number}")
            if many > 1:
                Report.objects.create(
                    service=service,
                    snapshot=failed.snapshot,
                    record=f"{number}" * 64,
                    language="en",
                    state="failed",
                    requested_by=cast.viewer,
                    requested_at=timezone.now(),
                    deadline=timezone.now(),
                    finished_at=timezone.now(),
                    cause="Out of ink.",
                )
        with CaptureQueriesContext(connection) as queries:
            page = client.get(PAGE).content.decode()
        asked.append((len(queries), page.count('small">Try again')))
    assert asked == [(asked[0][0], 1), (asked[0][0], 3)]


def test_tables_that_are_behind_are_the_one_finding(cast, client_for):
    MigrationRecorder.Migration.objects.filter(app="operations").delete()
    status, told = doctor()
    assert (status, told.splitlines()[0]) == (
        1,
        "Needs doing: Tables. 1 step behind this version. Run: manage.py migrate.",
    )
    assert len(checkup.look().findings) == 1


def test_a_database_that_does_not_answer_is_the_one_finding():
    environment = os.environ | {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"}
    command = [sys.executable, "manage.py", "doctor"]
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (1, "")
    assert ended.stdout.startswith("Needs doing: Tables. The database does not answer: ")


def test_a_machine_without_pango_makes_no_pdf():
    found = versions._printing([Warning("missing")])
    assert (found.level, "apt-get install" in found.advice) == (Level.WATCH, True)
    assert versions._printing([]).level == Level.FINE


def test_the_version_is_the_packages():
    told = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert told["project"]["version"] == settings.VERSION


@pytest.mark.parametrize(
    ("time", "words"),
    [
        (timedelta(seconds=-3), "0 seconds"),
        (timedelta(seconds=1), "1 second"),
        (timedelta(seconds=119), "119 seconds"),
        (timedelta(minutes=2), "2 minutes"),
        (timedelta(hours=2), "2 hours"),
        (timedelta(days=2), "2 days"),
    ],
)
def test_a_length_of_time_in_its_largest_unit(time, words):
    assert findings.lasting(time) == words
