"""What the rules make of the answers: counts, the suggestion with its reasons, the shortest path. Pure.

`Counts` is what a `Tally` stores, so a list and a page can never disagree: both ask `suggest(counts, …)`.
What is not judged counts as not met or 0.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from django.utils.functional import cached_property

from checklists.scoring import Score, score

SAID = frozenset({"met", "not_met", "done", "rated", "approved", "not_applicable"})  # states that count while they hold


class Outcome(StrEnum):
    GO = "go"
    GO_WITH_CONDITIONS = "go_with_conditions"
    NO_GO = "no_go"


@dataclass(unsafe_hash=True)  # nobody changes one; to make sixty frozen ones takes three times as long
class Entry:
    """One requirement with what a service says to it.

    `proof` is the number of pieces of evidence in force; `aged`: was it said longer ago than the playbook allows?
    `excused` tells that a waiver is in force, whatever is said.
    """

    slug: str
    number: str
    kind: str
    required: bool
    state: str
    rating: int | None = None
    proof: int = 0
    aged: bool = False
    excused: bool = False

    @cached_property
    def needs_proof(self) -> bool:
        """A met rule and a rating of 2 or 3 need something behind them."""
        return self.state == "met" or (self.state == "rated" and (self.rating or 0) >= 2)

    @cached_property
    def unproven(self) -> bool:
        """Does it need something behind it that is in force, and has nothing?"""
        return self.needs_proof and self.proof == 0

    @cached_property
    def recheck(self) -> bool:
        """Has time overtaken what was said: its evidence, or the answer itself?"""
        return self.aged or self.unproven

    @cached_property
    def judged(self) -> bool:
        """Does the answer say something that counts?"""
        return self.state in SAID and not self.recheck

    @cached_property
    def applies(self) -> bool:
        return self.state != "not_applicable"

    @cached_property
    def counted_rating(self) -> int:
        """The rating as the gate counts it: 0 when not judged."""
        return (self.rating or 0) if self.judged else 0

    @cached_property
    def holds(self) -> bool:
        """Is what is asked true, by what is said and shown?"""
        if not self.applies:
            return True
        if self.kind == "question":
            return self.judged and self.counted_rating >= 2
        return self.judged and self.state in ("met", "done", "approved")

    @cached_property
    def waived(self) -> bool:
        """Is it a golden rule that does not hold, and is excused? What is met needs no waiver."""
        return self.kind == "rule" and self.excused and not self.holds

    @cached_property
    def fulfilled(self) -> bool:
        """Is nothing more asked of this entry?"""
        return self.holds or self.waived


@dataclass(frozen=True)
class Counts:
    """What one stage asks and has. Rules and deliverables that do not apply count as met; `waived` rules do not."""

    asked: int = 0
    judged: int = 0
    rules: int = 0
    rules_met: int = 0
    waived: int = 0
    items: int = 0
    items_done: int = 0
    items_required_open: int = 0
    deliverables: int = 0
    deliverables_approved: int = 0
    deliverables_required_open: int = 0
    questions: int = 0
    questions_rated: int = 0
    questions_required_unrated: int = 0
    questions_required_zero: int = 0
    questions_required_one: int = 0
    points: int = 0
    points_possible: int = 0
    criteria_unmet: int = 0

    @property
    def rules_unmet(self) -> int:
        """Golden rules neither met nor waived."""
        return self.rules - self.rules_met - self.waived

    @property
    def score(self) -> Score:
        return Score(self.points, self.points_possible)

    @property
    def score_shown(self) -> bool:
        """A score is shown only when all required questions are rated."""
        return self.questions_required_unrated == 0


def with_criteria(counts: Counts, unmet: int) -> Counts:
    """The same counts with the number of exit criteria that are not met."""
    return replace(counts, criteria_unmet=unmet)


def count(entries: Iterable[Entry]) -> Counts:
    """Count a stage's entries. `questions_required_zero` holds only those rated 0, not the unrated ones."""
    entries = list(entries)
    rules, items, deliverables, questions = (
        [entry for entry in entries if entry.kind == kind] for kind in ("rule", "item", "deliverable", "question")
    )
    applicable = [entry for entry in questions if entry.applies]
    required = [entry for entry in applicable if entry.required]
    points = score((entry.required, entry.counted_rating) for entry in applicable)
    return Counts(
        asked=len(entries),
        judged=_number(entry.judged for entry in entries),
        rules=len(rules),
        rules_met=_number(entry.holds for entry in rules),
        waived=_number(entry.waived for entry in rules),
        items=len(items),
        items_done=_number(entry.fulfilled for entry in items),
        items_required_open=_number(entry.required and not entry.fulfilled for entry in items),
        deliverables=len(deliverables),
        deliverables_approved=_number(entry.fulfilled for entry in deliverables),
        deliverables_required_open=_number(entry.required and not entry.fulfilled for entry in deliverables),
        questions=len(questions),
        questions_rated=_number(entry.judged for entry in questions),
        questions_required_unrated=_number(not entry.judged for entry in required),
        questions_required_zero=_number(entry.judged and entry.rating == 0 for entry in required),
        questions_required_one=_number(entry.judged and entry.rating == 1 for entry in required),
        points=points.points,
        points_possible=points.possible,
    )


def _number(truths: Iterable[bool]) -> int:
    return sum(1 for truth in truths if truth)


@dataclass(frozen=True)
class Around:
    """What else weighs on a gate besides the stage's own answers."""

    overdue: int = 0
    broken_earlier_rules: int = 0
    reopened: int = 0  # earlier stages that are open again


@dataclass(frozen=True)
class Reason:
    """One criterion of a suggestion: `key` names the sentence, `blocks` what follows when it is not met.

    `waived` is how many golden rules count although they are not among the `actual` ones that are met.
    """

    key: str
    expected: int
    actual: int
    met: bool
    blocks: Outcome
    waived: int = 0

    def as_json(self) -> dict[str, object]:
        return {
            "key": self.key,
            "expected": self.expected,
            "actual": self.actual,
            "met": self.met,
            "blocks": str(self.blocks),
            "waived": self.waived,
        }


@dataclass(frozen=True)
class Suggestion:
    outcome: Outcome
    reasons: tuple[Reason, ...] = field(default=())

    @property
    def unmet(self) -> tuple[Reason, ...]:
        return tuple(reason for reason in self.reasons if not reason.met)


def suggest(counts: Counts, *, threshold: int, around: Around = Around()) -> Suggestion:
    """What the rules make of the counts, with every criterion: expected, actual, met."""
    zero = counts.questions_required_zero + counts.questions_required_unrated
    no_go, conditions = Outcome.NO_GO, Outcome.GO_WITH_CONDITIONS
    required = counts.deliverables_required_open
    reasons = (
        Reason("rules", counts.rules, counts.rules_met, counts.rules_unmet == 0, no_go, counts.waived),
        Reason("deliverables", 0, required, required == 0, no_go),
        Reason("questions_zero", 0, zero, zero == 0, no_go),
        Reason("questions_one", 0, counts.questions_required_one, counts.questions_required_one == 0, conditions),
        Reason("items", 0, counts.items_required_open, counts.items_required_open == 0, conditions),
        _score_reason(counts, threshold),
        Reason("criteria", 0, counts.criteria_unmet, counts.criteria_unmet == 0, conditions),
        Reason("overdue", 0, around.overdue, around.overdue == 0, conditions),
        Reason("earlier", 0, around.broken_earlier_rules, around.broken_earlier_rules == 0, conditions),
        Reason("reopened", 0, around.reopened, around.reopened == 0, conditions),
    )
    return Suggestion(_outcome(reasons), reasons)


def _score_reason(counts: Counts, threshold: int) -> Reason:
    """The score against the threshold; no number of it is told (`unscored`: how many are missing) until it shows."""
    if counts.score_shown:
        reached = counts.score.reaches(threshold)
        return Reason("score", threshold, counts.score.percent, reached, Outcome.GO_WITH_CONDITIONS)
    return Reason("unscored", 0, counts.questions_required_unrated, False, Outcome.GO_WITH_CONDITIONS)


def _outcome(reasons: Sequence[Reason]) -> Outcome:
    against = {reason.blocks for reason in reasons if not reason.met}
    if Outcome.NO_GO in against:
        return Outcome.NO_GO
    return Outcome.GO_WITH_CONDITIONS if against else Outcome.GO


def allowed(outcome: Outcome, *, suggested: Outcome, rules_unmet: int) -> bool:
    """May a manager take `outcome`? Go only when it is suggested, conditions unless a rule is unmet, no-go always."""
    if outcome == Outcome.GO:
        return suggested == Outcome.GO
    return outcome == Outcome.NO_GO or rules_unmet == 0


@dataclass(frozen=True)
class Step:
    """One thing still needed: which entry, and `need` naming the sentence (`rule`, `approve`, `rate`, …)."""

    slug: str
    number: str
    need: str
    lifts: Outcome


_NEEDS = {"rule": "meet", "deliverable": "approve", "item": "do"}


def shortest_path(entries: Iterable[Entry]) -> tuple[Step, ...]:
    """What is still needed, in order of effect: what forces no-go first, then what forces conditions."""
    steps = [step for entry in entries if (step := _step(entry))]
    return tuple(sorted(steps, key=lambda step: step.lifts != Outcome.NO_GO))


def _step(entry: Entry) -> Step | None:
    if entry.fulfilled or not (entry.required or entry.kind == "rule"):
        return None
    lifts = Outcome.GO_WITH_CONDITIONS if entry.kind == "item" else Outcome.NO_GO
    need = _NEEDS.get(entry.kind, "rate")
    if entry.kind == "question" and entry.judged and entry.rating == 1:
        lifts, need = Outcome.GO_WITH_CONDITIONS, "improve"
    return Step(entry.slug, entry.number, _again(entry) or need, lifts)


def _again(entry: Entry) -> str:
    """What was said once and is needed once more: evidence comes first, since with it the answer is confirmed."""
    return "recheck" if entry.unproven else "confirm" if entry.aged else ""
