"""Who works is judged by when each process last did what it is for."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from operations import processes
from operations.findings import Level
from operations.models import Heartbeat

pytestmark = pytest.mark.django_db


def heard(part: str, name: str, *, ago: int, since: int = 3600) -> None:
    now = timezone.now()
    row = {"since": now - timedelta(seconds=since), "seen_at": now - timedelta(seconds=ago)}
    Heartbeat.objects.create(part=part, name=name, **row)


def judged(part: str) -> tuple[Level, str]:
    [found] = [each for each in processes.findings(processes.known()) if each.key == f"process-{part}"]
    assert bool(found.advice) == (found.level > Level.FINE)
    return found.level, re.sub(r"\d+ seconds?", "moments", found.sentence)


@pytest.mark.parametrize("part", ["web", "worker", "mail", "scheduler"])
def test_nobody_was_ever_heard(part):
    assert judged(part) == (Level.ACT, "None has been heard within a day.")


@pytest.mark.parametrize(("part", "usual"), [("web", 60), ("worker", 150), ("mail", 135), ("scheduler", 90)])
def test_silence_is_usual_for_a_while(part, usual):
    heard(part, "one", ago=usual - 10)
    assert judged(part)[0] == Level.FINE
    Heartbeat.objects.update(seen_at=timezone.now() - timedelta(seconds=usual + 10))
    level, sentence = judged(part)
    assert (level, "it has stopped, or is deaf" in sentence) == (Level.ACT, True)


def test_one_of_two_is_silent():
    heard("web", "host:1", ago=5)
    heard("web", "host:2", ago=300)
    assert judged("web") == (Level.WATCH, "1 works, heard moments ago. Silent: host:2.")


def test_who_was_replaced_on_the_same_machine_is_not_spoken_of():
    heard("web", "host:1", ago=300)
    heard("web", "host:2", ago=5, since=200)
    assert judged("web") == (Level.FINE, "1 works, heard moments ago.")
    heard("web", "other:3", ago=300)
    assert judged("web")[0] == Level.WATCH


def test_of_schedulers_the_last_one_counts_wherever_it_runs():
    heard("scheduler", "one", ago=300)
    heard("scheduler", "other", ago=5, since=200)
    assert judged("scheduler") == (Level.FINE, "1 works, heard moments ago.")


def test_who_was_silent_for_a_day_is_not_spoken_of():
    heard("web", "host:1", ago=5)
    heard("web", "gone:1", ago=25 * 3600, since=30 * 3600)
    assert judged("web") == (Level.FINE, "1 works, heard moments ago.")
