"""Reports that cannot hang: a real worker, a real Redis, a real PostgreSQL, and what may happen to each of them."""

import hashlib
import os
import signal
from collections.abc import Iterator

import pytest
import redis

from tests import servers
from tests.integration import shop
from tests.integration.installation import opened
from tests.integration.shop import Shop

pytestmark = pytest.mark.integration
# By who may put aside, for this one statement, the trigger that keeps what is sealed.
POISON = """
SET session_replication_role = replica;
UPDATE reviews_snapshot SET content = '{}' WHERE id = (SELECT snapshot_id FROM reviews_report WHERE id = %s);
SET session_replication_role = origin;
"""


@pytest.fixture(scope="module")
def open_shop(prepared) -> Iterator[Shop]:
    with opened(prepared) as installation:
        for part in ("web", "worker"):
            installation.start(part)
        servers.wait_until(lambda: installation.healthy, "the web container is healthy", seconds=60)
        yield Shop(installation, installation.redis)


def test_a_report_is_made_and_fetched(open_shop):
    asked = open_shop.ask()
    asked.wait("done", 30)
    pdf = open_shop.request("GET", f"{asked.page}download/").bytes
    sha256 = open_shop.run("SELECT sha256, size FROM reviews_report WHERE id = %s", asked.pk)[0]
    assert sha256 == (hashlib.sha256(pdf).hexdigest(), len(pdf))
    assert pdf.startswith(b"%PDF-")
    assert "The report is ready" in asked.shown()


def test_a_killed_child_and_then_a_killed_worker_lose_nothing(open_shop):
    """F1, F2: both reports are done within a minute, each finished once."""
    first = open_shop.ask()
    first.wait("running", 20)
    worker = shop.celery_of(open_shop.installation)
    for child in shop.children(worker):
        shop.kill_family(child)
    second = open_shop.ask()
    second.wait("running", 20)
    shop.kill_family(worker)
    assert first.row()[:2] == ("running", 1)
    first.wait("done", 60)
    second.wait("done", 60)
    assert [one.row()[1] for one in (first, second)] == [2, 2]
    assert [one.finished() for one in (first, second)] == [1, 1]


def test_without_a_broker_the_page_answers_and_the_report_comes_later(open_shop):
    """F3, F4: a broker that is gone, then one that accepts and says nothing."""
    open_shop.redis.stop()
    gone = open_shop.ask()
    open_shop.redis.start()
    os.kill(open_shop.redis.child.pid, signal.SIGSTOP)
    silent = open_shop.ask()
    assert open_shop.request("GET", "/readyz").status == 200, "a broker delays reports and takes no page away"
    assert "Waiting for its turn" in silent.shown()
    os.kill(open_shop.redis.child.pid, signal.SIGCONT)
    assert gone.seconds < 1.5
    assert silent.seconds < 1.5
    gone.wait("done", 60)
    silent.wait("done", 60)


def test_a_flushed_broker_loses_nothing(open_shop):
    """F5: the message is gone before a worker heard it; the sweep sends it again."""
    worker = shop.celery_of(open_shop.installation)
    os.kill(worker, signal.SIGSTOP)
    asked = [open_shop.ask(), open_shop.ask()]  # one may have gone to the stopped worker already, and not the other
    with redis.Redis.from_url(open_shop.redis.url) as broker:
        assert broker.llen("celery") >= 1, "no message waits: flushing loses nothing"
        broker.flushall()
    os.kill(worker, signal.SIGCONT)
    for one in asked:
        one.wait("done", 60)


def test_a_poisoned_record_fails_after_three_attempts_and_others_do_not(open_shop):
    """F9."""
    os.kill(worker := shop.celery_of(open_shop.installation), signal.SIGSTOP)
    poisoned, other = open_shop.ask(), open_shop.ask()
    open_shop.run(POISON, poisoned.pk)
    os.kill(worker, signal.SIGCONT)
    other.wait("done", 60)
    poisoned.wait("failed", 60)
    assert poisoned.row() == ("failed", 3, "Making it was tried three times without success.")


def test_with_everybody_dead_it_fails_by_the_clock_and_can_be_made_again(open_shop):
    """F8. Last, for it ends the worker."""
    open_shop.installation.parts["worker"].stop()
    asked = open_shop.ask()
    open_shop.installation.parts["web"].child.send_signal(signal.SIGSTOP)  # its supervisor sweeps no more
    open_shop.run("UPDATE reviews_report SET deadline = now() WHERE id = %s", asked.pk)
    assert "It was not ready in time." in asked.shown()
    assert asked.row()[0] == "queued"
    assert open_shop.request("POST", f"{asked.page}retry/").status == 302
    open_shop.installation.parts["web"].child.send_signal(signal.SIGCONT)
    open_shop.installation.start("worker")
    asked.wait("done", 60)
