"""What a sealed picture says on its own: its entries, its suggestion on a later day, who stands behind it. Pure.

Every function takes the content of a snapshot (see `snapshots` for its keys); nothing here asks the database.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from checklists import criteria, gates
from checklists import material as checked

Content = Mapping[str, Any]


@dataclass(frozen=True)
class Unmet:
    """A sealed entry that is not fulfilled; `step` says what it needs, None where nothing forces it."""

    told: Content
    entry: gates.Entry
    step: gates.Step | None

    @property
    def blocks(self) -> bool:
        """Does it alone force a no-go?"""
        return self.step is not None and self.step.lifts == gates.Outcome.NO_GO


def material(content: Content) -> str:
    """The digest of what counts when two pictures are compared, as `checklists.material` makes it of answers."""
    entries = {entry["slug"]: entry_material(entry) for entry in content["entries"]}
    return checked.digest(content["playbook"]["edition"], entries)


def entry_material(entry: Content) -> dict[str, object]:
    document = entry["document"]
    counts = document and document["state"] in checked.COUNTING
    return checked.entry(
        state=entry["state"],
        rating=entry["rating"],
        evidence=(piece["sha256"] for piece in entry["evidence"]),
        document={"number": document["number"], "sha256": document["sha256"]} if counts else None,
        recheck=entry["recheck"],
        waiver=entry["waiver"]["sha256"] if entry.get("waived") else None,
    )


def under(content: Content, waivers: Mapping[str, Content]) -> Content:
    """The same sealed answers under other waivers, by the slug of their rule: those in force on another day."""
    entries = [{**entry, "waiver": waivers.get(entry["slug"])} for entry in content["entries"]]
    return {**content, "entries": entries}


def waivers(content: Content, on: date) -> list[dict[str, Any]]:
    """The waivers that golden rules rest on, on a day, each with the `slug`, `number` and `title` of its rule."""
    waived = {entry.slug for entry in entries(content, on) if entry.waived}
    return [
        {**{key: entry[key] for key in ("slug", "number", "title")}, **entry["waiver"]}
        for entry in content["entries"]
        if entry["slug"] in waived
    ]


def entries(content: Content, on: date) -> tuple[gates.Entry, ...]:
    """The sealed answers as the gate counts them on a day: evidence and waivers may have lapsed since the seal,
    and an answer grown old.

    What was sealed before there were waivers has none; before answers grew old, it has no day.
    """
    return tuple(
        gates.Entry(
            **{key: entry[key] for key in ("slug", "number", "kind", "required", "state", "rating")},
            proof=sum(1 for piece in entry["evidence"] if _in_force(piece, on)),
            excused=_excused(entry, on),
            aged=(entry.get("holds_until") or on.isoformat()) < on.isoformat(),
        )
        for entry in content["entries"]
    )


def _excused(entry: Content, on: date) -> bool:
    waiver = entry.get("waiver")
    return bool(waiver) and waiver["expires_on"] >= on.isoformat()


def _in_force(piece: Content, on: date) -> bool:
    until = piece["valid_until"]
    return piece["effective_from"] <= on.isoformat() and (until is None or until >= on.isoformat())


def counts(content: Content, *, on: date, overdue: int) -> gates.Counts:
    """Counts of the sealed answers and confirmations on a day, with the conditions that are overdue then."""
    unmet = sum(1 for _, met in criteria_met(content, on=on, overdue=overdue) if met is False)
    return gates.with_criteria(gates.count(entries(content, on)), unmet)


def criteria_met(content: Content, *, on: date, overdue: int) -> list[tuple[Content, bool | None]]:
    """Each sealed exit criterion: as confirmed by hand, or computed anew by the rule that was sealed with it."""
    sealed = entries(content, on)
    by_slug = {entry.slug: entry for entry in sealed}
    seen = criteria.Seen(by_slug, gates.count(sealed), content["playbook"]["threshold"], overdue)
    return [(one, criteria.holds(one["rule"], seen) if one["rule"] else one["met"]) for one in content["criteria"]]


def suggestion(content: Content, *, on: date, overdue: int, reopened: int = 0) -> gates.Suggestion:
    """What the rules make of the sealed picture on a day, with the conditions overdue and the stages reopened then.

    With the seal's own day, overdue and reopened: the sealed one.
    """
    around = gates.Around(overdue, content["around"]["broken_earlier_rules"], reopened)
    counted = counts(content, on=on, overdue=overdue)
    return gates.suggest(counted, threshold=content["playbook"]["threshold"], around=around)


def unmet(content: Content, on: date) -> tuple[Unmet, ...]:
    """Everything not fulfilled on a day, in order of effect: what forces no-go, what forces conditions, the rest."""
    counted = {entry.slug: entry for entry in entries(content, on) if not entry.fulfilled}
    steps = {step.slug: step for step in gates.shortest_path(counted.values())}
    told = {entry["slug"]: entry for entry in content["entries"]}
    return tuple(
        Unmet(told[slug], counted[slug], steps.get(slug))
        for slug in [*steps, *(slug for slug in counted if slug not in steps)]
    )


def recorders(content: Content) -> dict[int, list[str]]:
    """Who recorded what the picture holds: user id to the numbers of the entries.

    That is the author of an answer's state, and for a deliverable the sender of its version: approving one does
    not count.
    """
    found: dict[int, list[str]] = {}
    for entry in content["entries"]:
        document = entry["document"]
        who = (document and document["sent_by"]) if entry["kind"] == "deliverable" else entry["recorded_by"]
        if who:
            found.setdefault(who["id"], []).append(entry["number"])
    return found
