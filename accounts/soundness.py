"""Is the trail whole? Walks the chain of a scope and names the first link that does not hold.

Each entry must carry the keyed digest that follows from the one before it, each number must be there, and the
chain's own row must name the end. A tail that was cut off together with that row leaves a sound, shorter chain:
only a head that was taken out before (`history.jsonl`) shows it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from accounts import chaining
from accounts.models import Chain, TrailEntry

ALTERED, MISSING, SWAPPED, CUT = "altered", "missing", "swapped", "cut"
AT_ONCE = 500  # entries held in memory


@dataclass(frozen=True)
class Break:
    """The first link of a chain that does not hold, where it is, and of what kind the break is."""

    scope: str
    sequence: int
    kind: str
    told: str

    def __str__(self) -> str:
        return f"{self.scope}, sequence {self.sequence}: {self.kind}. {self.told}"


@dataclass(frozen=True)
class Walk:
    """What was found on the way through one chain; `broken` is None when every link holds."""

    scope: str
    entries: int
    broken: Break | None


def scopes() -> list[str]:
    """Every scope that has a chain, or entries whose chain is gone."""
    chains = set(Chain.objects.values_list("scope", flat=True))
    return sorted(chains | set(TrailEntry.objects.order_by().values_list("scope", flat=True).distinct()))


def walk(scope: str, *, head: str = "") -> Walk:
    """Walk one chain. `head` is a digest taken out earlier, which the chain must still hold.

    Needs no lock: the row is read before and after, and what was written meanwhile lies between the two.
    """
    before = Chain.objects.filter(pk=scope).first()
    steps = _Steps(scope, head, before)
    for entry in _entries(scope):
        if broken := steps.take(entry):
            return Walk(scope, steps.count, broken)
    return Walk(scope, steps.count, steps.end(Chain.objects.filter(pk=scope).first()))


class _Steps:
    """Goes from link to link and remembers where it stands."""

    def __init__(self, scope: str, head: str, row: Chain | None) -> None:
        self.scope, self.wanted, self.row = scope, head, row
        self.digest, self.count, self.met = "", 0, not head

    def take(self, entry: TrailEntry) -> Break | None:
        expected = self.count + 1
        if entry.sequence != expected:
            return self._break(expected, MISSING, f"The next entry that is there is number {entry.sequence}.")
        if entry.digest != chaining.digest(self.digest, entry):
            return self._torn(entry)
        self.digest, self.count = entry.digest, expected
        self.met = self.met or entry.digest == self.wanted
        if self.row and self.row.sequence == expected and self.row.head != entry.digest:
            return self._break(expected, ALTERED, "The row of the chain names another digest as its end.")
        return None

    def end(self, row: Chain | None) -> Break | None:
        """What the row of the chain says, read before and after the walk, about where the chain ends."""
        if row is None and self.count:
            return self._break(self.count, MISSING, "The row of the chain, which names its end, is gone.")
        if self.row and self.count < self.row.sequence:
            told = f"The row of the chain counts {self.row.sequence} entries."
            return self._break(self.count + 1, MISSING, told)
        if row and self.count > row.sequence:
            told = "The chain goes on behind the end that its row names."
            return self._break(row.sequence + 1, ALTERED, told)
        if not self.met:
            told = "The digest given is not in this chain: entries that were there are cut off at its end."
            return self._break(self.count + 1, CUT, told)
        return None

    def _torn(self, entry: TrailEntry) -> Break:
        """The digest does not fit: because another entry belongs in this place, or because this one was altered."""
        for other in _entries(self.scope, after=entry.sequence):
            place, other.sequence = other.sequence, entry.sequence
            if other.digest == chaining.digest(self.digest, other):
                told = f"The entry that belongs here stands at number {place}."
                return self._break(entry.sequence, SWAPPED, told)
        told = f"The entry “{entry.verb}” of {entry.subject} is not what was written, or its digest is not."
        return self._break(entry.sequence, ALTERED, told)

    def _break(self, sequence: int, kind: str, told: str) -> Break:
        return Break(self.scope, sequence, kind, told)


def _entries(scope: str, *, after: int = 0) -> Iterator[TrailEntry]:
    found = TrailEntry.objects.filter(scope=scope, sequence__gt=after).order_by("sequence")
    return found.iterator(chunk_size=AT_ONCE)


def first_of_all(walks: Iterable[Walk]) -> bool:
    """Is every chain broken at its very first entry? Then it is the key that is wrong, not the trail."""
    told = list(walks)
    return bool(told) and all(walk.broken and walk.broken.sequence == 1 for walk in told)
