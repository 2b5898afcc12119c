"""F24 and the crowd: what was acknowledged is there, whoever is killed; and nobody overwrites anybody unseen."""

import http.client
import itertools
import os
import random
import signal
import threading
import time
from collections import Counter
from contextlib import closing

import pytest

from tests import servers
from tests.families import children, kill_family
from tests.faults.places import ENGINES, Person, Place, open_place

WRITERS, TICKS, KILLS = 16, 20_000, 20
PEOPLE, ENTRIES, WRITES = 20, 5, 2_000
STATES = ("done", "open")


@pytest.fixture(scope="module", params=ENGINES)
def place(request):
    with open_place(request.param, people=PEOPLE, services=9, WEB_PROCESSES="2") as opened:
        yield opened


def number(request, full: int) -> int:
    return full // 10 if request.config.getoption("--tenth") else full


def answered(person: Person, service: str, item: str, version: int, note: str) -> int | str:
    """The status of the answer to a tick, or the name of what went wrong instead of one."""
    try:
        return person.tick(service, item, STATES[version % 2], version, note).status
    except (OSError, http.client.HTTPException) as gone:
        return type(gone).__name__


class Writer(threading.Thread):
    """Ticks entries that are its own until told to stop; remembers each answer that said *done*.

    The last of the services is left to others.
    """

    def __init__(self, place: Place, mine: int, enough: threading.Event):
        super().__init__(daemon=True)
        self.place, self.mine, self.enough = place, mine, enough
        services, half = place.slugs[:-1], len(place.items) // 2
        self.service = services[mine % len(services)]
        self.items = place.items[:half] if mine < len(services) else place.items[half:]
        self.versions = dict.fromkeys(self.items, 0)
        self.acknowledged: list[str] = []
        self.other: Counter = Counter()

    def run(self) -> None:
        with closing(self.place.person(self.mine)) as person:
            for count in itertools.count():
                if self.enough.is_set():
                    return
                self.tick(person, self.items[count % len(self.items)], f"{self.mine}-{count}")

    def tick(self, person: Person, item: str, note: str) -> None:
        version = self.versions[item]
        told = answered(person, self.service, item, version, note)
        if told == 302:
            self.acknowledged.append(note)
            self.versions[item] += 1
        else:
            self.other[told] += 1
            self.look_again(item)

    def look_again(self, item: str) -> None:
        """Nobody knows whether it was written: the database is asked, a moment later, when it can be."""
        time.sleep(0.3)
        while not self.place.database_answers():
            time.sleep(0.3)
        sql = (
            "SELECT a.version FROM checklists_answer a JOIN stages_requirement r ON r.id = a.requirement_id"
            " JOIN stages_service s ON s.id = a.service_id WHERE s.slug = ? AND r.slug = ?"
        )
        self.versions[item] = next(iter(self.place.rows(sql, self.service, item)), (0,))[0]


def kill_one(place: Place, turn: int) -> bool:
    """A web process in the middle of its work; every fifth time the whole web server. False when there was none."""
    main = place.main("web")
    if turn % 5 == 4:
        kill_family(main)
    elif workers := children(main):
        os.kill(random.choice(workers), signal.SIGKILL)
    else:
        return False
    return True


def test_no_acknowledged_tick_is_lost_when_the_server_is_killed(place, request, measured):
    ticks, kills = number(request, TICKS), max(number(request, KILLS), 5)
    enough, began = threading.Event(), time.monotonic()
    writers = [Writer(place, mine, enough) for mine in range(WRITERS)]
    for writer in writers:
        writer.start()
    turn = 0
    while (done := sum(len(writer.acknowledged) for writer in writers)) < ticks or turn < kills:
        assert time.monotonic() - began < 3000, (done, turn, [writer.other for writer in writers])
        if turn < kills and done >= ticks * (turn + 0.5) / kills:
            turn += kill_one(place, turn)
        time.sleep(0.05)
    seconds = time.monotonic() - began
    enough.set()
    for writer in writers:
        writer.join()
    acknowledged = {note for writer in writers for note in writer.acknowledged}
    kept = {note for told in place.trail().values() for _version, note in told}
    place.assert_nothing_is_half_written()
    disturbed = sum((writer.other for writer in writers), Counter())
    assert disturbed, "no kill was noticed by anybody: this proves nothing"
    gone = {"RemoteDisconnected", "ConnectionResetError", "ConnectionRefusedError", "BrokenPipeError", "IncompleteRead"}
    assert set(disturbed) <= gone | {409, 503}
    what = f"lost of {len(acknowledged):,} acknowledged over {turn} kills, {place.engine}, {seconds:.0f} s"
    measured(what, len(acknowledged - kept), 0, "")


def test_twenty_people_on_five_entries_lose_no_update(place, request, measured):
    """Everybody reads, then writes on what was read; whoever comes late is told (409) and reads again.

    An acknowledged update is lost when the trail has not got it under the version that it was acknowledged for: it
    was written on what its person never saw, or not at all.
    """
    service, items, enough = place.slugs[-1], place.items[:ENTRIES], threading.Event()
    written, other, wanted = [], Counter(), number(request, WRITES)
    sql = (
        "SELECT r.slug, a.version FROM checklists_answer a JOIN stages_requirement r ON r.id = a.requirement_id"
        " JOIN stages_service s ON s.id = a.service_id WHERE s.slug = ?"
    )

    def work(mine: int) -> None:
        with closing(place.person(mine)) as person:
            for count in itertools.count():
                if enough.is_set():
                    return
                write(person, random.choice(items), f"{mine}-{count}")

    def write(person: Person, item: str, note: str) -> None:
        version = dict(place.rows(sql, service)).get(item, 0)
        told = answered(person, service, item, version, note)
        if told == 302:
            written.append((item, version + 1, note))
        else:
            other[told] += 1
        if len(written) >= wanted or time.monotonic() - began > 900:
            enough.set()

    servers.wait_until(place.answers, "the pages answer, whatever was done to the server before", 90)
    began = time.monotonic()
    threads = [threading.Thread(target=work, args=(mine,)) for mine in range(PEOPLE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    trail = {(entry.rpartition(":")[2], *told) for entry, all_told in place.trail(service).items() for told in all_told}
    late, seconds = other.pop(409, 0), time.monotonic() - began
    what = f"lost of {len(written):,} updates, {late:,} refused, {place.engine}, {seconds:.0f} s"
    measured(what, len(set(written) - trail), 0, "")
    what = f"of all who wrote were told neither yes nor that somebody was quicker, {place.engine} {dict(other) or ''}"
    measured(what.rstrip(), other.total(), 0, "")
    place.assert_nothing_is_half_written()
    assert len(written) == len(trail) >= wanted
    assert late > wanted // 20, "hardly anybody came late: this proves nothing"
