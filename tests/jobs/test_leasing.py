"""Leases on rows: claimed once, fenced by their token, freed by a sweep, late by the clock."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from jobs import leasing, limits
from reviews import rendering, reporting
from reviews.models import Report

ROWS = Report.objects
PDF = {"file": "reports/1.pdf", "sha256": "0" * 64, "size": 3}


@pytest.fixture
def row(cast, service) -> Report:
    return reporting.request(by=cast.viewer, service=service, record=None, language="en")


def change(row: Report, **fields: object) -> Report:
    ROWS.filter(pk=row.pk).update(**fields)
    row.refresh_from_db()
    return row


def status(row: Report) -> leasing.Status:
    return leasing.status(leasing.judged(ROWS).get(pk=row.pk))


def ago(seconds: int):
    return timezone.now() - timedelta(seconds=seconds)


def test_limits_stand_one_inside_the_other():
    assert rendering.CHILD < limits.SOFT < limits.HARD < limits.ATTEMPT < limits.VISIBILITY
    assert limits.HARD + limits.LEASE + limits.SWEEP <= limits.ATTEMPT
    assert limits.RENEW * 3 < limits.LEASE
    assert limits.ATTEMPTS * limits.ATTEMPT <= limits.DEADLINE


def test_a_row_is_claimed_once(row):
    token = leasing.claim(ROWS.all(), row.pk)
    assert token is not None
    assert leasing.claim(ROWS.all(), row.pk) is None
    row.refresh_from_db()
    assert (row.state, row.attempts, row.lease) == ("running", 1, token)
    assert limits.LEASE - 5 < (row.lease_until - timezone.now()).total_seconds() <= limits.LEASE + 1


def test_only_the_same_token_finishes(row):
    token = leasing.claim(ROWS.all(), row.pk)
    assert not leasing.finish(ROWS.all(), row.pk, uuid4(), **PDF)
    assert leasing.finish(ROWS.all(), row.pk, token, **PDF)
    assert not leasing.finish(ROWS.all(), row.pk, token, **PDF)
    row.refresh_from_db()
    assert (row.state, row.lease, row.size) == ("done", None, 3)


def test_a_worker_that_lost_its_lease_changes_nothing(row):
    slow = leasing.claim(ROWS.all(), row.pk)
    change(row, lease_until=ago(1))
    quick = leasing.claim(ROWS.all(), row.pk)
    assert quick is not None
    assert not leasing.renew(ROWS.all(), row.pk, slow)
    assert not leasing.fail(ROWS.all(), row.pk, slow, "slow")
    assert not leasing.release(ROWS.all(), row.pk, slow)
    assert leasing.renew(ROWS.all(), row.pk, quick)
    assert change(row).attempts == 2


def test_release_hands_back_until_the_last_attempt(row):
    for attempt in range(limits.ATTEMPTS):
        assert change(row).state == "queued", attempt
        token = leasing.claim(ROWS.all(), row.pk)
        assert leasing.release(ROWS.all(), row.pk, token)
    assert (change(row).state, row.cause) == ("failed", leasing.TOO_OFTEN)
    assert leasing.claim(ROWS.all(), row.pk) is None


def test_the_sweep_frees_what_a_dead_worker_left(row):
    leasing.claim(ROWS.all(), row.pk)
    assert leasing.sweep(ROWS.all()) == leasing.Swept(late=0, exhausted=0, freed=0)
    change(row, lease_until=ago(1))
    assert leasing.sweep(ROWS.all()) == leasing.Swept(late=0, exhausted=0, freed=1)
    assert (change(row).state, row.attempts, row.published_at) == ("queued", 1, None)


def test_the_sweep_fails_what_was_tried_too_often(row):
    leasing.claim(ROWS.all(), row.pk)
    change(row, lease_until=ago(1), attempts=limits.ATTEMPTS)
    assert leasing.sweep(ROWS.all()) == leasing.Swept(late=0, exhausted=1, freed=0)
    assert (change(row).state, row.cause) == ("failed", leasing.TOO_OFTEN)


def test_past_its_deadline_a_row_has_failed_before_anybody_writes_that(row):
    change(row, deadline=ago(1))
    assert status(row) == leasing.Status("failed", leasing.TOO_LATE)
    assert row.state == "queued"
    assert leasing.claim(ROWS.all(), row.pk) is None
    assert leasing.sweep(ROWS.all()).late == 1
    assert change(row).state == "failed"


@pytest.mark.parametrize("state", ["done", "failed"])
def test_what_has_ended_stays_as_it_ended_though_its_deadline_passes(row, state):
    token = leasing.claim(ROWS.all(), row.pk)
    if state == "done":
        leasing.finish(ROWS.all(), row.pk, token, **PDF)
    else:
        leasing.fail(ROWS.all(), row.pk, token, "why")
    change(row, deadline=ago(1))
    assert status(row) == leasing.Status(state, row.cause)


def test_nothing_is_finished_after_its_deadline(row):
    token = leasing.claim(ROWS.all(), row.pk)
    change(row, deadline=ago(1))
    assert not leasing.finish(ROWS.all(), row.pk, token, **PDF)
    assert not leasing.renew(ROWS.all(), row.pk, token)


def test_unheard_are_rows_never_sent_or_sent_long_ago(row):
    change(row, published_at=None)
    assert list(leasing.unheard(ROWS.all())) == [row.pk]
    leasing.published(ROWS.all(), row.pk)
    assert list(leasing.unheard(ROWS.all())) == []
    change(row, published_at=ago(limits.UNCLAIMED + 1))
    assert list(leasing.unheard(ROWS.all())) == [row.pk]


def test_a_worker_is_deaf_when_nobody_works_on_what_was_sent(row):
    change(row, published_at=None)
    assert not leasing.idle(ROWS.all()), "never sent: the broker is away, not the worker"
    leasing.published(ROWS.all(), row.pk)
    assert leasing.idle(ROWS.all())
    leasing.claim(ROWS.all(), row.pk)
    assert not leasing.idle(ROWS.all())


def test_restart_begins_anew_and_only_what_failed(row):
    assert not leasing.restart(ROWS.all(), row.pk)
    leasing.fail(ROWS.all(), row.pk, leasing.claim(ROWS.all(), row.pk), "why")
    assert leasing.restart(ROWS.all(), row.pk)
    assert (change(row).state, row.attempts, row.cause, row.finished_at) == ("queued", 0, "", None)


def test_the_database_holds_that_only_running_rows_have_a_lease(row):
    with pytest.raises(IntegrityError), transaction.atomic():
        ROWS.filter(pk=row.pk).update(lease=uuid4())


@pytest.mark.django_db(transaction=True)
def test_of_eight_workers_one_gets_the_row(row):
    won, ready = [], threading.Barrier(8)

    def work() -> None:
        ready.wait()
        won.append(leasing.claim(ROWS.all(), row.pk))
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(token is not None for token in won) == [False] * 7 + [True]
