"""Who is responsible for what. An answer has a responsible person of its own, or whoever fills the requirement's role
on this service: "mine" means either.

`entries_of` is for lists across services (my work, reminders, what somebody leaves behind); the workbench asks
`responsible` row by row.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from accounts import calendar
from accounts.models import User
from checklists import readiness
from checklists.models import Answer, Evidence, Waiver
from checklists.readiness import Row
from stages import catalogue
from stages.assignments import Filled
from stages.models import Assignment, Passage, PassageState, Service

AT_WORK = (PassageState.OPEN, PassageState.IN_REVIEW)


@dataclass(frozen=True)
class Owed:
    """One entry that still needs something, in a stage at work: `row` without its document versions.

    `itself`: the person is named on the entry, not only by a role.
    """

    passage: Passage
    row: Row
    itself: bool

    @property
    def service(self) -> Service:
        return self.passage.service

    @property
    def due_on(self) -> date | None:
        return self.row.due_on

    def overdue(self, on: date) -> bool:
        return self.due_on is not None and self.due_on < on


class _Said(NamedTuple):
    """Answers, and waivers in force, each by service and requirement."""

    answers: Mapping[tuple[int, int], Answer]
    waivers: Mapping[tuple[int, int], Waiver]


def responsible(row: Row, roles: Mapping[int, Filled]) -> Filled | None:
    """Who is responsible for a row of `readiness.rows_of`; `roles` as `stages.assignments.of` gives them."""
    answer = row.answer
    if answer and answer.responsible:
        return Filled(answer.responsible, answer.gone)
    return roles.get(row.requirement.role_id)


def entries_of(person: User, services: QuerySet[Service], *, on: date | None = None) -> list[Owed]:
    """What a person still owes in stages that are open or in review, the most urgent first, without a day last.

    `services` are those that the reader may see (`stages.access.visible_services`). Five queries however many there
    are; editions come from the catalogue. Fulfilled entries are left out, those waived today among them, and nothing is
    owed to an archived service.
    """
    on = on or calendar.day()
    passages = _passages(person, services)
    held = set(Assignment.objects.filter(user=person, service__in=services).values_list("service_id", "role_id"))
    said = _Said(_answers(person, passages), _waivers(passages, on))
    found = [owed for passage in passages for owed in _of_passage(person, passage, held, said, on)]
    return sorted(found, key=lambda one: (one.due_on or date.max, one.service.name, one.row.requirement.position))


def _passages(person: User, services: QuerySet[Service]) -> list[Passage]:
    """Passages at work of services where the person has a role or an entry."""
    by_role = Assignment.objects.filter(service=OuterRef("service"), user=person)
    by_name = Answer.objects.filter(service=OuterRef("service"), responsible=person)
    found = Passage.objects.filter(service__in=services, service__archived_at=None, state__in=AT_WORK)
    found = found.filter(Exists(by_role) | Exists(by_name))
    return list(found.select_related("stage", "service__team").order_by("service__name", "service", "stage__position"))


def _answers(person: User, passages: list[Passage]) -> dict[tuple[int, int], Answer]:
    """Every answer that is the person's, or would be by a role; by service and requirement."""
    by_role = Assignment.objects.filter(service=OuterRef("service"), role=OuterRef("requirement__role"), user=person)
    found = Answer.objects.filter(
        Q(responsible=person) | Exists(by_role),
        service__in={passage.service_id for passage in passages},
        requirement__stage__in={passage.stage_id for passage in passages},
    ).prefetch_related(Prefetch("evidence", Evidence.objects.order_by("added_at", "pk")))
    return {(answer.service_id, answer.requirement_id): answer for answer in found}


def _waivers(passages: list[Passage], on: date) -> dict[tuple[int, int], Waiver]:
    """Those in force, by service and requirement."""
    found = Waiver.objects.in_force(on).filter(service__in={passage.service_id for passage in passages})
    return {(waiver.service_id, waiver.requirement_id): waiver for waiver in found}


def _of_passage(person: User, passage: Passage, held: set[tuple[int, int]], said: _Said, on: date) -> list[Owed]:
    found = []
    for asked in catalogue.of(passage.service.edition_id).sheet_by_id(passage.stage_id).requirements:
        key = (passage.service_id, asked.pk)
        answer, waiver = said.answers.get(key), said.waivers.get(key)
        itself = answer is not None and answer.responsible_id == person.pk
        by_role = (passage.service_id, asked.role_id) in held and not (answer and answer.responsible_id)
        if itself or by_role:
            evidence = answer.evidence.all() if answer else ()
            waivers = [waiver] if waiver else ()
            row = readiness.row(asked, answer=answer, evidence=evidence, versions=(), waivers=waivers, on=on)
            found += [] if row.entry.fulfilled else [Owed(passage, row, itself)]
    return found
