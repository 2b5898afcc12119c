"""Rows of the trail, or what was sealed, changed behind its back, by somebody with the rights of the tables' owner."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from accounts import chaining
from accounts.models import Chain, TrailEntry

GUARDS = {
    "accounts_trailentry": "trail_is_kept",
    "reviews_snapshot": "sealed_is_kept",
    "reviews_decision": "sealed_is_kept",
}
EMPTYING = "ALTER TABLE accounts_trailentry {} TRIGGER trail_is_not_emptied"


def lift() -> None:
    """On PostgreSQL triggers stand before all of it; the owner can take them away, and then only the digests tell."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no table is altered while a check of it is still to come
            for table, guard in GUARDS.items():
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {guard}")


@contextmanager
def trail_unguarded() -> Iterator[None]:
    """Entries may be removed in here, and nowhere else; who names whom is looked at when the transaction ends."""
    with transaction.atomic():
        _guard_trail("DISABLE")
        yield
        _guard_trail("ENABLE")


def _guard_trail(word: str) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")  # checks that wait come first
            cursor.execute(f"ALTER TABLE accounts_trailentry {word} TRIGGER trail_is_kept")


def watch_emptying() -> None:
    """The guard that the suite puts aside, to empty the tables between its tests, stands as installed."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(EMPTYING.format("ENABLE"))


@contextmanager
def undone() -> Iterator[None]:
    """What is done in here is as if it had never been."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def entry(scope: str, sequence: int):
    return TrailEntry.objects.filter(scope=scope, sequence=sequence)


def edit(scope: str, sequence: int) -> None:
    entry(scope, sequence).update(after={"n": "another"})


def remove(scope: str, sequence: int) -> None:
    entry(scope, sequence).delete()


def swap(scope: str, one: int, other: int) -> None:
    for now, then in ((one, 2**40), (other, one), (2**40, other)):
        entry(scope, now).update(sequence=then)


def cut(scope: str, after: int) -> None:
    TrailEntry.objects.filter(scope=scope, sequence__gt=after).delete()


def rewind(scope: str, to: int) -> None:
    """The row of the chain names an earlier entry as its end, or none."""
    kept = entry(scope, to).first()
    Chain.objects.filter(pk=scope).update(sequence=to, head=kept.digest if kept else "")


def reseal(scope: str, sequence: int) -> None:
    """An entry is edited and all digests from it on are made anew, as well as somebody can who has not the key."""
    edit(scope, sequence)
    before = entry(scope, sequence - 1).first()
    head = before.digest if before else ""
    after = list(TrailEntry.objects.filter(scope=scope, sequence__gte=sequence).order_by("sequence"))
    for one in after:
        head = one.digest = chaining.digest(head, one)
    TrailEntry.objects.bulk_update(after, ["digest"])
    Chain.objects.filter(pk=scope).update(head=head)
