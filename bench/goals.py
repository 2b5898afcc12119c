"""The goals P1 to P10, each as a ratio with its limit, and the line that says how it went. Pure."""

from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Goal:
    """`limit` and `stretch` are ratios to what is named in `told`; `at_least` where more is better."""

    name: str
    told: str
    limit: float
    stretch: float | None = None
    at_least: bool = False


GOALS = {
    goal.name: goal
    for goal in (
        Goal("P1", "tick / floor tick", 2.75, 2.0),
        Goal("P2", "stage page with 60 entries / floor page", 1.75, 1.3),
        Goal("P3", "page with 120 / with 60 entries", 1.7, 1.6),
        Goal("P4", "service list of all / of 100 services", 1.35, 1.15),
        Goal("P5", "service list / floor list", 1.75, 1.3),
        Goal("P5-far", "a page in the middle / the first page of the list", 1.5),  # its services say more
        Goal("P5-sorted", "a page in the middle by the day of going live / the first page of the list", 1.5),
        Goal("P5-searched", "list searched for a word / list", 1.5),
        Goal("P5-narrowed", "list narrowed by five filters / list", 2),
        Goal("P6", "report / bare WeasyPrint", 1.15, 1.05),
        Goal("P7", "report seconds a page / laid out as tables", 0.7, 0.5),
        Goal("P8", "report peak memory / bare", 1.3),
        Goal("P8g", "memory after 20 reports / after one", 1.1),
        Goal("P9", "bulk load / COPY", 0.5, 0.8, at_least=True),
        Goal("P10", "tallies that differ from a rebuild", 0),
    )
}
QUERIES = {"tick": 14, "page60": 12, "narrowed": 14}  # at most so many; pages of other sizes ask as many as this one


@dataclass(frozen=True)
class Result:
    """What the repeats of one goal came to."""

    goal: Goal
    engine: str
    ratios: tuple[float, ...]
    note: str = ""
    wrong: str = ""  # what else than the ratio makes it fail

    @property
    def ratio(self) -> float:
        return median(self.ratios)

    @property
    def failed(self) -> bool:
        """Only when the best repeat is over the limit too: the machine may have been busy with something else."""
        if self.wrong:
            return True
        if self.goal.at_least:
            return max(self.ratios) < self.goal.limit
        return min(self.ratios) > self.goal.limit

    def __str__(self) -> str:
        sign = ">=" if self.goal.at_least else "<="
        spread = f" ({min(self.ratios):.2f} to {max(self.ratios):.2f})" if len(self.ratios) > 1 else ""
        word = "FAIL" if self.failed else "ok"
        told = ": ".join(filter(None, (f"{self.goal.told}, {self.engine}", self.note, self.wrong)))
        return f"PERF {self.goal.name} {self.ratio:.2f}{spread} {sign} {self.goal.limit:g} {word}  {told}"
