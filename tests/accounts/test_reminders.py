from datetime import date, timedelta

import pytest

from accounts.reminders import reached

DAY = date(2026, 12, 1)


@pytest.mark.parametrize(("left", "step"), [(31, None), (30, 30), (8, 30), (7, 7), (1, 7), (0, 0), (-1, 0), (-400, 0)])
def test_the_most_urgent_step_that_has_come(left, step):
    assert reached(DAY, DAY - timedelta(days=left), (30, 7, 0)) == step
