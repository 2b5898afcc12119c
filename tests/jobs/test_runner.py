"""A job from a message to its end: what it returns is written once, and what it raises decides what becomes of it."""

import pytest

from jobs import leasing, runner
from jobs.runner import Hopeless, Job, LeaseLost
from reviews import reporting
from reviews.models import Report

PDF = {"file": "reports/1.pdf", "sha256": "0" * 64, "size": 3}


@pytest.fixture
def row(cast, service) -> Report:
    return reporting.request(by=cast.viewer, service=service, record=None, language="en")


def run(row: Report, do) -> tuple[str, int, str]:
    runner.run(Job(Report, task="reviews.tasks.make_report", do=do), row.pk)
    row.refresh_from_db()
    return row.state, row.attempts, row.cause


def test_what_it_returns_is_the_result(row):
    assert run(row, lambda pk, hold: PDF) == ("done", 1, "")
    assert (row.file.name, row.size) == (PDF["file"], PDF["size"])


def test_a_message_that_comes_twice_does_it_once(row):
    done = []
    for _message in range(2):
        run(row, lambda pk, hold: done.append(pk) or PDF)
    assert done == [row.pk]


def test_holding_on_renews_the_lease(row):
    def slow(pk, hold):
        Report.objects.update(lease_until=row.deadline)
        assert hold()
        row.refresh_from_db()
        assert row.lease_until < row.deadline
        return PDF

    assert run(row, slow)[0] == "done"


def test_what_is_hopeless_fails_at_once_and_says_why(row):
    def hopeless(pk, hold):
        raise Hopeless("No printer was ever so tired.")

    assert run(row, hopeless) == ("failed", 1, "No printer was ever so tired.")


def test_what_goes_wrong_is_tried_three_times(row, caplog):
    def wrong(pk, hold):
        raise OSError("the disk is full")

    assert [run(row, wrong)[0] for _ in range(4)] == ["queued", "queued", "failed", "failed"]
    assert (row.attempts, row.cause) == (3, leasing.TOO_OFTEN)
    assert caplog.text.count("report") >= 3


@pytest.mark.parametrize("notices", [True, False])
def test_who_lost_the_lease_changes_nothing(row, notices):
    """Another worker has it meanwhile: whether this one notices or comes late with a result."""

    def robbed(pk, hold):
        Report.objects.update(state="queued", lease=None, lease_until=None)
        leasing.claim(Report.objects.all(), pk)
        if notices and not hold():
            raise LeaseLost
        return PDF

    assert run(row, robbed) == ("running", 2, "")
    assert row.file.name == ""


def test_what_cannot_be_sent_stays_unsent_and_is_sent_later(row, monkeypatch):
    job = Job(Report, task="reviews.tasks.make_report", do=lambda pk, hold: PDF)
    sent = []
    with monkeypatch.context() as patch:
        patch.setattr("celery.current_app.send_task", lambda *_, **__: 1 / 0)
        assert not runner.send(job, row.pk)
    assert runner.backlog(job) == {"waiting": 1, "unsent": 1}
    monkeypatch.setattr("celery.current_app.send_task", lambda task, args, **_: sent.append((task, args)))
    runner.sweep(job)
    assert sent == [("reviews.tasks.make_report", [row.pk])]
    assert runner.backlog(job) == {"waiting": 1, "unsent": 0}
    assert runner.idle(job)
