"""F3 to F5, F8, F9: reports come although the broker is gone, deaf or forgetful, a record is bad, or everybody dead."""

import os
import signal
from collections.abc import Callable, Iterator

import pytest
import redis

from tests.faults.asking import Asked, ask
from tests.faults.places import Place, open_place

# By who may put aside, for this one statement, the trigger that keeps what is sealed.
POISON = """
SET session_replication_role = replica;
UPDATE reviews_snapshot SET content = '{}' WHERE id = (SELECT snapshot_id FROM reviews_report WHERE id = ?);
SET session_replication_role = origin;
"""


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    with open_place("postgresql", services=12, small=True, parts=("web", "worker")) as opened:
        yield opened


@pytest.fixture(scope="module")
def asked(place) -> Callable[[], Asked]:
    """`asked()` is a report of another record each time."""
    slugs = iter(place.slugs)
    return lambda: ask(place.person(), next(slugs))


def shown(report: Asked) -> str:
    return report.place.person().ask("GET", report.page).bytes.decode()


def test_without_a_broker_the_page_answers_and_the_report_comes_later(place, asked):
    """F3, F4: a broker that is gone, then one that accepts and says nothing."""
    place.installation.redis.stop()
    gone = asked()
    place.installation.redis.start()
    os.kill(place.installation.redis.child.pid, signal.SIGSTOP)
    silent = asked()
    assert place.person().ask("GET", "/readyz").status == 200, "a broker delays reports and takes no page away"
    assert "Waiting for its turn" in shown(silent)
    os.kill(place.installation.redis.child.pid, signal.SIGCONT)
    assert gone.seconds < 1.5
    assert silent.seconds < 1.5
    gone.wait("done", 60)
    silent.wait("done", 60)


def test_a_flushed_broker_loses_nothing(place, asked):
    """F5: the message is gone before a worker heard it; the sweep sends it again."""
    worker = place.main("worker")
    os.kill(worker, signal.SIGSTOP)
    both = [asked(), asked()]  # one may have gone to the stopped worker already, and not the other
    with redis.Redis.from_url(place.installation.redis.url) as broker:
        assert broker.llen("celery") >= 1, "no message waits: flushing loses nothing"
        broker.flushall()
    os.kill(worker, signal.SIGCONT)
    for one in both:
        one.wait("done", 60)


def test_a_poisoned_record_fails_after_three_attempts_and_others_do_not(place, asked):
    """F9."""
    os.kill(worker := place.main("worker"), signal.SIGSTOP)
    poisoned, other = asked(), asked()
    place.rows(POISON, poisoned.pk)
    os.kill(worker, signal.SIGCONT)
    other.wait("done", 60)
    poisoned.wait("failed", 60)
    assert poisoned.row() == ("failed", 3, "Making it was tried three times without success.")


def test_with_everybody_dead_it_fails_by_the_clock_and_can_be_made_again(place, asked):
    """F8. Last, for it ends the worker."""
    place.installation.parts["worker"].stop()
    report = asked()
    place.installation.parts["web"].child.send_signal(signal.SIGSTOP)  # its supervisor sweeps no more
    place.rows("UPDATE reviews_report SET deadline = now() WHERE id = ?", report.pk)
    assert "It was not ready in time." in shown(report)
    assert report.row()[0] == "queued"
    assert place.person().ask("POST", f"{report.page}retry/", {}).status == 302
    place.installation.parts["web"].child.send_signal(signal.SIGCONT)
    place.installation.start("worker")
    report.wait("done", 60)
