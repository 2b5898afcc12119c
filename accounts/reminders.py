"""Reminding of a day that comes nearer: which step is the most urgent one reached. Pure."""

from collections.abc import Sequence
from datetime import date


def reached(due_on: date, on: date, steps: Sequence[int]) -> int | None:
    """The least of `steps` (days ahead) that has come by the day `on`, whatever was passed over; None before all."""
    left = (due_on - on).days
    return min((step for step in steps if step >= left), default=None)
