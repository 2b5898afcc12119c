"""The way through a stage: which moves are legal, and when a recurring stage is due again. Pure."""

import calendar
from collections.abc import Mapping
from datetime import date

from stages.models import PassageState

MOVES: Mapping[PassageState, frozenset[PassageState]] = {
    PassageState.LOCKED: frozenset({PassageState.OPEN}),
    # passed, locked: a no-go was superseded by a go; a next round is taken back with the go that opened it
    PassageState.OPEN: frozenset({PassageState.IN_REVIEW, PassageState.PASSED, PassageState.LOCKED}),
    # back to open: the review was withdrawn, or ended with a no-go
    PassageState.IN_REVIEW: frozenset({PassageState.OPEN, PassageState.PASSED}),
    # back to open: reopened by a manager, or its go was superseded by a no-go
    PassageState.PASSED: frozenset({PassageState.OPEN}),
}


def may_move(state: str, to: str) -> bool:
    return PassageState(to) in MOVES[PassageState(state)]


def months_later(day: date, months: int) -> date:
    """The same day `months` later, or the last day of that month (31 August + 6 = 28 February)."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
