"""The gate of a passage today: readiness, what else weighs on it, the suggestion and the shortest path."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F, OuterRef, QuerySet, Subquery

from accounts import calendar
from accounts.prepared import Prepared
from checklists import gates, readiness, tallies
from checklists.gates import Around, Step, Suggestion
from checklists.models import Tally
from checklists.readiness import Readiness, Row
from reviews.models import Condition, Confirmation, Decision, Review
from stages import catalogue
from stages.catalogue import Sheet
from stages.models import Passage, PassageState, Service


@dataclass(frozen=True)
class Gate:
    """What a manager, a designer and a snapshot see of one passage on one day."""

    passage: Passage
    on: date
    readiness: Readiness
    around: Around
    suggestion: Suggestion
    conditions: tuple[Condition, ...]
    confirmations: tuple[Confirmation, ...]

    @property
    def path(self) -> tuple[Step, ...]:
        return self.readiness.path

    @property
    def overdue(self) -> tuple[Condition, ...]:
        return tuple(condition for condition in self.conditions if condition.overdue(self.on))

    @property
    def steps_to_conditions(self) -> int:
        """How many steps of the path lift the no-go."""
        return sum(1 for step in self.path if step.lifts == gates.Outcome.NO_GO)


def gate_of(
    passage: Passage,
    *,
    on: date | None = None,
    confirmations: Sequence[Confirmation] | None = None,
    ready: Readiness | None = None,
    without: Decision | None = None,
) -> Gate:
    """The gate of a passage (its `service` and `stage` loaded) in at most eight queries.

    `confirmations` stand for those of the open review: they may be said before they are stored. `ready` is the
    stage as a write has just left it; that saves five queries. `without` is a decision whose conditions
    do not weigh: it is about to be superseded, and they are void then.
    """
    on = on or calendar.day()
    service = passage.service
    sheet = catalogue.of(service.edition_id).sheet_by_id(passage.stage_id)
    conditions = tuple(one for one in open_conditions(service) if without is None or one.decision_id != without.pk)
    overdue = sum(1 for condition in conditions if condition.overdue(on))
    around = around_of(service, sheet.stage.position, overdue, on=on)
    said = tuple(confirmed(passage) if confirmations is None else confirmations)
    by_hand = {confirmation.criterion.slug: confirmation.met for confirmation in said}
    ready = ready or readiness.follow(sheet, _introduced(service, sheet, on), on=on)
    ready = readiness.weighed(ready, overdue=overdue, confirmed=by_hand)
    suggestion = gates.suggest(ready.counts, threshold=sheet.stage.edition.threshold, around=around)
    return Gate(passage, on, ready, around, suggestion, conditions, said)


def _introduced(service: Service, sheet: Sheet, on: date) -> tuple[Row, ...]:
    rows = readiness.rows_of(service, sheet, on=on)
    readiness.introduce(rows)
    return rows


_LINKED: Prepared[Condition] = Prepared(
    lambda service: (
        Condition.objects.filter(service=service, state=Condition.State.OPEN)
        .select_related("owner")
        .annotate(linked=F("requirements"), stage=F("decision__review__passage__stage__slug"))
    ),
    int,
)


def open_conditions(service: Service) -> tuple[Condition, ...]:
    """Conditions of earlier decisions that are still open, the most urgent first: one query.

    Each knows the slug of the stage that it was demanded at (`stage`), and the requirements that it is `about`, in the
    order of the edition; they come from the catalogue.
    """
    conditions: dict[int, Condition] = {}
    about: dict[int, set[int]] = defaultdict(set)
    for one in _LINKED(service.pk):  # once for each of its requirements, and at least once
        conditions.setdefault(one.pk, one)
        about[one.pk].add(one.linked)
    asked = [requirement for sheet in catalogue.of(service.edition_id).sheets for requirement in sheet.requirements]
    for pk, condition in conditions.items():
        condition.service = service
        condition.about = tuple(requirement for requirement in asked if requirement.pk in about[pk])
    return tuple(conditions.values())


def around_of(service: Service, position: int, overdue: int, *, on: date) -> Around:
    """What weighs on a gate from outside: overdue conditions, and stages before `position` that do not hold.

    Those that passed and have golden rules neither met nor waived any more on a day, and those that are open again.
    """
    stored = tuple(_tallies_before(service, position)) if position > _first_position(service) else ()
    counted = tallies.current((one for one in stored if one.passage_state == PassageState.PASSED), on=on)
    broken = sum(one.counts.rules_unmet for one in counted.values())
    return Around(overdue, broken, sum(1 for one in stored if one.reopened_at))


def _tallies_before(service: Service, position: int) -> QuerySet[Tally]:
    """Tallies of the stages before `position`, each with where its latest passage stands: one query."""
    latest = Passage.objects.filter(service=service, stage=OuterRef("stage")).order_by("-round")
    return Tally.objects.filter(service=service, stage__position__lt=position).annotate(
        passage_state=Subquery(latest.values("state")[:1]), reopened_at=Subquery(latest.values("reopened_at")[:1])
    )


def _first_position(service: Service) -> int:
    return catalogue.of(service.edition_id).sheets[0].stage.position


def confirmed(passage: Passage) -> tuple[Confirmation, ...]:
    """What was confirmed by hand for the review now open; empty when none is."""
    if passage.state != PassageState.IN_REVIEW:
        return ()
    confirmations = Confirmation.objects.filter(review__passage=passage, review__state=Review.State.OPEN)
    return tuple(confirmations.select_related("criterion", "confirmed_by"))
