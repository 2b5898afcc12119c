"""F1 to F9 at once: reports are asked for all the time while workers and broker are killed, flushed, silenced."""

import contextlib
import os
import signal
import time

import redis

from tests import servers
from tests.families import children, kill_family
from tests.faults.asking import Asked, ask, count_completions
from tests.faults.places import Place, open_place

REPORTS, WAITING = 300, 15
# So many reports are done between two disturbances, on a machine of any speed; and when only a tenth is asked for.
BETWEEN, BETWEEN_OF_A_TENTH = 12, 6


def worker_of(place: Place) -> int | None:
    return next(iter(children(place.installation.parts["worker"].child.pid)), None)


def kill_child(place: Place) -> None:
    if (worker := worker_of(place)) and (found := children(worker)):
        kill_family(found[0])


def kill_worker(place: Place) -> None:
    if worker := worker_of(place):
        kill_family(worker)


def flush(place: Place) -> None:
    with redis.Redis.from_url(place.installation.redis.url) as broker:
        broker.flushall()


def kill_broker(place: Place) -> None:
    place.installation.redis.kill()
    time.sleep(2)
    place.installation.redis.start()


def silence_broker(place: Place) -> None:
    pid = place.installation.redis.child.pid
    os.kill(pid, signal.SIGSTOP)
    time.sleep(4)
    os.kill(pid, signal.SIGCONT)


CHAOS = (kill_child, flush, kill_broker, kill_child, silence_broker, kill_worker)


def ended(asked: list[Asked], place: Place) -> dict[int, tuple]:
    sql = "SELECT id, state, finished_at, deadline, attempts, cause FROM reviews_report"
    return {row[0]: row for row in place.rows(sql) if row[1] in ("done", "failed")}


def test_reports_under_chaos_are_in_time_and_made_once(request, measured):
    tenth = request.config.getoption("--tenth")
    wanted, between = (REPORTS // 10, BETWEEN_OF_A_TENTH) if tenth else (REPORTS, BETWEEN)
    with open_place("postgresql", services=wanted, small=True, parts=("web", "worker"), WORKER_CHILDREN="2") as place:
        count_completions(place)
        asked: list[Asked] = []
        done: dict[int, tuple] = {}
        began = time.monotonic()
        disturbed = 0
        while len(done) < wanted:
            assert time.monotonic() - began < 2400, (len(asked), len(done))
            if len(asked) < wanted and len(asked) - len(done) < WAITING:
                asked.append(ask(place.person(), place.slugs[len(asked)]))
            elif between * (disturbed + 1) <= len(done) < wanted:
                CHAOS[disturbed % len(CHAOS)](place)
                disturbed += 1
            else:
                time.sleep(0.2)
                done = ended(asked, place)
        seconds = time.monotonic() - began
        again = [one for one in asked if done[one.pk][1] == "failed"]
        for one in again:
            assert place.person().ask("POST", f"{one.page}retry/", {}).status == 302
        for one in again:
            one.wait("done", 120)
        servers.wait_until(place.answers, "the pages answer")
        completed = dict(place.rows("SELECT report, count(*) FROM completions GROUP BY 1"))
        twice = sum(number > 1 for number in completed.values())
        late = [pk for pk, row in done.items() if row[2] > row[3]]
        tried = sum(row[4] for row in done.values())
        assert disturbed >= 3, "hardly anything was disturbed: this proves nothing"
        assert tried > wanted, "no attempt was lost: this proves nothing"
        assert set(completed) == {one.pk for one in asked}, "each was seen to be completed"
        assert len(again) <= wanted // 10, [done[one.pk] for one in again]
        slowest = max(one.seconds for one in asked)
        what = (
            f"of {wanted} reports under {disturbed} disturbances, {tried} attempts, {len(again)} failed and made again"
        )
        measured(f"late {what}, {seconds:.0f} s", len(late), 0, "")
        measured("completed twice of those", twice, 0, "")
        measured("the slowest page that asked", slowest, 3)
        with contextlib.suppress(KeyError):
            place.installation.parts["worker"].stop()
