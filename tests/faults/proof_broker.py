"""F6: the broker is killed while a report is made and another waits, and comes back later."""

import time

from tests.faults.asking import ask, count_completions
from tests.faults.places import open_place


def test_a_broker_killed_in_the_middle_loses_nothing(measured):
    with open_place("postgresql", services=3, small=True, parts=("web", "worker")) as place:
        count_completions(place)
        first, second = (ask(place.person(), slug) for slug in place.slugs[:2])
        first.wait("running", 20)
        place.installation.redis.kill()
        third = ask(place.person(), place.slugs[2])
        measured("broker killed: the page answers", third.seconds, 1.5)
        time.sleep(3)
        place.installation.redis.start()
        began = time.monotonic()
        for one in (first, second, third):
            one.wait("done", 60)
        measured("broker killed mid-task and started again: all reports done", time.monotonic() - began, 60)
        assert [one.completions() for one in (first, second, third)] == [1, 1, 1]
