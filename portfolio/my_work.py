"""What one person has to do, across services and by date: what waits for them, and what they owe.

A fixed number of queries, whatever there is. Of each kind at most so many are read as the page asks for.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import calendar
from accounts.access import Standing
from portfolio import duties
from portfolio.duties import Duty

PAGE = 50  # of each kind
WEEK = timedelta(days=7)
HEADINGS: Mapping[str, str | Promise] = {
    "overdue": _("Overdue"),
    "waiting": _("Waiting for you"),
    "week": _("This week"),
    "later": _("Later"),
    "undated": _("No date"),
}


@dataclass(frozen=True)
class Group:
    key: str
    heading: str | Promise
    duties: Sequence[Duty]


@dataclass(frozen=True)
class MyWork:
    """The duties by group, empty groups left out; `barred` are reviews that wait for a decision of somebody else.

    `more` says that there is more than was asked for.
    """

    groups: tuple[Group, ...]
    barred: Sequence[Duty]
    more: bool


def of(who: Standing, *, pages: int = 1) -> MyWork:
    """Everything that waits for a person, of each kind as much as `pages` hold."""
    on, limit = calendar.day(), PAGE * pages
    waiting, barred = duties.decisions(who, on, limit + 1)
    kinds = [waiting, *(source(who, on, limit + 1) for source in duties.SOURCES)]
    shown = [duty for kind in kinds for duty in kind[:limit]]
    more = any(len(kind) > limit for kind in (*kinds, barred))
    return MyWork(_grouped(shown, on), barred[:limit], more)


def _grouped(found: Iterable[Duty], on: date) -> tuple[Group, ...]:
    groups: dict[str, list[Duty]] = {key: [] for key in HEADINGS}
    for duty in found:
        groups[_group(duty, on)].append(duty)
    return tuple(Group(key, HEADINGS[key], sorted(some, key=_urgency)) for key, some in groups.items() if some)


def _group(duty: Duty, on: date) -> str:
    if duty.due_on is None:
        return "waiting" if duty.since else "undated"
    if duty.late(on):
        return "overdue"
    return "week" if duty.due_on <= on + WEEK else "later"


def _urgency(duty: Duty) -> tuple[object, ...]:
    since = duty.since.timestamp() if duty.since else 0
    return (duty.due_on or date.max, since, duty.service.name)
