"""What is different between a sealed picture and a later one: material changes, and what the clock alone changed.

Notes and people do not count. Pure: both sides are contents of snapshots (`snapshots.comparable` is enough).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from reviews import canonical, picture

Content = Mapping[str, Any]


@dataclass(frozen=True)
class Change:
    """One difference. `slug` and `number` name the entry (or the condition), `what` the sort of difference:

    `state` (before, after: state keys, a rating as `rated_2`), `evidence` (before: what was taken away, after:
    what was added, each `[{title, sha256}]`), `document` (`{number, sha256}` or None), `waiver` (`{sha256, expires_on,
    expired}` or None: the one in force), `recheck` (evidence lapsed), `aged` (the answer has grown old) and `overdue`
    (booleans, by the clock), `condition` (open or closed), `earlier` (golden rules of passed stages that no longer
    hold), `reopened` (earlier stages that are open again), `edition`.
    """

    slug: str
    number: str
    what: str
    before: object
    after: object

    def as_json(self) -> dict[str, object]:
        return asdict(self)

    @property
    def material(self) -> bool:
        """Is it about the answers themselves, and not about what else weighs on the gate?"""
        return self.what not in ("condition", "overdue", "earlier", "reopened")

    @property
    def key(self) -> str:
        """Names this change among others: enough of its digest."""
        return canonical.digest(self.as_json())[:16]


def digest(changes: Iterable[Change]) -> str:
    """SHA-256 of a list of changes: what a decision form carries to say what its reader saw."""
    return canonical.digest([change.as_json() for change in changes])


def between(sealed: Content, later: Content) -> tuple[Change, ...]:
    """Everything that counts and differs, in the order of the stage."""
    return (*_edition(sealed, later), *_entries(sealed, later), *_conditions(sealed, later), *_earlier(sealed, later))


def without(changes: Iterable[Change], known: Iterable[Change]) -> tuple[Change, ...]:
    """Those that are not among the known ones."""
    keys = {change.key for change in known}
    return tuple(change for change in changes if change.key not in keys)


def undone(shown: Iterable[Change], now: Iterable[Change]) -> tuple[Change, ...]:
    """Material changes that were shown and are as it was sealed again: told the other way round."""
    still = {(change.slug, change.what) for change in now}
    gone = (change for change in shown if change.material and (change.slug, change.what) not in still)
    return tuple(replace(change, before=change.after, after=change.before) for change in gone)


def _edition(sealed: Content, later: Content) -> Iterator[Change]:
    before, after = (side["playbook"]["edition"] for side in (sealed, later))
    if before != after:
        yield Change("", "", "edition", before, after)


def _entries(sealed: Content, later: Content) -> Iterator[Change]:
    before, after = ({entry["slug"]: entry for entry in side["entries"]} for side in (sealed, later))
    for slug in [*before, *(slug for slug in after if slug not in before)]:
        if slug in before and slug in after:
            yield from _entry(before[slug], after[slug])
            yield from _waiver(before[slug], after[slug], later.get("on", ""))
        else:
            number = (before.get(slug) or after[slug])["number"]
            yield Change(slug, number, "entry", slug in before, slug in after)


def _entry(before: Content, after: Content) -> Iterator[Change]:
    slug, number = before["slug"], before["number"]
    if state(before) != state(after):
        yield Change(slug, number, "state", state(before), state(after))
    gone, new = _pieces(before, after), _pieces(after, before)
    if gone or new:
        yield Change(slug, number, "evidence", gone, new)
    old_version, new_version = (picture.entry_material(side)["document"] for side in (before, after))
    if old_version != new_version:
        yield Change(slug, number, "document", old_version, new_version)
    aged = [side.get("aged", False) for side in (before, after)]  # sealed before answers grew old: without the key
    if aged[0] != aged[1]:
        yield Change(slug, number, "aged", *aged)
    elif before["recheck"] != after["recheck"]:
        yield Change(slug, number, "recheck", before["recheck"], after["recheck"])


def _waiver(before: Content, after: Content, on: str) -> Iterator[Change]:
    """Another waiver than before, or none any more; of no account while the rule holds without one on both sides."""
    old, new = (side.get("waiver") and side["waiver"]["sha256"] for side in (before, after))
    holds = all(side["fulfilled"] and not side.get("waived") for side in (before, after) if old != new)
    if old != new and not holds:
        told = [_granted(side.get("waiver"), on) for side in (before, after)]
        yield Change(before["slug"], before["number"], "waiver", *told)


def _granted(waiver: Content | None, on: str) -> dict[str, object] | None:
    if waiver is None:
        return None
    return {name: waiver[name] for name in ("sha256", "expires_on")} | {"expired": waiver["expires_on"] < on}


def state(entry: Content) -> str:
    """The state with its rating in one word: `met`, `rated_2`."""
    return f"rated_{entry['rating']}" if entry["state"] == "rated" else entry["state"]


def _pieces(here: Content, there: Content) -> list[dict[str, str]]:
    """Evidence that is here and not there, by content."""
    known = {piece["sha256"] for piece in there["evidence"]}
    titles = {piece["sha256"]: piece["title"] for piece in here["evidence"] if piece["sha256"] not in known}
    return [{"sha256": sha256, "title": titles[sha256]} for sha256 in sorted(titles)]


def _conditions(sealed: Content, later: Content) -> Iterator[Change]:
    before, after = ({condition["id"]: condition for condition in side["conditions"]} for side in (sealed, later))
    for pk in [*before, *(pk for pk in after if pk not in before)]:
        number = str((before.get(pk) or after[pk])["number"])
        slug = f"condition-{pk}"
        if pk not in before or pk not in after:
            yield Change(slug, number, "condition", "open" if pk in before else None, "open" if pk in after else None)
        elif before[pk]["overdue"] != after[pk]["overdue"]:
            yield Change(slug, number, "overdue", before[pk]["overdue"], after[pk]["overdue"])


def _earlier(sealed: Content, later: Content) -> Iterator[Change]:
    for what, key in (("earlier", "broken_earlier_rules"), ("reopened", "reopened")):
        before, after = (side["around"].get(key, 0) for side in (sealed, later))
        if before != after:
            yield Change("", "", what, before, after)
