"""What a person sees of a sealed picture: its entries as rows, what is unmet first, what changed since, who decides."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from checklists import gates
from reviews import changes, picture, wording, wording_changes
from reviews.changes import Change
from reviews.gate import Gate

TONES = {gates.Outcome.GO: "is-met", gates.Outcome.GO_WITH_CONDITIONS: "is-warn", gates.Outcome.NO_GO: "is-block"}
KINDS = ("rule", "deliverable", "question", "item")


@dataclass(frozen=True)
class SealedRow:
    """A sealed entry with the state to show on a day, and what it needs when something is needed."""

    told: Mapping[str, Any]
    entry: gates.Entry
    need: str = ""
    blocks: bool = False

    @property
    def state(self) -> str:
        if self.entry.waived:
            return "waived"
        if self.entry.recheck:
            return "recheck"
        if self.entry.kind == "question" and self.entry.state == "open":
            return "not_rated"
        return changes.state(self.told)


@dataclass(frozen=True)
class ChangedRow:
    """A change with what it is about; `new` when the reader of a form had not seen it yet."""

    change: Change
    title: object
    new: bool

    @property
    def sentence(self) -> str:
        return wording_changes.change(self.change)


@dataclass(frozen=True)
class Group:
    kind: str
    rows: tuple[SealedRow, ...]

    @property
    def fulfilled(self) -> int:
        return sum(1 for row in self.rows if row.entry.fulfilled)


@dataclass(frozen=True)
class Sight:
    """A sealed picture on a day, with the conditions overdue then, ready for a page.

    `seen` holds the keys of the changes that the reader of a form was shown before.
    """

    content: Any
    on: date
    overdue: int
    changes: tuple[Change, ...] = ()
    seen: frozenset[str] | None = None

    @cached_property
    def rows(self) -> tuple[SealedRow, ...]:
        counted = picture.entries(self.content, self.on)
        return tuple(SealedRow(told, entry) for told, entry in zip(self.content["entries"], counted, strict=True))

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        return tuple(Group(kind, tuple(row for row in self.rows if row.entry.kind == kind)) for kind in KINDS)

    @cached_property
    def waived(self) -> tuple[SealedRow, ...]:
        """Golden rules that count although they are not met."""
        return tuple(row for row in self.rows if row.entry.waived)

    @cached_property
    def unmet(self) -> tuple[SealedRow, ...]:
        return tuple(
            SealedRow(one.told, one.entry, wording.need(one.step) if one.step else "", one.blocks)
            for one in picture.unmet(self.content, self.on)
        )

    @cached_property
    def criteria(self) -> list[tuple[Mapping[str, Any], bool | None]]:
        return picture.criteria_met(self.content, on=self.on, overdue=self.overdue)

    @property
    def criteria_fulfilled(self) -> int:
        return sum(1 for _criterion, met in self.criteria if met)

    @property
    def criteria_unmet(self) -> list[Mapping[str, Any]]:
        return [criterion for criterion, met in self.criteria if met is False]

    @cached_property
    def changed(self) -> tuple[ChangedRow, ...]:
        titles = {entry["slug"]: entry["title"] for entry in self.content["entries"]}
        titles |= {f"condition-{one['id']}": one["text"] for one in self.content["conditions"]}
        return tuple(
            ChangedRow(change, titles.get(change.slug, ""), self.seen is not None and change.key not in self.seen)
            for change in self.changes
        )

    @cached_property
    def fresh(self) -> tuple[ChangedRow, ...]:
        return tuple(row for row in self.changed if row.new)

    @property
    def gone(self) -> bool:
        """Was something shown before that is as it was sealed again?"""
        return bool((self.seen or frozenset()) - {change.key for change in self.changes})


def steps(gate: Gate) -> list[dict[str, object]]:
    """The shortest path in words, for the page that asks."""
    asked = gate.readiness.sheet.by_slug
    return [{"requirement": asked[step.slug], "step": step, "need": wording.need(step)} for step in gate.path]


def reasons(told: Iterable[Any]) -> list[dict[str, str]]:
    """Sentences of a suggestion's reasons with their tone, what stands in the way first."""
    given = [one.as_json() if isinstance(one, gates.Reason) else one for one in told]
    ordered = sorted(given, key=lambda one: (one["met"], one["blocks"] != gates.Outcome.NO_GO))
    return [{"sentence": wording.reason(one), "tone": tone(one["blocks"], met=one["met"])} for one in ordered]


def tone(outcome: str, *, met: bool = False) -> str:
    return "is-met" if met else TONES[gates.Outcome(outcome)]


def choices(suggested: str, rules_unmet: int, chosen: str, *, went: bool) -> list[dict[str, object]]:
    """The three outcomes: what each does, and whether it is possible here. `went`: does a go stand already?"""
    told = _follows_a_go() if went else _follows()
    return [_choice(outcome, sentence, suggested, rules_unmet, chosen) for outcome, sentence in told.items()]


def _follows() -> dict[gates.Outcome, str]:
    return {
        gates.Outcome.GO: _("What comes next opens."),
        gates.Outcome.GO_WITH_CONDITIONS: _("What comes next opens; what you ask for comes due."),
        gates.Outcome.NO_GO: _("The stage stays open; the team works on and asks again."),
    }


def _follows_a_go() -> dict[gates.Outcome, str]:
    return {
        gates.Outcome.GO: _("What comes next stays open."),
        gates.Outcome.GO_WITH_CONDITIONS: _("What comes next stays open; what you ask for comes due."),
        gates.Outcome.NO_GO: _("This stage is open again; later stages stay as they are."),
    }


def _choice(outcome: gates.Outcome, sentence: str, suggested: str, rules_unmet: int, chosen: str) -> dict[str, object]:
    possible = gates.allowed(outcome, suggested=gates.Outcome(suggested), rules_unmet=rules_unmet)
    why = (
        _("Not over a golden rule that is neither met nor waived.")
        if rules_unmet
        else _("Only when the rules suggest it.")
    )
    return {
        "value": str(outcome),
        "label": wording.outcome(outcome),
        "sentence": sentence if possible else why,
        "tone": TONES[outcome],
        "possible": possible,
        "chosen": possible and chosen == outcome,
    }
