"""What the workbench is narrowed to: a kind, a state and words to find, each alone or together, kept in the address."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reviews.lines import Line
from stages.models import Kind

LONGEST = 80  # characters to find
KINDS: Mapping[str, str | Promise] = {
    "any": _("Every kind"),
    Kind.RULE.value: _("Golden rules"),
    Kind.ITEM.value: _("Checklist"),
    Kind.DELIVERABLE.value: _("Deliverables"),
    Kind.QUESTION.value: _("Questions"),
}
SHOWS: Mapping[str, tuple[str | Promise, Callable[[Line], bool]]] = {
    "all": (_("All"), lambda line: True),
    "blocking": (_("Blocking"), lambda line: line.blocks),
    "open": (_("Open"), lambda line: not line.row.entry.judged),
    "mine": (_("Mine"), lambda line: line.mine),
    "overdue": (_("Overdue"), lambda line: line.overdue),
    "recheck": (_("Re-check"), lambda line: line.row.entry.recheck),
    "unproven": (
        _("Without evidence"),
        lambda line: not line.is_deliverable and not line.row.entry.proof and line.row.entry.applies,
    ),
}


@dataclass(frozen=True)
class Filter:
    """A key of `SHOWS`, one of `KINDS`, and words; as it stands, everything fits."""

    show: str = "all"
    kind: str = "any"
    find: str = ""

    @property
    def narrows(self) -> bool:
        return self != EVERYTHING

    @property
    def query(self) -> str:
        """For an address, with its question mark; empty when nothing is narrowed."""
        said = {"show": self.show, "kind": self.kind, "q": self.find}
        told = {name: value for name, value in said.items() if value not in ("all", "any", "")}
        return f"?{urlencode(told)}" if told else ""

    def fits(self, line: Line) -> bool:
        fits = SHOWS[self.show][1](line) and self.kind in ("any", line.requirement.kind)
        return fits and (not self.find or self._named(line))

    def _named(self, line: Line) -> bool:
        asked = line.requirement
        text = f"{asked.number} {asked.title} {asked.guidance} {asked.role} {line.responsible_name}"
        return self.find.casefold() in text.casefold()


EVERYTHING = Filter()


@dataclass(frozen=True)
class Chip:
    """One choice with its address, and how many entries it shows while the other choices stay."""

    key: str
    word: str | Promise
    number: int
    query: str
    here: bool


def read(query: str) -> Filter:
    """What an address asks for; what is not on offer is left aside."""
    asked = dict(parse_qsl(query, max_num_fields=20)) if query.count("&") < 20 else {}
    show, kind = asked.get("show", "all"), asked.get("kind", "any")
    words = " ".join(asked.get("q", "").split())[:LONGEST]
    return Filter(show if show in SHOWS else "all", kind if kind in KINDS else "any", words)


def shows(here: Filter, lines: Iterable[Line]) -> list[Chip]:
    """How many of those that fit the kind and the words each shows."""
    there = replace(here, show="all")
    others = [line for line in lines if there.fits(line)] if there.narrows else list(lines)
    return [_chip(here, key, word, sum(map(fits, others)), show=key) for key, (word, fits) in SHOWS.items()]


def kinds(here: Filter, lines: Iterable[Line]) -> list[Chip]:
    """How many of those that are shown and fit the words are of each kind."""
    there = replace(here, kind="any")
    found = Counter(line.requirement.kind for line in lines if not there.narrows or there.fits(line))
    found["any"] = found.total()
    return [_chip(here, key, word, found[key], kind=key) for key, word in KINDS.items()]


def _chip(here: Filter, key: str, word: str | Promise, number: int, **choice: str) -> Chip:
    there = replace(here, **choice)
    return Chip(key, word, number, there.query, there == here)
