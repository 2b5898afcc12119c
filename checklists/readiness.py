"""What follows from the answers of one service in one stage: read in four queries, derived, never stored.

The stage's requirements come from the catalogue (cached); `Tally` is what a list keeps of this.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

from django.db.models import F, QuerySet

from accounts import calendar
from accounts.models import User
from accounts.prepared import Prepared
from checklists import criteria, gates
from checklists.models import UNANSWERED, Answer, DocumentVersion, Evidence, Waiver
from stages.catalogue import Sheet
from stages.models import ExitCriterion, Kind, Requirement, Service
from stages.passages import months_later

NAMING = {  # who is named by whom
    Answer: ("recorded_by", "responsible"),
    Evidence: ("added_by",),
    DocumentVersion: ("written_by", "sent_by", "judged_by"),
    Waiver: ("asked_by", "answered_by", "closed_by"),
}
Place = tuple[int, Sheet]  # a service, by its id, in a stage


@dataclass(eq=False, slots=True)  # not frozen: to make sixty of those takes three times as long
class Row:
    """One requirement with everything a service says to it; `answer` is None while nothing is said.

    `holds_until` is the last day on which the answer counts without being confirmed, None where it does not grow old.
    `waivers` are all that were ever asked for, oldest first; `waiver` is the one in force on the day of the reading.
    """

    requirement: Requirement
    answer: Answer | None
    evidence: tuple[Evidence, ...]
    versions: tuple[DocumentVersion, ...]
    entry: gates.Entry
    holds_until: date | None
    waivers: tuple[Waiver, ...]
    waiver: Waiver | None

    @property
    def version(self) -> int:
        """The version of the answer to hand back with the next one; 0 while nothing is said."""
        return self.answer.version if self.answer else 0

    @property
    def due_on(self) -> date | None:
        return self.answer.due_on if self.answer else None

    @property
    def state(self) -> str:
        return self.entry.state

    @property
    def request(self) -> Waiver | None:
        """The waiver that has been asked for and waits for an answer."""
        return next((one for one in self.waivers if one.state == Waiver.State.ASKED), None)

    @property
    def document(self) -> DocumentVersion | None:
        """The version that counts: the latest one sent for approval, else the latest draft."""
        sent = [version for version in self.versions if version.sent_at]
        return (sent or self.versions or (None,))[-1]


@dataclass(frozen=True)
class CriterionSeen:
    """An exit criterion and whether it is met; None where a person has not confirmed it yet."""

    criterion: ExitCriterion
    met: bool | None


@dataclass(frozen=True)
class Readiness:
    sheet: Sheet
    rows: tuple[Row, ...]
    counts: gates.Counts
    criteria: tuple[CriterionSeen, ...]
    fresh_until: date | None

    @cached_property
    def by_slug(self) -> dict[str, Row]:
        return {row.requirement.slug: row for row in self.rows}

    @property
    def entries(self) -> tuple[gates.Entry, ...]:
        return tuple(row.entry for row in self.rows)

    @cached_property
    def path(self) -> tuple[gates.Step, ...]:
        return gates.shortest_path(self.entries)

    @property
    def waived_until(self) -> date | None:
        """The first day after which a rule that is waived today is not excused any more; None where none is."""
        return min((row.waiver.expires_on for row in self.rows if row.waiver and row.entry.waived), default=None)


def of(
    service: Service,
    sheet: Sheet,
    *,
    on: date | None = None,
    overdue: int = 0,
    confirmed: Mapping[str, bool] | None = None,
) -> Readiness:
    """Readiness on a day (today when none is given), in four queries.

    `overdue` is the number of conditions past their date, `confirmed` maps the slug of an exit criterion that
    was looked at by hand to whether it was met.
    """
    on = on or calendar.day()
    return follow(sheet, rows_of(service, sheet, on=on), on=on, overdue=overdue, confirmed=confirmed)


def follow(
    sheet: Sheet,
    rows: tuple[Row, ...],
    *,
    on: date,
    overdue: int = 0,
    confirmed: Mapping[str, bool] | None = None,
) -> Readiness:
    """What follows from rows already read; no query."""
    plain = Readiness(sheet, rows, gates.count(row.entry for row in rows), (), _fresh_until(rows, on))
    return weighed(plain, overdue=overdue, confirmed=confirmed)


def weighed(ready: Readiness, *, overdue: int = 0, confirmed: Mapping[str, bool] | None = None) -> Readiness:
    """The same answers, with exit criteria as overdue conditions and what was confirmed by hand let them be."""
    entries = {row.requirement.slug: row.entry for row in ready.rows}
    seen = criteria.Seen(entries, ready.counts, ready.sheet.stage.edition.threshold, overdue)
    met = tuple(_criterion(criterion, seen, confirmed or {}) for criterion in ready.sheet.criteria)
    unmet = sum(1 for criterion in met if criterion.met is False)
    return replace(ready, counts=gates.with_criteria(ready.counts, unmet), criteria=met)


def rows_of(service: Service, sheet: Sheet, *, on: date) -> tuple[Row, ...]:
    """Every requirement of the stage with what the service says to it, in four queries; whoever shows it introduces."""
    return read([(service.pk, sheet)], on=on)[service.pk, sheet]


def read(places: Collection[Place], *, on: date) -> dict[Place, tuple[Row, ...]]:
    """The rows of many stages of many services (by id), in four queries for all of them."""
    said = _Said([service for service, _sheet in places], [sheet.stage.pk for _service, sheet in places])
    return {(service, sheet): said.rows(service, sheet, on) for service, sheet in places}


class _Said:
    """What was read, by the ids of service and requirement; the oldest first."""

    def __init__(self, services: list[int], stages: list[int]) -> None:
        answers, evidence, versions, waivers = (read(services, stages) for read in _PREPARED)
        self.answers = {(one.service_id, one.requirement_id): one for one in answers}
        self.evidence, self.versions, self.waivers = (defaultdict(list) for _ in range(3))
        for piece in evidence:
            self.evidence[piece.service_id, piece.stands_at].append(piece)
        for version in versions:
            self.versions[version.of_service, version.of_requirement].append(version)
        for waiver in waivers:
            self.waivers[waiver.service_id, waiver.requirement_id].append(waiver)

    def rows(self, service: int, sheet: Sheet, on: date) -> tuple[Row, ...]:
        return tuple(self._row(requirement, (service, requirement.pk), on) for requirement in sheet.requirements)

    def _row(self, requirement: Requirement, key: tuple[int, int], on: date) -> Row:
        more = {"evidence": self.evidence[key], "versions": self.versions[key], "waivers": self.waivers[key]}
        return row(requirement, answer=self.answers.get(key), **more, on=on)


def introduce(rows: Collection[Row], *, shown: Collection[Row] | None = None) -> None:
    """Everybody whom the `shown` rows name (all, where none are given), and who is responsible anywhere, in one query.

    Joins would bring the same few people a hundred times. None when nobody is named that is not known already.
    """
    said = [(one, NAMING[type(one)]) for row in (rows if shown is None else shown) for one in _parts(row)]
    said += [(row.answer, ("responsible",)) for row in rows if row.answer]
    named = [(one, one._meta.get_field(name)) for one, names in said for name in names]
    named = [(one, person) for one, person in named if not person.is_cached(one)]
    ids = {getattr(one, person.attname) for one, person in named} - {None}
    people = User.objects.in_bulk(ids) if ids else {}
    for one, person in named:
        pk = getattr(one, person.attname)
        person.set_cached_value(one, people[pk] if pk else None)


def _parts(row: Row) -> list[Answer | Evidence | DocumentVersion | Waiver]:
    answers = [row.answer] if row.answer else []
    return [*answers, *row.evidence, *row.versions, *row.waivers]


def row(
    requirement: Requirement,
    *,
    answer: Answer | None,
    evidence: Iterable[Evidence],
    versions: Iterable[DocumentVersion],
    waivers: Iterable[Waiver] = (),
    on: date,
) -> Row:
    """What follows for one requirement, which comes from the catalogue: its stage and edition are loaded."""
    evidence, waivers, holds_until = tuple(evidence), tuple(waivers), _holds_until(requirement, answer)
    waiver = next((one for one in waivers if one.in_force(on)), None) if waivers else None
    entry = gates.Entry(
        slug=requirement.slug,
        number=requirement.number,
        kind=requirement.kind,
        required=requirement.required,
        state=answer.state if answer else UNANSWERED[Kind(requirement.kind)],
        rating=answer.rating if answer else None,
        proof=sum(1 for piece in evidence if piece.in_force(on)) if evidence else 0,
        aged=holds_until is not None and holds_until < on,
        excused=waiver is not None,
    )
    return Row(requirement, answer, evidence, tuple(versions), entry, holds_until, waivers, waiver)


def _answers(services: Collection[int], stages: Collection[int]) -> QuerySet[Answer]:
    return Answer.objects.filter(service__in=services, requirement__stage__in=stages).marked()


def _evidence(services: Collection[int], stages: Collection[int]) -> QuerySet[Evidence]:
    """A piece that stands behind two answers comes twice."""
    behind = Evidence.objects.filter(answers__service__in=services, answers__requirement__stage__in=stages)
    return behind.annotate(stands_at=F("answers__requirement")).order_by("added_at", "pk")


def _versions(services: Collection[int], stages: Collection[int]) -> QuerySet[DocumentVersion]:
    found = DocumentVersion.objects.filter(document__service__in=services, document__requirement__stage__in=stages)
    place = {"of_service": F("document__service"), "of_requirement": F("document__requirement")}
    return found.annotate(**place).order_by("number")


def _waivers(services: Collection[int], stages: Collection[int]) -> QuerySet[Waiver]:
    found = Waiver.objects.filter(service__in=services, requirement__stage__in=stages)
    return found.order_by("asked_at", "pk")


_PREPARED = [Prepared(read, list, list) for read in (_answers, _evidence, _versions, _waivers)]


def _criterion(criterion: ExitCriterion, seen: criteria.Seen, confirmed: Mapping[str, bool]) -> CriterionSeen:
    if criterion.computed is None:
        return CriterionSeen(criterion, confirmed.get(criterion.slug))
    return CriterionSeen(criterion, criteria.holds(criterion.computed, seen))


def _holds_until(requirement: Requirement, answer: Answer | None) -> date | None:
    """Only what is said in a stage that recurs grows old: elsewhere the gate is passed and done."""
    stage = requirement.stage
    if answer is None or answer.state not in gates.SAID or not stage.recurs:
        return None
    return months_later(calendar.day(answer.confirmed_at), stage.edition.answer_age_months)


def _fresh_until(rows: Iterable[Row], on: date) -> date | None:
    """The last day on which the clock alone has not changed this; None when it never does."""
    turns = {row.waiver.expires_on for row in rows if row.waiver}
    for row in rows:
        if row.holds_until and row.holds_until >= on:
            turns.add(row.holds_until)
        for piece in row.evidence if row.entry.needs_proof else ():
            if piece.effective_from > on:
                turns.add(piece.effective_from - timedelta(days=1))
            elif piece.valid_until and piece.valid_until >= on:
                turns.add(piece.valid_until)
    return min(turns, default=None)
