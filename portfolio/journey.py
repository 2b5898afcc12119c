"""The way of one service: its stages with what was decided, and the gate it stands before. Reads only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import calendar
from checklists import gates, tallies
from checklists.gates import Counts, Outcome
from checklists.models import Tally
from portfolio import wording
from portfolio.rows import furthest
from reviews import gate
from reviews.gate import Gate
from reviews.models import Decision, Review
from reviews.wording import need, outcome, outcome_today, reason, round_due
from stages import catalogue
from stages.models import Passage, PassageState, Service, Stage

SOON = timedelta(days=30)  # a round that is due later is not asked for yet
FIRST = 5  # steps of the shortest path that the page of a service shows
TONES = {Outcome.GO: "is-met", Outcome.GO_WITH_CONDITIONS: "is-warn", Outcome.NO_GO: "is-block"}


@dataclass(frozen=True)
class Step:
    """One stage on the way, in its latest round. `counts` is what is true there; `review` the latest not withdrawn."""

    service: Service
    stage: Stage
    passage: Passage
    counts: Counts
    review: Review | None
    before: Stage | None
    here: bool

    @property
    def state(self) -> str:
        return self.passage.state

    @property
    def title(self) -> str:
        return str(self.stage.title)

    @property
    def round(self) -> int:
        return self.passage.round

    @property
    def url(self) -> str:
        return reverse("reviews:workbench", args=[self.service.slug, self.stage.slug]) if self.open else ""

    @property
    def progress(self) -> str:
        return wording.judged(self.counts)

    @property
    def complete(self) -> bool:
        """Passed, with every entry fulfilled: nothing left to measure."""
        whole = self.counts.judged == self.counts.asked and not wording.missing(self.counts)
        return self.state == PassageState.PASSED and whole

    @property
    def open(self) -> bool:
        return self.passage.state != PassageState.LOCKED

    @property
    def decision(self) -> Decision | None:
        return self.review.decision if self.review and self.review.state == Review.State.DECIDED else None

    @property
    def sentence(self) -> str:
        if self.state == PassageState.LOCKED:
            return _("Opens when “%(stage)s” is passed") % {"stage": self.before} if self.before else ""
        if self.state == PassageState.IN_REVIEW and self.review:
            return wording.waiting(self.review.asked_at)
        if self.state == PassageState.PASSED and self.decision:
            day = calendar.in_words(self.decision.decided_at)
            return _("%(outcome)s on %(day)s") % {"outcome": outcome(self.decision.outcome), "day": day}
        if self.passage.reopened_at:
            return wording.reopened(self.passage.reopened_at)
        if self.state == PassageState.OPEN and self.passage.due_on:
            return round_due(self.passage.due_on, calendar.day())
        return self.progress


@dataclass(frozen=True)
class ToDo:
    """One step of the shortest path, with where it leads and who is responsible."""

    number: str
    title: str
    need: str
    role: str
    url: str


@dataclass(frozen=True)
class Journey:
    """`gate` is the gate of the stage where the service is, today."""

    service: Service
    steps: tuple[Step, ...]
    gate: Gate
    on: date

    @property
    def here(self) -> Step:
        return next(step for step in self.steps if step.here)

    @property
    def in_review(self) -> bool:
        return self.here.state == PassageState.IN_REVIEW

    @property
    def ended(self) -> bool:
        """Is the last stage passed, with nothing left to decide?"""
        return self.here.state == PassageState.PASSED

    @property
    def ready(self) -> bool:
        """Would a review today be worth asking for? Not in a round whose day is far off."""
        timely = self.here.passage.due_on is None or self.here.passage.due_on <= self.on + SOON
        return timely and self.here.state == PassageState.OPEN and self.gate.suggestion.outcome != Outcome.NO_GO

    @property
    def when(self) -> str:
        return wording.days_until(self.service.planned_on, self.on)

    @property
    def late(self) -> bool:
        return self.service.planned_on < self.on

    @property
    def tone(self) -> str:
        return TONES[self.gate.suggestion.outcome]

    @property
    def suggested(self) -> str:
        return outcome_today(self.gate.suggestion.outcome)

    @property
    def reasons(self) -> list[tuple[str, str]]:
        """What stands in the way: a tone and a sentence each."""
        return [(TONES[unmet.blocks], reason(unmet)) for unmet in self.gate.suggestion.unmet]

    @property
    def path(self) -> list[ToDo]:
        """The first steps of the shortest path."""
        return [self._to_do(step) for step in self.gate.path[:FIRST]]

    @property
    def more(self) -> int:
        return max(len(self.gate.path) - FIRST, 0)

    @property
    def may_go_live(self) -> bool:
        """Is the gate before operating passed, and the day not yet recorded?"""
        if self.service.went_live_on:
            return False
        return any(
            step.state == PassageState.PASSED and (following is None or following.stage.recurs)
            for step, following in zip(self.steps, (*self.steps[1:], None), strict=True)
        )

    def _to_do(self, step: gates.Step) -> ToDo:
        asked = self.gate.readiness.by_slug[step.slug].requirement
        url = reverse("reviews:requirement", args=[self.service.slug, self.here.stage.slug, step.slug])
        return ToDo(step.number, str(asked.title), need(step), str(asked.role), url)


def of(service: Service) -> Journey:
    """The whole way of a service, in ten queries."""
    on = calendar.day()
    latest = _latest_passages(service)
    current = furthest(passage for passage in latest.values() if passage.state != PassageState.LOCKED)
    current.service = service
    return Journey(service, _steps(service, latest, current, on), gate.gate_of(current, on=on), on)


def _steps(service: Service, latest: Mapping[int, Passage], current: Passage, on: date) -> tuple[Step, ...]:
    counted = tallies.current(Tally.objects.filter(service=service), on=on)
    reviews = _latest_reviews(latest.values())
    stages = [sheet.stage for sheet in catalogue.of(service.edition_id).sheets]
    return tuple(
        Step(
            service=service,
            stage=stage,
            passage=latest[stage.pk],
            counts=counted[service.pk, stage.pk].counts,
            review=reviews.get(latest[stage.pk].pk),
            before=before,
            here=latest[stage.pk] == current,
        )
        for before, stage in zip((None, *stages), stages, strict=False)
    )


def _latest_passages(service: Service) -> dict[int, Passage]:
    """The latest round of each stage, by the stage's id."""
    passages = Passage.objects.filter(service=service).counting().select_related("stage__edition").order_by("round")
    return {passage.stage_id: passage for passage in passages}


def _latest_reviews(passages: Sequence[Passage]) -> dict[int, Review]:
    found = Review.objects.filter(passage__in=list(passages)).exclude(state=Review.State.WITHDRAWN)
    found = found.select_related("decision").defer("decision__content")
    return {review.passage_id: review for review in found.order_by("number")}
