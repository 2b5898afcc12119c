"""How far today is from what a decision rests on: as it was, *changed since*, or *stale*.

Told from counters and digests alone, so that a list of ten thousand services can say it: what counts today stands
in the tally, what counted then in the snapshot and the decision. Only go decisions are asked for: a no-go is nobody's
permission, and after it everything is meant to change.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import QuerySet

from accounts import calendar
from checklists import gates, readiness, tallies
from checklists import material as checked
from checklists.gates import Counts, Reason
from checklists.models import Tally
from checklists.readiness import Readiness
from reviews.models import Decision, Outcome, Review, Snapshot
from stages import catalogue
from stages.models import Passage, PassageState, Service, Stage


class Sealed(NamedTuple):
    material: str


class Decided(NamedTuple):
    """All None where there is no decision yet."""

    outcome: str
    decided_at: datetime
    material: str
    held: list[str]


class Place(NamedTuple):
    stage_id: int
    service_id: int


class Record(NamedTuple):
    """Of a review what a list needs, read as one reads a `Review`."""

    number: int
    state: str
    asked_at: datetime
    passage_id: int
    passage: Place
    snapshot: Sealed
    decision_id: int | None
    decision: Decided


CHANGED, STALE = "changed", "stale"
AROUND = frozenset({"overdue", "earlier", "reopened"})  # criteria that are not about the stage's own answers


def degree(
    decision: Decision | Decided, snapshot: Snapshot | Sealed, *, stage: Stage, counts: Counts, material: str
) -> str:
    """Empty when what counts is as it was shown when the decision was signed, or as it was sealed.

    As it was sealed is not enough where the decision rested on a waiver that came later and does not count any more.
    """
    if material == decision.material:
        return ""
    if lost(decision, stage, counts):
        return STALE
    return "" if material == snapshot.material else CHANGED


def lost(decision: Decision | Decided, stage: Stage, counts: Counts) -> tuple[Reason, ...]:
    """Criteria of the stage's own answers that were met at the decision and are not today.

    None where a stage recurs: work goes on there, and the next round looks at it.
    """
    if stage.recurs:
        return ()
    held = {*decision.held} - AROUND
    unmet = gates.suggest(counts, threshold=stage.edition.threshold).unmet
    return tuple(reason for reason in unmet if ("score" if reason.key == "unscored" else reason.key) in held)


def latest_go(reviews: Iterable[Record]) -> dict[int, Record]:
    """The last decided review of each stage where it ended with a go, by the stage's id.

    `reviews` are those of one service, in the order of their numbers.
    """
    last = {one.passage.stage_id: one for one in reviews if one.state == Review.State.DECIDED}
    return {stage: one for stage, one in last.items() if one.decision.outcome != Outcome.NO_GO}


def columns(reviews: QuerySet[Review]) -> QuerySet:
    """What `records` are made of: as much of the reviews as a degree needs, in the order of their numbers."""
    passage, decision = ("passage__stage", "passage__service"), ("outcome", "decided_at", "material", "held")
    decided = [f"decision__{name}" for name in decision]
    return reviews.order_by("number").values_list(
        "number", "state", "asked_at", "passage", *passage, "snapshot__material", "decision", *decided
    )


def records(rows: Iterable[tuple]) -> list[Record]:
    """Reviews without their models, from rows of `columns`: one query."""
    return [
        Record(number, state, asked_at, passage_id, Place(stage, service), Sealed(sealed), pk, Decided(*told))
        for number, state, asked_at, passage_id, stage, service, sealed, pk, *told in rows
    ]


def of_tally(review: Record, tally: Tally, stage: Stage) -> str:
    """`tally` as it is true today, `stage` from the catalogue."""
    return degree(review.decision, review.snapshot, stage=stage, counts=tally.counts, material=tally.material)


def of_service(service: Service) -> Mapping[int, str]:
    """The degree of each decision of a service that has one, by the decision's id: in two queries."""
    found = latest_go(records(columns(Review.objects.filter(passage__service=service))))
    stored = Tally.objects.filter(service=service, stage__in=found)
    counted = tallies.current(stored, on=calendar.day())
    sheets = {sheet.stage.pk: sheet.stage for sheet in catalogue.of(service.edition_id).sheets}
    told = {
        found[stage].decision_id: of_tally(found[stage], tally, sheets[stage])
        for (_service, stage), tally in counted.items()
    }
    return {pk: word for pk, word in told.items() if word}


def of_passage(passage: Passage, ready: Readiness, on: date) -> tuple[Record, str] | None:
    """The last go on this stage and its degree, for who has just read the stage; None when all is as it was.

    Asks nothing while the stage has never been passed.
    """
    if passage.state != PassageState.PASSED and passage.reopened_at is None and passage.round == 1:
        return None
    reviews = Review.objects.filter(passage__service=passage.service_id, passage__stage=passage.stage_id)
    review = latest_go(records(columns(reviews))).get(passage.stage_id)
    word = of_readiness(review, ready, on) if review else ""
    return (review, word) if review and word else None


def of_readiness(review: Review | Record, ready: Readiness, on: date) -> str:
    told = {"counts": own_counts(ready, on), "material": material_of(ready)}
    return degree(review.decision, review.snapshot, stage=ready.sheet.stage, **told)


def own_counts(ready: Readiness, on: date) -> Counts:
    """What a tally holds: counts without the conditions that weigh on the gate from outside."""
    return readiness.follow(ready.sheet, ready.rows, on=on).counts


def material_of(ready: Readiness) -> str:
    return checked.of_rows(ready.rows, ready.sheet.stage.edition.number)
