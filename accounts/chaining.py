"""The trail: order, safety and memory in one mechanism.

Every write opens the chain of its scope: that locks the chain row (on SQLite the immediate transaction is
the lock), so writes to one service queue; what is judged is read after that. Leaving the block appends the
entries and moves the head. Each entry's digest is an HMAC over the digest before it, keyed outside the
database.
"""

import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import storing
from accounts.models import Chain, TrailEntry, User
from accounts.prepared import Prepared

_held = threading.local()


class Trail:
    """What one write adds to a chain. `at` is the one time of the whole write."""

    def __init__(self, row: Chain, at: datetime | None) -> None:
        self.row = row
        self.at = at or timezone.now()
        self.entries: list[TrailEntry] = []

    def add(self, *, by: User | None, verb: str, subject: str, before: object = None, after: object = None) -> None:
        """Say who did what to `subject` (`requirement:<slug>`, `review:3`); `before`/`after` are plain JSON."""
        entry = TrailEntry(
            scope=self.row.scope,
            sequence=self.row.sequence + 1,
            who=by,
            verb=verb,
            subject=subject,
            before=before,
            after=after,
            at=self.at,
        )
        entry.digest = digest(self.row.head, entry)
        self.row.sequence, self.row.head = entry.sequence, entry.digest
        self.entries.append(entry)

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """A part of the write that may be refused by itself: what it has done is undone then, in the trail as well."""
        kept, sequence, head = len(self.entries), self.row.sequence, self.row.head
        try:
            with transaction.atomic():
                yield
        except BaseException:
            del self.entries[kept:]
            self.row.sequence, self.row.head = sequence, head
            raise

    def write(self) -> None:
        if self.entries:
            storing.insert(self.entries)
            storing.change(self.row, ("sequence", "head"))


@contextmanager
def chain(scope: str, *, at: datetime | None = None) -> Iterator[Trail]:
    """Lock `scope` and open a transaction; everything inside is written, with its trail, or nothing is.

    A block inside another one on the same scope adds to the same trail, in order and at the same time.
    """
    opened = _open_here()
    if scope in opened:
        yield opened[scope]
        return
    with transaction.atomic():
        trail = opened[scope] = Trail(_locked(scope), at)
        try:
            yield trail
            trail.write()
        finally:
            del opened[scope]


def _open_here() -> dict[str, Trail]:
    """The chains this thread holds at the moment."""
    if not hasattr(_held, "trails"):
        _held.trails = {}
    return _held.trails


def digest(head: str, entry: TrailEntry) -> str:
    """HMAC-SHA256 (hex) of an entry chained to `head`, the digest before it ("" for the first)."""
    return keyed(told(head, entry))


def told(head: str, entry: TrailEntry) -> str:
    """What the digest of an entry is made of, as one text."""
    parts = [
        head,
        entry.scope,
        entry.sequence,
        entry.who_id,
        entry.verb,
        entry.subject,
        entry.before,
        entry.after,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
    ]
    return json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def keyed(text: str) -> str:
    """The digest (hex) of a text under the key of the trail."""
    return hmac.digest(settings.TRAIL_KEY.encode(), text.encode(), "sha256").hex()


_LOCKED: Prepared[Chain] = Prepared(lambda scope: Chain.objects.select_for_update().filter(pk=scope), str)


def _locked(scope: str) -> Chain:
    if found := _LOCKED(scope):
        return found[0]
    try:
        with transaction.atomic():
            Chain.objects.create(pk=scope)
    except IntegrityError:
        pass  # another writer made it first; wait for its lock below
    return Chain.objects.select_for_update().get(pk=scope)
