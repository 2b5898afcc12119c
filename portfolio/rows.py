"""What each service of a page says: where it stands, what is suggested, what is due. Five queries for any page."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from accounts import calendar
from accounts.prepared import Prepared
from checklists import gates, tallies
from checklists.gates import Around, Counts, Suggestion
from checklists.models import Tally
from checklists.tallies import Current
from portfolio import wording
from reviews import degrees
from reviews.degrees import Record
from reviews.models import Condition, Outcome, Review
from reviews.wording import outcome_today, round_due, waived_until
from stages import catalogue
from stages.models import Passage, PassageState, Service, Stage


@dataclass(frozen=True)
class Row:
    """One service of the list. `open` and `overdue` count its conditions; `refused_at` is set after a no-go.

    `waived` counts golden rules of this stage and of passed ones, `waived_until` is the first day one of them ends;
    `aged` are the decisions from which today differs, each with its stage and the degree.
    """

    service: Service
    passage: Passage
    stage: Stage
    counts: Counts
    suggestion: Suggestion
    waiting_since: datetime | None
    refused_at: datetime | None
    open: int
    overdue: int
    reopened: tuple[Stage, ...]
    aged: tuple[tuple[Record, Stage, str], ...]
    waived: int
    waived_until: date | None
    on: date

    @property
    def state_words(self) -> str:
        return "" if self.state == "not_started" else outcome_today(self.state)

    @property
    def when(self) -> str:
        """How far away the planned go-live is, in words."""
        return wording.days_until(self.service.planned_on, self.on)

    @property
    def late(self) -> bool:
        return self.service.planned_on < self.on and not self.service.went_live_on

    @property
    def sentences(self) -> list[str]:
        """Where the service stands, the most telling first."""
        event = wording.waiting(self.waiting_since) if self.waiting_since else ""
        event = event or (wording.refused(self.refused_at) if self.refused_at else "")
        again = wording.reopened_before(self.reopened) if self.reopened else ""
        due = round_due(self.passage.due_on, self.on) if self.round_open else ""
        return [sentence for sentence in (event, again, due, wording.progress(self.counts)) if sentence]

    @property
    def round_open(self) -> bool:
        """Is this a round of a recurring stage that waits to be reviewed by a day?"""
        return self.passage.state == PassageState.OPEN and self.passage.due_on is not None

    @property
    def conditions(self) -> str:
        return wording.conditions(self.open, self.overdue)

    @property
    def waivers(self) -> str:
        return waived_until(self.waived, self.waived_until) if self.waived_until else ""

    @property
    def state(self) -> str:
        """The key of the pill: the suggestion, or that nobody has begun."""
        return "not_started" if self.counts.judged == 0 else str(self.suggestion.outcome)


@dataclass(frozen=True)
class _Gathered:
    """What the queries of one page brought: passages by service, tallies, reviews by service, conditions counted."""

    reached: dict[int, list[Passage]]
    tallies: Current
    reviews: dict[int, list[Record]]
    conditions: dict[int, tuple[int, int]]
    on: date


_TALLIES: Prepared[Tally] = Prepared(lambda ids: Tally.objects.filter(service__in=ids), list)
_REACHED: Prepared[Passage] = Prepared(
    lambda ids: Passage.objects.filter(service__in=ids).exclude(state=PassageState.LOCKED), list
)
_REVIEWS: Prepared[tuple] = Prepared(
    lambda ids: degrees.columns(Review.objects.filter(passage__service__in=ids).exclude(state=Review.State.WITHDRAWN)),
    list,
)
_OPEN: Prepared[tuple[int, date | None]] = Prepared(
    lambda ids: (
        Condition.objects.filter(service__in=ids, state=Condition.State.OPEN)
        .order_by()
        .values_list("service", "due_on")
    ),
    list,
)


def _ids(services: Iterable[Service]) -> list[int]:
    return [service.pk for service in services]


def rows_of(services: Sequence[Service]) -> tuple[Row, ...]:
    """Rows in the order of `services`; the same number of queries for one and for fifty."""
    on = calendar.day()
    reached = _reached(services)
    counted = tallies.current(_TALLIES(_ids(services)), on=on)
    gathered = _Gathered(reached, counted, _reviews(services), _conditions(services, on), on)
    return tuple(_row(service, gathered) for service in services)


def furthest(passages: Iterable[Passage]) -> Passage:
    """The passage that says where a service is: the last one that is not locked."""
    return max(passages, key=lambda passage: (passage.stage.position, passage.round))


def earlier(passages: Iterable[Passage], counted: Current, position: int) -> list[Tally]:
    """The tallies of the passed stages before `position`: what was decided there still weighs, as the gate counts."""
    passed = {(one.service_id, one.stage_id) for one in passages if one.state == PassageState.PASSED}
    before = {(one.service_id, one.stage_id) for one in passages if one.stage.position < position}
    return [counted[place] for place in passed & before]


def reopened(passages: Iterable[Passage], position: int) -> tuple[Stage, ...]:
    """Stages before `position` that are open again."""
    return tuple(one.stage for one in passages if one.stage.position < position and one.reopened_at)


def _row(service: Service, gathered: _Gathered) -> Row:
    passages = gathered.reached[service.pk]
    passage = furthest(passages)
    stage = catalogue.of(service.edition_id).sheet_by_id(passage.stage_id).stage
    counts = gathered.tallies[service.pk, stage.pk].counts
    still_open, overdue = gathered.conditions.get(service.pk, (0, 0))
    again = reopened(passages, stage.position)
    behind = earlier(passages, gathered.tallies, stage.position)
    around = Around(overdue, sum(tally.counts.rules_unmet for tally in behind), len(again))
    waived = [tally for tally in (gathered.tallies[service.pk, stage.pk], *behind) if tally.waived]
    review = _latest(gathered.reviews[service.pk], passage)
    return Row(
        service=service,
        passage=passage,
        stage=stage,
        counts=counts,
        suggestion=gates.suggest(counts, threshold=stage.edition.threshold, around=around),
        waiting_since=review.asked_at if review and review.state == Review.State.OPEN else None,
        refused_at=_refused_at(review),
        open=still_open,
        overdue=overdue,
        reopened=again,
        aged=_aged(service, gathered),
        waived=sum(tally.waived for tally in waived),
        waived_until=min((tally.waived_until for tally in waived), default=None),
        on=gathered.on,
    )


def _latest(reviews: Sequence[Record], passage: Passage) -> Record | None:
    return next((one for one in reversed(reviews) if one.passage_id == passage.pk), None)


def _aged(service: Service, gathered: _Gathered) -> tuple[tuple[Record, Stage, str], ...]:
    """The decisions of a service that have aged, in the order of its stages; told without another query."""
    found = degrees.latest_go(gathered.reviews[service.pk])
    sheets = catalogue.of(service.edition_id).sheets
    told = [(found[sheet.stage.pk], sheet.stage) for sheet in sheets if sheet.stage.pk in found]
    aged = [
        (review, stage, degrees.of_tally(review, gathered.tallies[service.pk, stage.pk], stage))
        for review, stage in told
    ]
    return tuple(one for one in aged if one[2])


def _refused_at(review: Record | None) -> datetime | None:
    if review and review.state == Review.State.DECIDED and review.decision.outcome == Outcome.NO_GO:
        return review.decision.decided_at
    return None


def _reached(services: Sequence[Service]) -> dict[int, list[Passage]]:
    """By service; the stages are those of the catalogue."""
    sheets = [sheet for service in services for sheet in catalogue.of(service.edition_id).sheets]
    stages = {sheet.stage.pk: sheet.stage for sheet in sheets}
    found: dict[int, list[Passage]] = defaultdict(list)
    for passage in _REACHED(_ids(services)):
        passage.stage = stages[passage.stage_id]
        found[passage.service_id].append(passage)
    return found


def _reviews(services: Sequence[Service]) -> dict[int, list[Record]]:
    """Every review that was not withdrawn, by service, in the order of their numbers."""
    found: dict[int, list[Record]] = defaultdict(list)
    for review in degrees.records(_REVIEWS(_ids(services))):
        found[review.passage.service_id].append(review)
    return found


def _conditions(services: Sequence[Service], on: date) -> dict[int, tuple[int, int]]:
    """How many conditions are open, and how many of them overdue, by service."""
    due: dict[int, list[date | None]] = defaultdict(list)
    for service, day in _OPEN(_ids(services)):
        due[service].append(day)
    return {service: (len(days), sum(day is not None and day < on for day in days)) for service, days in due.items()}
