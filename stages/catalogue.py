"""An edition as it is read: stages with all that belongs to them, loaded once per process.

A published edition never changes, so what is loaded stays true; after the first call nothing is queried. Only the
name of its playbook may be another once a later edition is published: who shows it has read it anew (`called`). The
rows are shared by every thread: read them, never change them.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Any

from django.db.models import Model, Prefetch

from stages.models import Edition, ExitCriterion, Requirement, Resource, Role, Stage
from stages.texts import LocalText


@dataclass(frozen=True, eq=False)
class Sheet:
    """One stage: requirements in the order of the edition (rules, items, deliverables, questions), roles loaded."""

    stage: Stage
    requirements: tuple[Requirement, ...]
    criteria: tuple[ExitCriterion, ...]
    roles: tuple[Role, ...]
    resources: tuple[Resource, ...]

    @cached_property
    def by_slug(self) -> Mapping[str, Requirement]:
        return MappingProxyType({requirement.slug: requirement for requirement in self.requirements})

    def of_kind(self, kind: str) -> tuple[Requirement, ...]:
        return tuple(requirement for requirement in self.requirements if requirement.kind == kind)


@dataclass(frozen=True, eq=False)
class Catalogue:
    """An edition, its playbook loaded, and its sheets by position."""

    edition: Edition
    sheets: tuple[Sheet, ...]
    roles: tuple[Role, ...]

    @cached_property
    def _by_slug(self) -> Mapping[str, Sheet]:
        return {sheet.stage.slug: sheet for sheet in self.sheets}

    @cached_property
    def _by_id(self) -> Mapping[int, Sheet]:
        return {sheet.stage.pk: sheet for sheet in self.sheets}

    @cached_property
    def languages(self) -> Mapping[str, int]:
        """How many of the edition's texts there are in each language."""
        rows: list[Model] = [self.edition, *self.roles]
        for sheet in self.sheets:
            rows += [sheet.stage, *sheet.requirements, *sheet.criteria]
        texts = (text for row in rows for value in vars(row).values() for text in _texts(value))
        return MappingProxyType(
            Counter(code for text in texts for code, said in text.items() if code != "own" and said)
        )

    def called(self, name: LocalText) -> "Catalogue":
        """The same, under the name that its playbook has now."""
        self.edition.playbook.name = name
        return self

    def sheet(self, stage_slug: str) -> Sheet:
        """KeyError when the edition has no such stage."""
        return self._by_slug[stage_slug]

    def sheet_by_id(self, stage_id: int) -> Sheet:
        return self._by_id[stage_id]


@lru_cache(maxsize=64)
def of(edition_id: int) -> Catalogue:
    """The edition's catalogue. Edition.DoesNotExist when there is none; that answer is not kept."""
    edition = Edition.objects.select_related("playbook").get(pk=edition_id)
    roles = {role.pk: role for role in edition.roles.all()}
    return Catalogue(edition, tuple(_sheet(stage, edition, roles) for stage in _stages(edition)), tuple(roles.values()))


def _texts(value: Any) -> Iterator[Mapping[str, str]]:
    """The texts in the value of a field: one, a list of them, or those in the options of a requirement."""
    if isinstance(value, dict) and "own" in value:
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _texts(one)


def forget() -> None:
    """Drop everything kept: for tests, where an id may come to mean another edition."""
    of.cache_clear()


def _stages(edition: Edition) -> list[Stage]:
    parts = [
        Prefetch("requirements", Requirement.objects.order_by("position")),
        Prefetch("criteria", ExitCriterion.objects.order_by("position")),
        Prefetch("resources", Resource.objects.order_by("position")),
        Prefetch("roles", Role.objects.order_by("position")),
    ]
    return list(edition.stages.order_by("position").prefetch_related(*parts))


def _sheet(stage: Stage, edition: Edition, roles: Mapping[int, Role]) -> Sheet:
    stage.edition = edition
    for requirement in stage.requirements.all():
        requirement.edition, requirement.stage, requirement.role = edition, stage, roles[requirement.role_id]
    return Sheet(
        stage=stage,
        requirements=tuple(stage.requirements.all()),
        criteria=tuple(stage.criteria.all()),
        roles=tuple(stage.roles.all()),
        resources=tuple(stage.resources.all()),
    )
