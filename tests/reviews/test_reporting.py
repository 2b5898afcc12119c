"""Reports asked for, made, found again; and what happens when a part of that is missing."""

import json
import os
import threading
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone
from django.utils.functional import empty

from accounts.models import TrailEntry
from jobs import leasing
from reviews import press, rendering, reporting, shelf
from reviews.models import Report, Snapshot
from stages.models import Edition
from tests.reviews import walking


@pytest.fixture
def edition(db) -> Edition:
    return walking.small_edition()


@pytest.fixture
def report(cast, service) -> Report:
    return reporting.request(by=cast.viewer, service=service, record=None, language="en")


@pytest.fixture
def decision(cast, service):
    walking.fulfil(service, cast.designer, cast.second_designer)
    review = walking.ask(service, cast.designer)
    return walking.sign(review, cast.manager)


def made(report: Report) -> Report:
    press.make(report.pk)
    report.refresh_from_db()
    return report


def test_asking_seals_today_and_stores_the_row_with_it(cast, service, report):
    snapshot = Snapshot.objects.get()
    assert (report.snapshot, report.record, report.state) == (snapshot, snapshot.sha256, "queued")
    assert json.loads(snapshot.content)["service"]["name"] == service.name
    said = TrailEntry.objects.filter(scope=service.scope, subject=f"report:{report.pk}").values_list("who", "verb")
    assert list(said) == [(cast.viewer.pk, "ask for report")]


def test_asking_twice_gives_the_same_row(cast, service, report):
    again = reporting.request(by=cast.designer, service=service, record=report.snapshot, language="en")
    assert again == report
    assert Report.objects.count() == 1


def test_a_second_click_on_today_gives_the_same_row(cast, service, report):
    again = reporting.request(by=cast.viewer, service=service, record=None, language="en")
    assert again == report
    assert Snapshot.objects.count() == 1


def test_today_is_sealed_anew_when_something_changed(cast, service, report):
    walking.say(service, walking.first(service, "item"), cast.designer, state="done")
    again = reporting.request(by=cast.viewer, service=service, record=None, language="en")
    assert again.record != report.record


def test_the_id_is_sent_only_after_the_commit(cast, service, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        report = reporting.request(by=cast.viewer, service=service, record=None, language="en")
    report.refresh_from_db()
    assert report.published_at is None
    assert len(callbacks) == 1
    callbacks[0]()
    report.refresh_from_db()
    assert report.published_at is not None


def test_a_report_is_made_kept_and_the_same_when_made_again(report):
    made(report)
    first = shelf.fetch(report)
    assert first is not None
    assert first.startswith(b"%PDF-")
    assert (report.state, report.size, report.attempts) == ("done", len(first), 1)
    assert report.made_with["weasyprint"].startswith("70.")
    default_storage.delete(report.file.name)
    again = made(reporting.retry(by=report.requested_by, report=report))
    assert shelf.fetch(again) == first


@pytest.mark.usefixtures("printed_before")
def test_a_message_that_arrives_twice_makes_one_report(report):
    made(report)
    ended = report.finished_at
    assert (made(report).attempts, report.finished_at) == (1, ended)


def test_a_decision_is_rendered_with_its_picture(cast, service, decision):
    report = made(reporting.request(by=cast.manager, service=service, record=decision, language="en"))
    assert (report.record, report.snapshot, report.state) == (decision.sha256, decision.review.snapshot, "done")


def test_a_record_that_cannot_be_read_fails_after_three_attempts_and_others_do_not(cast, service, report):
    poison = Snapshot.objects.create(
        service=service,
        passage=report.snapshot.passage,
        content='{"format": 1}',
        sha256="f" * 64,
        material="",
        sealed_by=cast.viewer,
        sealed_at=timezone.now(),
    )
    bad = reporting.request(by=cast.viewer, service=service, record=poison, language="en")
    states = [made(bad).state for _ in range(4)]
    assert states == ["queued", "queued", "failed", "failed"]
    assert (bad.cause, bad.attempts) == (leasing.TOO_OFTEN, 3)
    assert made(report).state == "done"


def test_what_needs_too_much_fails_with_advice_at_once(report, monkeypatch):
    monkeypatch.setattr(rendering.pdf, "__kwdefaults__", rendering.pdf.__kwdefaults__ | {"allowance": TINY})
    made(report)
    assert (report.state, report.cause, report.attempts) == ("failed", rendering.TOO_MUCH, 1)


TINY = rendering.Allowance(seconds=1, memory=64 * rendering.MIB)


@pytest.mark.usefixtures("printed_before")
def test_a_failed_report_can_be_made_again_in_the_same_place(cast, report):
    token = leasing.claim(Report.objects.all(), report.pk)
    leasing.fail(Report.objects.all(), report.pk, token, rendering.TOO_MUCH)
    again = reporting.retry(by=cast.viewer, report=report)
    assert (again.pk, again.state, again.attempts, again.cause) == (report.pk, "queued", 0, "")
    assert made(again).state == "done"


def test_asking_for_what_failed_by_the_clock_starts_it_again(cast, service, report):
    Report.objects.update(deadline=timezone.now() - timedelta(seconds=1))
    again = reporting.request(by=cast.viewer, service=service, record=report.snapshot, language="en")
    assert again == report
    assert (again.state, again.deadline > timezone.now()) == ("queued", True)


def test_retrying_what_failed_gives_the_one_that_did_not(cast, service, report):
    leasing.fail(Report.objects.all(), report.pk, leasing.claim(Report.objects.all(), report.pk), "why")
    other = reporting.request(by=cast.viewer, service=service, record=report.snapshot, language="en")
    assert other != report
    assert reporting.retry(by=cast.viewer, report=report) == other


@pytest.mark.usefixtures("printed_before")
def test_retrying_what_is_well_changes_nothing(cast, report):
    made(report)
    assert reporting.retry(by=cast.viewer, report=report).state == "done"


@pytest.mark.usefixtures("printed_before")
def test_an_altered_file_is_missed(report):
    made(report)
    with default_storage.open(report.file.name, "ab") as file:
        file.write(b"more")
    assert shelf.fetch(report) is None


@pytest.mark.usefixtures("printed_before")
def test_a_full_disk_leaves_no_file_behind(report, monkeypatch, own_state):
    before = set((own_state / "files").rglob("*"))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    assert (made(report).state, report.file.name) == ("queued", "")
    assert {path for path in set((own_state / "files").rglob("*")) - before if path.is_file()} == set()


@pytest.mark.usefixtures("printed_before")
def test_the_first_file_of_a_process_is_written_as_whole_as_any(report, monkeypatch):
    """In a new worker nobody has asked the storage for anything yet."""
    synced, sync = [], os.fsync
    monkeypatch.setattr("os.fsync", lambda number: synced.append(number) or sync(number))
    monkeypatch.setattr(default_storage, "_wrapped", empty)
    assert made(report).state == "done"
    assert len(synced) == 1


@pytest.mark.usefixtures("printed_before")
def test_what_a_killed_worker_left_goes_with_the_next_attempt(report, own_state):
    folder = own_state / "files" / "reports"
    folder.mkdir(parents=True, exist_ok=True)
    left = folder / f"{report.pk}-0123456789abcdef.4711.part"
    left.write_bytes(b"%PDF-half")
    assert made(report).state == "done"
    assert not left.exists()


def test_the_sweep_sends_what_nobody_heard(report):
    Report.objects.update(published_at=None)
    press.sweep()
    report.refresh_from_db()
    assert report.published_at is not None


@pytest.mark.django_db(transaction=True)
def test_of_two_people_asking_at_once_both_get_the_same_report(cast, service):
    snapshot = reporting.request(by=cast.viewer, service=service, record=None, language="en").snapshot
    Report.objects.all().delete()
    found, ready = [], threading.Barrier(4)

    def ask() -> None:
        ready.wait()
        found.append(reporting.request(by=cast.viewer, service=service, record=snapshot, language="en").pk)
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == 1
