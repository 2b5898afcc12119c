"""What a schema cannot say of a playbook file: names that must be unique, known, free, and fit each other. Pure.

Reads the plain data before anybody knows whether it has the right shape, so that one run tells every fault: what
is not a mapping, a list or a text is passed over here, the schema tells it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from stages.faults import Fault
from stages.yaml_reading import Document, Path

KINDS = ("rules", "items", "deliverables", "questions")
RESERVED_STAGES = frozenset(
    {"reports", "history", "new", "conditions", "files", "evidence", "went-live", "review"}
    | {"edit", "plan", "archive", "bring-back", "people", "dates"}
)
RESERVED_REQUIREMENTS = frozenset({"review", "proposals"})
# What a computed criterion may name, by its rule; the rules not named here take no slugs.
NAMED_BY = {"approved": ("deliverables",), "done": ("items", "deliverables")}
Told = tuple[Path, str]


@dataclass(frozen=True)
class Asked:
    """A requirement as it stands in the file."""

    path: Path
    kind: str
    data: dict[str, Any]


def faults(document: Document) -> list[Fault]:
    data = document.data
    if not isinstance(data, dict):
        return []
    stages = list(_mappings(data, "stages"))
    told = [*_names(data, stages), *_roles(data, stages), *_stage_faults(stages), *_requirement_faults(stages)]
    told += [fault for path, stage in stages for fault in _criteria(path, stage)]
    return [document.fault(path, sentence) for path, sentence in told]


def _mappings(data: dict[str, Any], *keys: str, at: Path = ()) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The mappings in the lists under `keys`, each with its path."""
    for key in keys:
        values = data.get(key)
        for index, value in enumerate(values if isinstance(values, list) else ()):
            if isinstance(value, dict):
                yield (*at, key, index), value


def _asked(stages: list[tuple[Path, dict[str, Any]]]) -> list[Asked]:
    return [
        Asked(path, str(path[-2]), entry) for at, stage in stages for path, entry in _mappings(stage, *KINDS, at=at)
    ]


def _names(data: dict[str, Any], stages: list[tuple[Path, dict[str, Any]]]) -> Iterator[Told]:
    """Every slug and number stands for one thing."""
    asked = [(one.path, one.data) for one in _asked(stages)]
    yield from _repeated(list(_mappings(data, "roles")), "slug")
    yield from _repeated(stages, "slug")
    yield from _repeated(asked, "slug")
    yield from _repeated(asked, "number")
    for path, stage in stages:
        yield from _repeated(list(_mappings(stage, "criteria", at=path)), "slug")


def _repeated(entries: list[tuple[Path, dict[str, Any]]], key: str) -> Iterator[Told]:
    seen: set[str] = set()
    for path, entry in entries:
        value = entry.get(key)
        if not isinstance(value, str):
            continue
        if value in seen:
            yield (*path, key), _("“%(value)s” is used twice.") % {"value": value[:80]}
        seen.add(value)


def _roles(data: dict[str, Any], stages: list[tuple[Path, dict[str, Any]]]) -> Iterator[Told]:
    """Who is named has a role in this edition, and stands in a stage's list once."""
    known = {role["slug"] for _path, role in _mappings(data, "roles") if _is_text(role.get("slug"))}
    named = [((*one.path, "role"), one.data.get("role")) for one in _asked(stages)]
    for path, stage in stages:
        listed = stage.get("roles")
        roles = list(enumerate(listed if isinstance(listed, list) else ()))
        named += [((*path, "roles", index), role) for index, role in roles]
        for entry, told in _repeated([((*path, "roles", index), {"": role}) for index, role in roles], ""):
            yield entry[:-1], told
    for path, role in named:
        if _is_text(role) and role not in known:
            yield path, _("There is no role “%(role)s”.") % {"role": role[:80]}


def _stage_faults(stages: list[tuple[Path, dict[str, Any]]]) -> Iterator[Told]:
    for index, (path, stage) in enumerate(stages):
        if _is_text(stage.get("slug")) and stage["slug"] in RESERVED_STAGES:
            yield (*path, "slug"), _reserved(stage["slug"])
        if not any(isinstance(stage.get(kind), list) and stage[kind] for kind in KINDS):
            yield path, _("A stage asks for at least one thing.")
        if stage.get("interval_months") is not None and index < len(stages) - 1:
            yield (*path, "interval_months"), _("Only the last stage can recur.")


def _requirement_faults(stages: list[tuple[Path, dict[str, Any]]]) -> Iterator[Told]:
    asked = _asked(stages)
    answerable = {one.data.get("slug") for one in asked if one.kind != "questions" and _is_text(one.data.get("slug"))}
    for one in asked:
        about = one.data.get("about")
        if _is_text(one.data.get("slug")) and one.data["slug"] in RESERVED_REQUIREMENTS:
            yield (*one.path, "slug"), _reserved(one.data["slug"])
        if one.kind == "rules" and one.data.get("required") is False:
            yield (*one.path, "required"), _("A golden rule is always required.")
        if one.kind == "questions" and _is_text(about) and about not in answerable:
            yield (*one.path, "about"), _("There is no rule, item or deliverable “%(slug)s”.") % {"slug": about[:80]}


def _criteria(at: Path, stage: dict[str, Any]) -> Iterator[Told]:
    """A computed criterion names what its rule looks at, in its own stage."""
    known = {
        rule: {entry["slug"] for _path, entry in _mappings(stage, *kinds) if _is_text(entry.get("slug"))}
        for rule, kinds in NAMED_BY.items()
    }
    for path, criterion in _mappings(stage, "criteria", at=at):
        computed = criterion.get("computed")
        if isinstance(computed, dict) and _is_text(computed.get("rule")):
            yield from _computed((*path, "computed"), computed, known.get(computed["rule"]))


def _computed(at: Path, computed: dict[str, Any], known: set[str] | None) -> Iterator[Told]:
    """`known`: what its rule can look at; None for a rule that looks at nothing in particular."""
    rule, slugs = computed["rule"][:80], computed.get("slugs")
    slugs = slugs if isinstance(slugs, list) else []
    if known is None and slugs:
        yield at, _("The rule “%(rule)s” takes no slugs.") % {"rule": rule}
    if known is not None and not slugs:
        yield at, _("The rule “%(rule)s” needs slugs.") % {"rule": rule}
    for index, slug in enumerate(slugs if known is not None else ()):
        if _is_text(slug) and slug not in known:
            told = _("This stage has no “%(slug)s” that the rule “%(rule)s” could look at.")
            yield (*at, "slugs", index), told % {"slug": slug[:80], "rule": rule}


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _reserved(slug: str) -> str:
    return _("“%(slug)s” is an address that launchkit itself uses.") % {"slug": slug}
