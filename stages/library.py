"""What a person reads of playbooks: the list, and an edition's stages in groups of one kind."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Prefetch, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stages.catalogue import Catalogue, Sheet
from stages.models import Edition, Kind, Playbook, Requirement

HEADINGS: dict[str, tuple[Promise, Promise]] = {
    Kind.RULE: (_("Golden rules"), _("Every one must be met before the service may leave the stage.")),
    Kind.ITEM: (_("Checklist"), _("Tasks that are done or not done.")),
    Kind.DELIVERABLE: (
        _("Deliverables"),
        _("Documents and products that are written, sent and approved."),
    ),
    Kind.QUESTION: (_("Evaluation questions"), _("Rated from 0 to 3: how good, not only whether.")),
}


@dataclass(frozen=True)
class Line:
    """A requirement, and what it asks about where it is a question."""

    requirement: Requirement
    about: Requirement | None


@dataclass(frozen=True)
class Group:
    """The requirements of one kind in one stage, with the heading they stand under."""

    kind: str
    heading: Promise
    sentence: Promise
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Chapter:
    """A stage as it is read."""

    sheet: Sheet
    groups: tuple[Group, ...]


def playbooks() -> QuerySet[Playbook]:
    """Every playbook with its editions, newest first, each with the number of its stages and requirements."""
    counted = Edition.objects.order_by("-number").annotate(
        stages_number=Count("stages", distinct=True), requirements_number=Count("requirements", distinct=True)
    )
    return Playbook.objects.prefetch_related(Prefetch("editions", counted))


def chapters(catalogue: Catalogue) -> tuple[Chapter, ...]:
    every = {slug: requirement for sheet in catalogue.sheets for slug, requirement in sheet.by_slug.items()}
    return tuple(Chapter(sheet, _groups(sheet, every)) for sheet in catalogue.sheets)


def numbers(catalogue: Catalogue) -> dict[str, int]:
    """How many of each kind the edition holds, and `criterion` for its exit criteria."""
    kinds = {kind: sum(len(sheet.of_kind(kind)) for sheet in catalogue.sheets) for kind in Kind.values}
    return kinds | {"criterion": sum(len(sheet.criteria) for sheet in catalogue.sheets)}


def _groups(sheet: Sheet, every: Mapping[str, Requirement]) -> tuple[Group, ...]:
    groups = (Group(kind, *HEADINGS[kind], _lines(sheet, kind, every)) for kind in Kind.values)
    return tuple(group for group in groups if group.lines)


def _lines(sheet: Sheet, kind: str, every: Mapping[str, Requirement]) -> tuple[Line, ...]:
    return tuple(Line(requirement, every.get(requirement.about)) for requirement in sheet.of_kind(kind))
