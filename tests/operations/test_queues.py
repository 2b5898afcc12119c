"""Reports that wait and that failed: how long is usual, what still needs somebody."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from jobs import leasing, limits
from operations import queues
from operations.findings import Level
from reviews import reporting
from reviews.models import Report

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(service, cast) -> Report:
    return reporting.request(by=cast.viewer, service=service, record=None, language="en")


def waits(report: Report, seconds: int, **fields: object) -> None:
    deadline = timezone.now() + timedelta(seconds=limits.DEADLINE - seconds)
    Report.objects.filter(pk=report.pk).update(deadline=deadline, **fields)


def fails(report: Report, *, ago: timedelta = timedelta(0)) -> None:
    told = {"state": "failed", "finished_at": timezone.now() - ago, "cause": "Out of paper."}
    Report.objects.filter(pk=report.pk).update(**told)


def test_an_empty_queue_is_fine():
    assert queues.waiting().sentence == "None waits. None is being made."


@pytest.mark.parametrize(("seconds", "level"), [(30, Level.FINE), (100, Level.WATCH), (300, Level.ACT)])
def test_the_longer_one_waits_the_worse(report, seconds, level):
    waits(report, seconds)
    found = queues.waiting()
    assert (found.level, found.sentence[:14]) == (level, "1 waits, for " + found.sentence[13])
    assert bool(found.advice) == (level > Level.FINE)


@pytest.mark.parametrize(("sent", "advice"), [(False, "broker"), (True, "whether a worker runs")])
def test_the_advice_fits_what_is_stuck(report, sent, advice):
    waits(report, 100, published_at=timezone.now() if sent else None)
    assert advice in queues.waiting().advice


def test_one_that_is_made_does_not_wait(report):
    leasing.claim(Report.objects.all(), report.pk)
    assert queues.waiting().sentence == "None waits. 1 is being made."


def test_what_failed_is_shown_with_its_cause(report):
    fails(report)
    finding, shown = queues.failed()
    assert (finding.level, finding.sentence) == (Level.ACT, "1 in the last seven days.")
    assert [(one.report, one.cause) for one in shown] == [(report, "Out of paper.")]


def test_past_its_deadline_it_has_failed_though_nobody_lives_to_say_so(report):
    waits(report, limits.DEADLINE + 1)
    _finding, shown = queues.failed()
    assert [one.cause for one in shown] == [leasing.TOO_LATE]


@pytest.mark.parametrize("hours", [-5, 5])
def test_a_web_server_whose_clock_is_wrong_says_what_the_database_says(report, hours):
    waits(report, 100)
    with time_machine.travel(timezone.now() + timedelta(hours=hours)):
        assert (queues.waiting().level, queues.failed()[1]) == (Level.WATCH, [])
    waits(report, limits.DEADLINE + 1)
    with time_machine.travel(timezone.now() + timedelta(hours=hours)):
        assert queues.waiting().sentence == "None waits. None is being made."
        assert [one.cause for one in queues.failed()[1]] == [leasing.TOO_LATE]
        assert queues.one_failed(report.pk) == report


def test_what_was_made_since_or_failed_long_ago_needs_nobody(report, service, cast):
    fails(report, ago=timedelta(days=8))
    assert queues.failed()[0].level == Level.FINE
    fails(report)
    reporting.request(by=cast.viewer, service=service, record=report.snapshot, language="en")
    assert queues.failed()[1] == []
