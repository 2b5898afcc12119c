"""The due days of a service: which entries have one, and which day the timetable proposes for the others."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Prefetch

from accounts import calendar
from checklists import readiness, responsibility, timetable
from checklists.models import Answer, Evidence, Waiver
from checklists.readiness import Row
from checklists.timetable import Asked, Span
from stages import catalogue
from stages.assignments import Filled
from stages.catalogue import Sheet
from stages.models import Passage, PassageState, Requirement, Service, Stage
from stages.passages import months_later


class Due(NamedTuple):
    """One entry with its day, whether that is only proposed, and who is responsible."""

    day: date
    row: Row
    proposed: bool
    who: Filled | None


@dataclass(frozen=True)
class StagePlan:
    """One stage that is not passed: its entries that are not fulfilled, with a day of their own or a proposed one.

    A rule that is waived today is fulfilled today: it asks for no day, and comes back when the waiver ends.
    """

    stage: Stage
    rows: tuple[Row, ...]
    proposed: Mapping[str, date]

    def days(self, roles: Mapping[int, Filled]) -> list[Due]:
        """In the order of the days; `roles` as `stages.assignments.of` gives them."""
        days = {row.requirement.slug: row.due_on for row in self.dated} | self.proposed
        found = [
            Due(day, row, row.due_on is None, responsibility.responsible(row, roles))
            for row in self.rows
            if (day := days.get(row.requirement.slug))
        ]
        return sorted(found, key=lambda one: (one.day, one.row.requirement.position))

    @property
    def dated(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.due_on)

    @property
    def digest(self) -> str:
        """What a form carries to say which proposals its reader saw."""
        return digest([self])


def digest(plans: Iterable[StagePlan]) -> str:
    told = {slug: day.isoformat() for plan in plans for slug, day in plan.proposed.items()}
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def of(service: Service, *, on: date | None = None) -> list[StagePlan]:
    """The stages that are not passed, in four queries: entries with a day keep it, for the others one is proposed."""
    on = on or calendar.day()
    latest = {one.stage_id: one for one in Passage.objects.filter(service=service).counting().order_by("round")}
    sheets = catalogue.of(service.edition_id).sheets
    ahead = [sheet for sheet in sheets if latest[sheet.stage.pk].state != PassageState.PASSED]
    spans = _spans(service, ahead, latest, on)
    rows = _rows(service, on)
    return [_plan(sheet, rows, spans.get(sheet.stage.pk)) for sheet in ahead]


def _rows(service: Service, on: date) -> Callable[[Requirement], Row]:
    """What makes the row of a requirement, without document versions."""
    evidence = Prefetch("evidence", Evidence.objects.order_by("added_at", "pk"))
    said = Answer.objects.filter(service=service).marked().select_related("responsible").prefetch_related(evidence)
    answers = {one.requirement_id: one for one in said}
    waivers = {one.requirement_id: [one] for one in Waiver.objects.in_force(on).filter(service=service)}

    def row(asked: Requirement) -> Row:
        answer = answers.get(asked.pk)
        more = {"evidence": answer.evidence.all() if answer else (), "waivers": waivers.get(asked.pk, ())}
        return readiness.row(asked, answer=answer, versions=(), **more, on=on)

    return row


def _spans(service: Service, ahead: list[Sheet], latest: Mapping[int, Passage], on: date) -> dict[int, Span]:
    before = [sheet.stage for sheet in ahead if not sheet.stage.recurs]
    spans = timetable.spans(len(before), today=on, planned=service.planned_on)
    found = dict(zip((stage.pk for stage in before), spans, strict=False))
    for stage in (sheet.stage for sheet in ahead if sheet.stage.recurs):
        begins = max(on, service.went_live_on or service.planned_on)
        ends = latest[stage.pk].due_on or months_later(begins, stage.interval_months)
        found[stage.pk] = Span(begins, max(begins, ends))
    return found


def _plan(sheet: Sheet, row: Callable[[Requirement], Row], span: Span | None) -> StagePlan:
    rows = [one for one in map(row, sheet.requirements) if not one.entry.fulfilled]
    asked = [
        Asked(one.requirement.slug, one.requirement.kind, one.requirement.position) for one in rows if not one.due_on
    ]
    return StagePlan(sheet.stage, tuple(rows), timetable.days(asked, span) if span else {})
