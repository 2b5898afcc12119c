"""F17: clocks that jump and machines that disagree: order is by sequence, deadlines and leases are the database's."""

from datetime import timedelta

import pytest
import time_machine
from django.db.models import DateTimeField
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import TrailEntry
from jobs import leasing, limits
from reviews import press, reporting
from reviews.models import Report
from tests.reviews import walking


@pytest.fixture
def edition(db):
    return walking.small_edition()


def left(report: Report) -> float:
    """Seconds until the deadline, as the database sees it."""
    row = Report.objects.annotate(now=Now(output_field=DateTimeField())).get(pk=report.pk)
    return (row.deadline - row.now).total_seconds()


@pytest.mark.parametrize("hours", [-5, 5])
def test_a_web_server_whose_clock_is_wrong_gives_a_report_its_time(cast, service, hours):
    with time_machine.travel(timezone.now() + timedelta(hours=hours)):
        report = reporting.request(by=cast.viewer, service=service, record=None, language="en")
    assert limits.DEADLINE - 10 < left(report) <= limits.DEADLINE
    press.make(report.pk)
    report.refresh_from_db()
    assert report.state == "done"


@pytest.mark.parametrize("hours", [-5, 5])
def test_a_worker_whose_clock_is_wrong_holds_its_lease_and_takes_no_other(cast, service, hours):
    report = reporting.request(by=cast.viewer, service=service, record=None, language="en")
    rows = Report.objects.all()
    token = leasing.claim(rows, report.pk)
    with time_machine.travel(timezone.now() + timedelta(hours=hours)):
        assert leasing.claim(rows, report.pk) is None
        assert leasing.sweep(rows) == leasing.Swept(late=0, exhausted=0, freed=0)
        assert leasing.renew(rows, report.pk, token)
    report.refresh_from_db()
    assert limits.LEASE - 10 < (report.lease_until - timezone.now()).total_seconds() <= limits.LEASE + 1


def test_what_was_done_later_stands_later_though_the_clock_went_back(cast, service):
    item = walking.first(service, "item")
    walking.say(service, item, cast.designer, state="done", note="first")
    with time_machine.travel(timezone.now() - timedelta(days=1)):
        walking.say(service, item, cast.second_designer, state="open", note="second")
    entries = TrailEntry.objects.filter(scope=service.scope, verb="recorded").order_by("sequence")
    assert [entry.after["note"] for entry in entries] == ["first", "second"]
    assert entries[0].at > entries[1].at
