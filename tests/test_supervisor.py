"""The supervisor: real child processes, kept alive, given up on, ended; and a worker judged by the database."""

import os
import signal
import socket
import sys
import threading
import time

import pytest
from django.db import DatabaseError, InterfaceError, OperationalError, connection

from jobs import leasing, limits
from launchkit import parts, supervisor, sweeps
from launchkit.celery import app, folders
from launchkit.celery import redis as redis_options
from launchkit.supervisor import KeepsDying, Part, Supervisor
from reviews import press, reporting
from reviews.models import Report

SLEEPS = (sys.executable, "-c", "import time; time.sleep(60)")
STUBBORN = (sys.executable, "-c", "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(60)")
FAILS = (sys.executable, "-c", "raise SystemExit(3)")


@pytest.fixture
def part():
    made: list[Part] = []

    def of(command, name: str = "worker") -> Part:
        made.append(Part(name, command))
        return made[-1]

    yield of
    for one in made:
        one.stop(signal.SIGKILL)
        one.end(time.monotonic())


def test_a_part_that_ended_is_started_again_later_each_time(part, monkeypatch):
    one = part(FAILS)
    waits = []
    for _ in range(supervisor.DEATHS - 1):
        one.tend()
        one.process.wait()
        one.tend()
        waits.append(round(one.due_at - time.monotonic()))
        assert one.process is None, "not at once"
        one.due_at = 0
    assert waits == [1, 2, 4, 8]
    one.tend()
    one.process.wait()
    with pytest.raises(KeepsDying, match="worker ended 5 times in a row, the last time with status 3"):
        one.tend()


def test_a_death_after_a_calm_time_is_not_held_against_it(part):
    one = part(SLEEPS)
    one.tend()
    one.deaths = supervisor.DEATHS - 1
    one.started_at -= supervisor.CALM + 1
    one.stop(signal.SIGKILL)
    one.process.wait()
    one.tend()
    assert one.deaths == 1


def test_what_does_not_end_by_itself_is_ended(part, monkeypatch):
    monkeypatch.setattr(supervisor, "GRACE", 0.5)
    one = part(STUBBORN)
    boss = Supervisor([one])
    one.start()
    time.sleep(0.3)
    boss._end()
    assert one.process.returncode == -signal.SIGKILL


def test_it_runs_until_it_is_told_to_stop(part, monkeypatch):
    monkeypatch.setattr(sweeps, "SWEEPS", ())
    monkeypatch.setattr(press, "idle", lambda: False)
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)}
    one, told = part(SLEEPS), []
    threading.Timer(1, os.kill, [os.getpid(), signal.SIGTERM]).start()
    try:
        Supervisor([one]).run(answers=lambda: True, ready=lambda: told.append(one.process.pid))
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    assert told == [one.process.pid]
    assert one.process.returncode == -signal.SIGTERM


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_a_database_out_of_reach_does_not_bring_it_down(part, monkeypatch, caplog, error):
    def away() -> None:
        raise error("no connection")

    monkeypatch.setattr(press, "idle", away)
    monkeypatch.setattr(sweeps, "SWEEPS", ())
    Supervisor([part(SLEEPS)]).sweep()
    assert "the sweep could not reach the database: no connection" in caplog.text


def test_one_sweep_keeps_no_other_back(monkeypatch, caplog):
    def away() -> None:
        raise DatabaseError("no connection")

    swept = []
    monkeypatch.setattr(sweeps, "SWEEPS", (away, lambda: swept.append("the other")))
    sweeps.run()
    assert swept == ["the other"]
    assert "could not reach the database: no connection" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_is_cut_in_one_sweep_is_a_new_one_in_the_next(monkeypatch):
    def cut() -> None:
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        raise OperationalError("server closed the connection unexpectedly")

    counted = []
    monkeypatch.setattr(sweeps, "SWEEPS", (cut, lambda: counted.append(Report.objects.count())))
    sweeps.run()
    assert counted == [0]


@pytest.mark.django_db(transaction=True)
def test_a_deaf_worker_is_restarted(part, cast, service):
    """F7: it lives, a report waits that it was told of, and nobody makes it."""
    report = reporting.request(by=cast.viewer, service=service, record=None, language="en")
    worker = part(SLEEPS)
    boss = Supervisor([worker])
    worker.tend()
    boss.sweep()
    assert boss.idle_since is not None
    worker.started_at = boss.idle_since = time.monotonic() - limits.DEAF - 1
    leasing.claim(Report.objects.all(), report.pk)
    boss.sweep()
    assert boss.idle_since is None, "somebody works: not deaf"
    assert worker.process.poll() is None
    Report.objects.update(state="queued", lease=None, lease_until=None)
    boss.sweep()
    worker.started_at = boss.idle_since = time.monotonic() - limits.DEAF - 1
    boss.sweep()
    assert worker.process.wait(5) == -signal.SIGKILL


def test_a_taken_port_gives_the_next_one_and_in_production_a_refusal(settings):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert parts.free_port("127.0.0.1", port) > port
        settings.PRODUCTION = True
        with pytest.raises(OSError, match=f"Port {port} is taken"):
            parts.free_port("127.0.0.1", port)


def test_what_celery_may_do_is_what_the_limits_say(tmp_path):
    assert (app.conf.task_soft_time_limit, app.conf.task_time_limit) == (limits.SOFT, limits.HARD)
    assert (app.conf.task_acks_late, app.conf.worker_prefetch_multiplier) == (True, 1)
    assert (list(app.conf.accept_content), app.conf.task_ignore_result) == (["json"], True)
    assert app.conf.task_reject_on_worker_lost, "a message whose worker was killed goes back at once"
    assert redis_options()["visibility_timeout"] == limits.VISIBILITY
    assert redis_options()["unacked_restore_interval"] < limits.VISIBILITY, "and one that was never acknowledged, later"
    options = folders(tmp_path)
    app.loader.import_default_modules()
    assert options["data_folder_in"] == options["data_folder_out"]
    assert (options["store_processed"], options["polling_interval"]) == (False, 0.1)
    assert {"reviews.tasks.make_report", "reviews.tasks.sweep"} <= set(app.tasks)
    assert {one["task"] for one in app.conf.beat_schedule.values()} <= set(app.tasks)
