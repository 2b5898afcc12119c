import threading

import pytest
from django.db import connection, transaction

from accounts import chaining
from accounts.models import Chain, TrailEntry, User


def add(scope: str, subject: str, by: User | None = None) -> None:
    with chaining.chain(scope) as trail:
        trail.add(by=by, verb="tested", subject=subject, before=None, after={"n": 1})


@pytest.mark.django_db
def test_entries_are_numbered_and_chained():
    add("service:1", "a")
    add("service:1", "b")
    add("service:2", "c")
    entries = list(TrailEntry.objects.filter(scope="service:1"))
    assert [entry.sequence for entry in entries] == [1, 2]
    assert entries[0].digest == chaining.digest("", entries[0])
    assert entries[1].digest == chaining.digest(entries[0].digest, entries[1])
    assert Chain.objects.get(pk="service:1").head == entries[1].digest


@pytest.mark.usefixtures("nothing_published")
@pytest.mark.django_db
def test_an_altered_entry_no_longer_matches_its_digest():
    add("service:1", "a")
    entry = TrailEntry.objects.get()
    entry.after = {"n": 2}
    assert chaining.digest("", entry) != entry.digest


@pytest.mark.usefixtures("nothing_published")
@pytest.mark.django_db
def test_the_digest_needs_the_key(settings):
    add("service:1", "a")
    entry = TrailEntry.objects.get()
    settings.TRAIL_KEY = "another"
    assert chaining.digest("", entry) != entry.digest


@pytest.mark.usefixtures("nothing_published")
@pytest.mark.django_db
def test_nothing_is_written_when_the_write_fails():
    def broken() -> None:
        with chaining.chain("service:1") as trail:
            trail.add(by=None, verb="tested", subject="a")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        broken()
    assert not TrailEntry.objects.exists()
    assert not Chain.objects.filter(sequence__gt=0).exists()


@pytest.mark.usefixtures("nothing_published")
@pytest.mark.django_db
def test_an_inner_block_writes_to_the_same_chain():
    with chaining.chain("service:1") as outer:
        outer.add(by=None, verb="began", subject="a")
        with chaining.chain("service:1") as inner:
            inner.add(by=None, verb="went on", subject="a")
        outer.add(by=None, verb="ended", subject="a")
    verbs = list(TrailEntry.objects.values_list("sequence", "verb"))
    assert verbs == [(1, "began"), (2, "went on"), (3, "ended")]


@pytest.mark.django_db(transaction=True)
def test_writers_of_one_scope_queue():
    """Twelve threads, five entries each: every sequence once, the chain unbroken."""

    def write(name: int) -> None:
        try:
            for index in range(5):
                add("service:7", f"{name}.{index}")
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(name,)) for name in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    head = ""
    entries = list(TrailEntry.objects.filter(scope="service:7").order_by("sequence"))
    assert [entry.sequence for entry in entries] == list(range(1, 61))
    for entry in entries:
        assert entry.digest == chaining.digest(head, entry)
        head = entry.digest
    assert Chain.objects.get(pk="service:7").head == head
    assert not transaction.get_connection().in_atomic_block
