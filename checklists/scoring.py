"""The score of a stage's evaluation questions, in whole numbers. Pure.

Score = sum of weight x rating over sum of 3 x weight, over applicable questions; a required question weighs 2,
any other 1. It is compared with the playbook's threshold without ever dividing.
"""

from collections.abc import Iterable
from dataclasses import dataclass

HIGHEST = 3
WEIGHT_REQUIRED, WEIGHT_OPTIONAL = 2, 1


@dataclass(frozen=True)
class Score:
    """`points` reached of `possible`; `possible` is 0 when no question applies."""

    points: int
    possible: int

    def reaches(self, threshold: int) -> bool:
        """Is the score at or above `threshold` per cent? With nothing to rate it is."""
        return self.points * 100 >= threshold * self.possible

    @property
    def percent(self) -> int:
        """Rounded down, so that a score never looks as if it reached what it does not."""
        return 100 if not self.possible else self.points * 100 // self.possible


def score(ratings: Iterable[tuple[bool, int | None]]) -> Score:
    """Score of applicable questions given as (required, rating); a question without rating counts as 0."""
    points = possible = 0
    for required, rating in ratings:
        weight = WEIGHT_REQUIRED if required else WEIGHT_OPTIONAL
        points += weight * (rating or 0)
        possible += weight * HIGHEST
    return Score(points, possible)
