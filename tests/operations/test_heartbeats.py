"""Processes say that they work, in rows that others read."""

import threading
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.utils import timezone

from launchkit.celery import scheduler_sends, worker_ends, worker_hears
from operations import heartbeats
from operations.models import Heartbeat
from reviews import tasks
from tests import servers

pytestmark = pytest.mark.django_db


def test_a_process_has_one_row_that_moves_on():
    heartbeats.beat("worker", "celery@one")
    first = Heartbeat.objects.get()
    heartbeats.beat("worker", "celery@one")
    again = Heartbeat.objects.get()
    assert (again.pk, again.since) == (first.pk, first.since)
    assert again.seen_at >= first.seen_at


def test_who_was_silent_for_a_day_is_forgotten_when_the_next_one_begins():
    heartbeats.beat("worker", "celery@old")
    heartbeats.beat("web", "host:1")
    Heartbeat.objects.update(seen_at=timezone.now() - timedelta(hours=25))
    heartbeats.beat("worker", "celery@new")
    assert list(Heartbeat.objects.values_list("part", "name")) == [("web", "host:1"), ("worker", "celery@new")]


def test_a_worker_is_heard_when_it_hears_until_it_ends():
    tasks.sweep.apply()
    assert not Heartbeat.objects.exists()  # nobody's process: the task was only called
    for name in ("celery@here", "mail@here"):
        worker_hears(task=SimpleNamespace(request=SimpleNamespace(hostname=name, is_eager=False)))
    assert [str(one) for one in Heartbeat.objects.all()] == ["mail mail@here", "worker celery@here"]
    worker_ends(sender=SimpleNamespace(hostname="mail@here"))
    assert [str(one) for one in Heartbeat.objects.all()] == ["worker celery@here"]


def test_the_scheduler_is_heard_when_a_message_has_left_it():
    scheduler_sends()
    assert [one.part for one in Heartbeat.objects.all()] == ["scheduler"]


@pytest.mark.django_db(transaction=True)
def test_a_web_server_beats_as_long_as_it_runs():
    stop = threading.Event()
    thread = heartbeats.keep("web", stop=stop, every=0.05)
    try:
        servers.wait_until(Heartbeat.objects.exists, "a first heartbeat", seconds=10)
        first = Heartbeat.objects.get().seen_at
        servers.wait_until(lambda: Heartbeat.objects.get().seen_at > first, "a second one", seconds=10)
    finally:
        stop.set()
        thread.join(10)
    assert not thread.is_alive()


@pytest.mark.django_db(transaction=True)
def test_a_database_out_of_reach_disturbs_nobody(caplog):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE operations_heartbeat RENAME TO away")
    try:
        heartbeats.quietly(heartbeats.beat, "worker", "celery@one")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE away RENAME TO operations_heartbeat")
    assert "could not say how it is" in caplog.text
    heartbeats.quietly(heartbeats.beat, "worker", "celery@one")
    assert Heartbeat.objects.count() == 1
