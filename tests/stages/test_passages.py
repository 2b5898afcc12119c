from datetime import date

import pytest

from stages import passages
from stages.models import PassageState

LEGAL = {
    ("locked", "open"),
    ("open", "in_review"),
    ("open", "passed"),
    ("open", "locked"),
    ("in_review", "open"),
    ("in_review", "passed"),
    ("passed", "open"),
}


def test_exactly_these_moves_are_legal():
    every = [(state, to) for state in PassageState.values for to in PassageState.values]
    assert {move for move in every if passages.may_move(*move)} == LEGAL


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 15), 6, date(2026, 7, 15)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 12, 1), 12, date(2027, 12, 1)),
        (date(2026, 6, 30), 6, date(2026, 12, 30)),
    ],
)
def test_months_later(day, months, later):
    assert passages.months_later(day, months) == later
