"""Exit criteria that follow from the answers. Pure: no I/O, one table of rules."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from checklists.gates import Counts, Entry


@dataclass(frozen=True)
class Seen:
    """What a computed criterion may look at."""

    entries: Mapping[str, Entry]
    counts: Counts
    threshold: int
    overdue: int = 0


def _all_fulfilled(seen: Seen, slugs: list[str]) -> bool:
    return all(seen.entries[slug].fulfilled for slug in slugs)


def _score(seen: Seen, slugs: list[str]) -> bool:
    counts = seen.counts
    low = counts.questions_required_unrated + counts.questions_required_zero + counts.questions_required_one
    return low == 0 and counts.score.reaches(seen.threshold)


RULES: dict[str, Callable[[Seen, list[str]], bool]] = {
    "rules_met": lambda seen, slugs: seen.counts.rules_unmet == 0,
    "approved": _all_fulfilled,
    "done": _all_fulfilled,
    "deliverables_approved": lambda seen, slugs: seen.counts.deliverables_required_open == 0,
    "conditions_closed": lambda seen, slugs: seen.overdue == 0,
    "score": _score,
}
WITH_SLUGS = frozenset({"approved", "done"})


def holds(computed: Mapping[str, Any], seen: Seen) -> bool:
    """Does a computed criterion (`ExitCriterion.computed`) hold on these answers?"""
    return RULES[str(computed["rule"])](seen, list(computed.get("slugs", ())))
