"""F1, F2, F7, F18: workers killed at each step, deaf, and told to stop in the middle of a report."""

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from tests import servers
from tests.families import children, descendants, kill_family
from tests.faults.asking import ask, count_completions
from tests.faults.dying import STEPS
from tests.faults.places import open_place


@pytest.fixture(scope="module")
def place():
    with open_place("postgresql", services=12, small=True) as opened:
        count_completions(opened)
        yield opened


@pytest.fixture(scope="module")
def slugs(place):
    return iter(place.slugs)


def with_worker(place) -> None:
    """Each proof can be the first, or run alone."""
    if "worker" not in place.installation.parts:
        place.ready("worker")


def test_a_kill_at_any_step_leaves_one_report(place, slugs, measured):
    """Claimed, rendered, half a file written, the file stored, the row finished: then the worker is gone."""
    if worker := place.installation.parts.pop("worker", None):
        worker.stop()  # of the proof before: here nobody is to be quicker than who dies
    asked = {step: ask(place.person(), next(slugs)) for step in STEPS}
    for step, one in asked.items():
        command = (sys.executable, "-m", "tests.faults.dying", step, str(one.pk))
        place.installation.run(*command, code=-signal.SIGKILL)
    assert [one.row()[1] for one in asked.values()] == [1] * 5, "each was claimed; whose lease has ended may wait again"
    assert [one.completions() for one in asked.values()] == [0] * 4 + [1]
    assert asked["half-stored"].files() == [".part"]
    began = time.monotonic()
    place.ready("worker")
    for one in asked.values():
        one.wait("done", 60)
    measured("killed at five steps, then a worker starts: all reports done", time.monotonic() - began, 60)
    assert {step: one.completions() for step, one in asked.items()} == dict.fromkeys(STEPS, 1)
    assert {step: one.files() for step, one in asked.items()} == {step: [".pdf"] for step in STEPS}


def test_a_killed_child_is_made_good_in_half_a_minute(place, slugs, measured):
    """F1: the process that makes a report is killed, and the one that renders for it; the worker itself lives on."""
    with_worker(place)
    asked = ask(place.person(), next(slugs))
    asked.wait("running", 30)
    began = time.monotonic()
    for child in children(place.main("worker")):
        kill_family(child)
    asked.wait("done", 60)
    measured("a killed worker child: its report is done", time.monotonic() - began, 30)
    assert asked.row()[1] == 2, "the attempt was not cut off: this proves nothing"
    assert asked.completions() == 1


def test_a_killed_worker_is_made_good_in_a_minute(place, slugs, measured):
    """F2: the worker with all that it started, while two are asked for; its supervisor starts another."""
    with_worker(place)
    asked = [ask(place.person(), next(slugs)) for _ in range(2)]
    servers.wait_until(lambda: any(one.row()[0] == "running" for one in asked), "one is being made", 30)
    began = time.monotonic()
    kill_family(place.main("worker"))
    for one in asked:
        one.wait("done", 90)
    measured("a killed worker: both reports done", time.monotonic() - began, 60)
    assert max(one.row()[1] for one in asked) == 2, "no attempt was cut off: this proves nothing"
    assert [one.completions() for one in asked] == [1, 1]


def test_a_deploy_in_the_middle_of_a_report(place, slugs, measured):
    """F18: SIGTERM while one is made and others wait; each is finished, or handed over to the next worker."""
    with_worker(place)
    asked = [ask(place.person(), next(slugs)) for _ in range(3)]
    servers.wait_until(lambda: any(one.row()[0] == "running" for one in asked), "one is being made", 30)
    began = time.monotonic()
    place.installation.parts["worker"].stop()
    place.ready("worker")
    for one in asked:
        one.wait("done", 60)
    measured("a deploy in the middle of three reports: all done", time.monotonic() - began, 60)
    assert [one.completions() for one in asked] == [1, 1, 1]


def test_a_deaf_worker_is_started_again(place, slugs, measured):
    """F7: it lives and holds its connection, and hears nothing."""
    with_worker(place)
    worker = place.main("worker")
    family = [worker, *descendants(worker)]
    os.kill(worker, signal.SIGSTOP)
    began = time.monotonic()
    asked = ask(place.person(), next(slugs))
    servers.wait_until(lambda: place.main("worker") != worker, "another worker was started", 90)
    measured("a deaf worker is replaced", time.monotonic() - began, 90)
    measured("and the report it did not hear of is done", time.monotonic() - began + asked.wait("done", 60), 120)
    assert asked.completions() == 1
    gone = lambda: not [pid for pid in family if Path(f"/proc/{pid}").exists()]  # noqa: E731
    servers.wait_until(gone, "nothing is left of the deaf one", 30)
