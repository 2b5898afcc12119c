"""Any number of services with plausible histories: the stories of the demo, told once and written many times.

Telling ten thousand services act by act would take hours. So a pattern is told through the same functions as the web,
in a transaction that is taken back; its rows are kept as texts with holes (`stencils`), and poured into the tables
with other keys, names and people (`pouring`). What is sealed is sealed anew: digests of pictures, decisions and tallies
follow from the filled texts, and every link of the trail is chained under the key of this installation.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from random import Random
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import yaml
from django.apps import apps
from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import override

from accounts import calendar, chaining, noticing
from accounts.acts import Role
from accounts.models import Chain, Mail, Membership, Notice, Team, TrailEntry, User
from checklists import material, readiness
from checklists.models import Evidence, Tally, Waiver
from launchkit import pouring, stories
from launchkit.pouring import Filler
from launchkit.stencils import MARK, Holes, Values
from launchkit.tale import FOLDER, Tale
from reviews.models import Decision, Report, Snapshot
from stages import catalogue
from stages.models import Edition, Service

DESIGNERS, MANAGERS = ("designer", "second_designer", "outsider"), ("manager", "second_manager", "outside_manager")
PEOPLE = ("designer", "second_designer", "manager", "second_manager", "viewer", "outsider", "outside_manager")
ROOMS = ("accounts", "stages", "checklists", "reviews")
NOT_TOLD = {User, Team, Membership, Mail, Report}  # there already, or not worth a copy
DISTRICT = MARK  # the hole for the number in the name of a service
AT_ONCE = 50  # sheaves that one transaction writes
SEED = 20

Seal = tuple[int, Callable[[Values], str], Callable[[str], str]]  # hole, what is sealed, how


class Pattern(Tale):
    """A tale whose name has a hole, and whose addresses have none, so that what they prove has the same digest."""

    def __init__(self, edition: Edition, facts: Mapping[str, Any], says: Mapping[str, str], team: Team) -> None:
        super().__init__(edition, {**facts, "name": _name(facts)}, says, team)
        self.folder = facts["name"].split(" ")[0].lower()

    def begins(self, by: User, like: str = "") -> None:
        super().begins(by, _name({"name": like}) if like else "")

    def address(self, requirement) -> str:
        return f"https://files.demo.launchkit.example/{requirement.slug}"

    def reports(self, by: User, record: Decision) -> None:
        """None: thousands of them would keep every worker busy for a day. They can be asked for."""


@dataclass(frozen=True)
class Sheaf:
    """The six services of the pattern: rows by story and table, what is sealed, in order, and which keys are whose."""

    rows: list[dict[type[Model], list[Filler]]]
    seals: list[Seal]
    keys: dict[type[Model], list[int]]  # by table: the holes of its keys
    people: list[int]  # the holes of the team and of its people
    series: list[int]  # the holes of what names the revisions of one piece of evidence
    holes: Holes


def multiply(*, services: int, people: Callable[[int], list[int]], sheaf: "Sheaf | None" = None, after: int = 0) -> int:
    """Add so many services; returns how many rows were written. Needs a published edition.

    `people` gives the keys of the team of a sheaf and of its people, in the order of `PEOPLE`. Who multiplies again
    brings the `sheaf` that was told, and says how many copies of it there are (`after`).
    """
    sheaf = sheaf or told()
    numbers = list(range(after + 1, after + 1 + -(-services // len(sheaf.rows))))
    Random(SEED).shuffle(numbers)  # noqa: S311 - tables are not in the order of names
    written = sum(
        _write(sheaf, numbers[start : start + AT_ONCE], start, services, people)
        for start in range(0, len(numbers), AT_ONCE)
    )
    pouring.end_of_marks([model for model in models() if model is not Chain])
    pouring.analyse()
    return written


def models() -> list[type[Model]]:
    """The tables that hold what a service went through."""
    every = (model for label in ROOMS for model in apps.get_app_config(label).get_models(include_auto_created=True))
    return [model for model in every if model not in NOT_TOLD]


# -- the pattern ------------------------------------------------------------------------------------------


def told(*only: str) -> Sheaf:
    """Tell every story once (or only those named), keep it as texts with holes, and take it back."""
    marked = [User, Team, *(model for model in models() if model is not Chain)]
    with transaction.atomic():
        pouring.begin_at_marks(marked)
        team, cast = _people()
        bounds = [_highest()]
        for service in _tell(team, cast, only or tuple(stories.STORIES)):
            bounds.append({**_highest(), Chain: service.scope})
        sheaf = _kept([team.pk, *(getattr(cast, part).pk for part in PEOPLE)], bounds)
        transaction.set_rollback(True)
    pouring.end_of_marks(marked)
    return sheaf


def _people() -> tuple[Team, SimpleNamespace]:
    team = Team.objects.create(slug="pattern", name="Pattern")
    cast = {part: User.objects.create(email=f"{part}@pattern.example", name=part) for part in PEOPLE}
    for part, user in cast.items():
        role = Role.DESIGNER if part in DESIGNERS else Role.MANAGER if part in MANAGERS else Role.VIEWER
        Membership.objects.create(user=user, team=team, role=role)
    return team, SimpleNamespace(**cast)


def _tell(team: Team, cast: SimpleNamespace, keys: tuple[str, ...]) -> Iterator[Service]:
    edition = Edition.objects.order_by("playbook", "-number").first()
    facts = yaml.safe_load((FOLDER / "services.yaml").read_text())
    says = yaml.safe_load((FOLDER / "answers.yaml").read_text())
    with override(edition.language):
        for key in keys:
            one = facts[key]
            tale = Pattern(edition, one, says | one.get("says", {}), team)
            stories.STORIES[key](tale, cast)
            yield tale.service


def _name(facts: Mapping[str, Any]) -> str:
    return f"District {DISTRICT}: {facts['name']}"


def _highest() -> dict[type[Model], Any]:
    """The highest key of every table."""
    return {model: last_key(model) for model in models() if model is not Chain}


def last_key(model: type[Model]) -> int:
    return max(model._base_manager.order_by("-pk").values_list("pk", flat=True)[:1], default=0)


def _kept(people: list[int], bounds: list[dict[type[Model], Any]]) -> Sheaf:
    """The rows that were written between two bounds belong to one story."""
    _say_nothing()
    holes = Holes()
    holes.place(DISTRICT)
    first, last = bounds[0], bounds[-1]
    keys = {
        model: holes.places(model._base_manager.filter(pk__gt=first[model]).order_by("pk").values_list("pk", flat=True))
        for model in models()
        if model is not Chain and last[model] > MARK
    }
    given, series = holes.places(people), holes.places(_series())
    seals = list(_seals(holes))
    rows = [
        {model: pouring.taken(model, _between(model, before, after), holes) for model in [*keys, Chain]}
        for before, after in pairwise(bounds)
    ]
    return Sheaf(rows, seals, keys, given, series, holes)


def _series() -> set[str]:
    """As the engine writes them: PostgreSQL with hyphens, SQLite without."""
    found = Evidence.objects.filter(pk__gte=MARK).values_list("series", flat=True)
    return {str(one) if connection.features.has_native_uuid_field else one.hex for one in found}


def _between(model: type[Model], before: Mapping[type[Model], Any], after: Mapping[type[Model], Any]) -> str:
    if model is Chain:
        return f"scope = '{after[Chain]}'"
    return f"id > {before[model]} AND id <= {after[model]} ORDER BY id"


def _say_nothing() -> None:
    """What was told long ago has been read, and none of it is mailed."""
    marked = Notice.objects.filter(pk__gte=MARK)
    noticing.read(notices=marked.filter(told_at__lt=timezone.now() - timedelta(days=7)))
    marked.update(due_at=None)


def _seals(holes: Holes) -> Iterator[Seal]:
    """Everything that is sealed, each after what it holds: waivers, tallies, pictures, decisions, and the trail."""
    for waiver in Waiver.objects.filter(pk__gte=MARK):
        yield _seal(holes, waiver.sha256, waiver.told, sha256)
    for tally in Tally.objects.filter(pk__gte=MARK, waived__gt=0).select_related("service"):
        yield _seal(holes, tally.material, _material(tally), sha256)
    for snapshot in Snapshot.objects.filter(pk__gte=MARK).order_by("pk"):
        yield _seal(holes, snapshot.sha256, snapshot.content, sha256)
    for decision in Decision.objects.filter(pk__gte=MARK).order_by("pk"):
        yield _seal(holes, decision.sha256, decision.content, sha256)
    head = ("", "")
    for entry in TrailEntry.objects.filter(pk__gte=MARK).order_by("scope", "sequence"):
        head = head if head[0] == entry.scope else (entry.scope, "")
        yield _seal(holes, entry.digest, chaining.told(head[1], entry), chaining.keyed)
        head = (entry.scope, entry.digest)


def _seal(holes: Holes, digest: str, text: str, how: Callable[[str], str]) -> Seal:
    """ValueError when the text does not give the digest: what is multiplied then would not verify."""
    if how(text) != digest:
        raise ValueError(f"A digest of the pattern is not that of its text: {text[:80]}")
    filler = holes.cut(text)
    return holes.place(digest), filler, how


def _material(tally: Tally) -> str:
    sheet = catalogue.of(tally.service.edition_id).sheet_by_id(tally.stage_id)
    day = min(calendar.day(), tally.fresh_until or date.max)
    return material.told(readiness.rows_of(tally.service, sheet, on=day), sheet.stage.edition.number)


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


# -- the copies -------------------------------------------------------------------------------------------


def _write(sheaf: Sheaf, numbers: list[int], start: int, services: int, people: Callable[[int], list[int]]) -> int:
    """Some sheaves in one transaction; of the last one only as many services as are asked for."""
    base = {model: last_key(model) for model in sheaf.keys}
    filled = [
        (_filled(sheaf, number, place, base, people(start + place)), services - (start + place) * len(sheaf.rows))
        for place, number in enumerate(numbers)
    ]
    with transaction.atomic():
        return sum(_poured(sheaf, model, filled) for model in [*sheaf.keys, Chain])


def _poured(sheaf: Sheaf, model: type[Model], filled: list[tuple[Values, int]]) -> int:
    rows = [row(values) for values, most in filled for story in sheaf.rows[:most] for row in story[model]]
    pouring.pour(model, rows)
    return len(rows)


def _filled(sheaf: Sheaf, number: int, place: int, base: Mapping[type[Model], int], people: list[int]) -> Values:
    """What fills the holes of one copy: its number, its keys, its people, then what is sealed over them."""
    values = [""] * len(sheaf.holes)
    values[0] = str(number)
    for model, holes in sheaf.keys.items():
        for key, hole in enumerate(holes, start=base[model] + place * len(holes) + 1):
            values[hole] = str(key)
    for key, hole in zip(people, sheaf.people, strict=True):
        values[hole] = str(key)
    for hole in sheaf.series:
        values[hole] = uuid4().hex
    for hole, text, how in sheaf.seals:
        values[hole] = how(text(values))
    return values
