"""F3 to F5, F8, F9: reports come although the broker is gone, deaf or forgetful, a record is bad, or everybody dead."""

import os
import signal
from collections.abc import Iterator

import pytest
import redis

from tests import servers
from tests.faults import shop
from tests.faults.places import beginning
from tests.faults.shop import Shop
from tests.integration.installation import opened

# By who may put aside, for this one statement, the trigger that keeps what is sealed.
POISON = """
SET session_replication_role = replica;
UPDATE reviews_snapshot SET content = '{}' WHERE id = (SELECT snapshot_id FROM reviews_report WHERE id = %s);
SET session_replication_role = origin;
"""


@pytest.fixture(scope="module")
def open_shop() -> Iterator[Shop]:
    with opened(beginning("postgresql")) as installation:
        for part in ("web", "worker"):
            installation.start(part)
        servers.wait_until(lambda: installation.healthy, "the web container is healthy", seconds=60)
        yield Shop(installation, installation.redis)


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
