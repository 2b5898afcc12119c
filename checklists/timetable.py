"""When each entry of a service should be done, counted backwards from the planned go-live. Pure: no row, no clock.

The rule:

- The days from today to the planned day are shared out among the stages before it. The last of them, in which the
  launch is prepared, gets the last two fifths, at most eight weeks; the stages before it share the rest evenly. A
  stage that recurs begins on the planned day and is given its interval, or what is left of its round.
- The last tenth of a stage's days, at most a week, is left free: for the review and the decision.
- In the days before that, the kinds follow each other, a quarter of the days each: deliverables first, then checklist
  items, then golden rules, because rules rest on what was written and done; questions last, because they ask how well
  it was done. Within its quarter a kind is spread evenly in the order of the edition, and ends on the last day of it.
- Every day is a weekday. A proposal that falls on a weekend moves to the Friday before, or, where that is before the
  first day, to the Monday after. Holidays are not known here.
- When the planned day is today or has passed there is nothing to share: the entries before it get no proposal.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

ORDER = ("deliverable", "item", "rule", "question")
PREPARING, PREPARING_AT_MOST = 0.4, 56
FREE, FREE_AT_MOST = 0.1, 7
SATURDAY = 5


class Span(NamedTuple):
    """The days of one stage, both included."""

    first: date
    last: date


@dataclass(frozen=True)
class Asked:
    """One entry: what decides its day. `place` is its place in the edition."""

    slug: str
    kind: str
    place: int


def spans(stages: int, *, today: date, planned: date) -> list[Span]:
    """The days of so many stages before the planned day, in their order; none when it is not in the future."""
    days = (planned - today).days
    if stages == 0 or days < 1:
        return []
    preparing = days if stages == 1 else min(round(days * PREPARING), PREPARING_AT_MOST)
    before = days - preparing
    ends = [today + timedelta(days=before * place // max(stages - 1, 1)) for place in range(1, stages)] + [planned]
    firsts = [today, *(end + timedelta(days=1) for end in ends[:-1])]
    return [Span(min(first, end), end) for first, end in zip(firsts, ends, strict=True)]


def days(entries: Iterable[Asked], span: Span) -> dict[str, date]:
    """The day of each entry of one stage, by slug."""
    of_kind: Mapping[str, list[Asked]] = defaultdict(list)
    for entry in sorted(entries, key=lambda one: one.place):
        of_kind[entry.kind].append(entry)
    length = (span.last - span.first).days
    busy = length - min(round(length * FREE), FREE_AT_MOST)
    return {
        entry.slug: weekday(span.first + timedelta(days=_offset(busy, kind, number, of_kind[kind])), span.first)
        for kind in ORDER
        for number, entry in enumerate(of_kind[kind], start=1)
    }


def weekday(day: date, first: date) -> date:
    """The day itself, the Friday before a weekend, or the Monday after where that is before the `first` day."""
    friday = day - timedelta(days=max(day.weekday() - SATURDAY + 1, 0))
    return friday if friday >= first or friday == day else day + timedelta(days=7 - day.weekday())


def _offset(busy: int, kind: str, number: int, of_kind: Sequence[Asked]) -> int:
    """Days from the first one: whole quarters before, and the share of its own."""
    quarters = ORDER.index(kind) + number / len(of_kind)
    return round(busy * quarters / len(ORDER))
