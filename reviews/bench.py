"""The workbench as it is read: a stage's rows in groups, what stands in the way, and where the service stands."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import calendar
from accounts.access import Standing
from accounts.acts import Act
from accounts.calendar import in_words
from checklists import history, proposals, responsibility
from checklists.gates import Counts, Outcome, Step
from checklists.models import Answer, Proposal
from checklists.readiness import Row
from reviews import degrees, filters, wording
from reviews.degrees import Record
from reviews.filters import Chip, Filter
from reviews.gate import Gate
from reviews.lines import RATINGS, Line, May
from reviews.models import Condition
from stages import assignments, catalogue
from stages.access import may_on
from stages.assignments import Filled
from stages.catalogue import Sheet
from stages.models import Kind, Passage, PassageState

SHOWN_STEPS = 6  # steps of the shortest path that are shown at once

HEADINGS: Mapping[str, str | Promise] = {
    Kind.RULE: gettext_lazy("Golden rules"),
    Kind.ITEM: gettext_lazy("Checklist"),
    Kind.DELIVERABLE: gettext_lazy("Deliverables"),
    Kind.QUESTION: gettext_lazy("Evaluation questions"),
}
SENTENCES: Mapping[str, str | Promise] = {
    Kind.RULE: gettext_lazy("%(n)d of %(all)d met; every one must be"),
    Kind.ITEM: gettext_lazy("%(n)d of %(all)d done"),
    Kind.DELIVERABLE: gettext_lazy("%(n)d of %(all)d approved"),
    Kind.QUESTION: gettext_lazy("%(n)d of %(all)d rated"),
}


@dataclass(frozen=True)
class Group:
    """The rows of one kind, in words and numbers of the whole kind, whatever the filter shows."""

    kind: str
    heading: str | Promise
    sentence: str
    lines: tuple[Line, ...] = ()

    @property
    def scale(self) -> list[tuple[int, str | Promise]]:
        """What the ratings mean, for the eye too: above the questions, and nowhere else."""
        return [(rating, word) for rating, word, _tone in RATINGS] if self.kind == Kind.QUESTION else []


@dataclass(frozen=True)
class Bench:
    """A passage as one person works on it; `narrow` says which rows are listed.

    `filled` says who fills the roles where a write has just read it.
    """

    passage: Passage
    gate: Gate
    who: Standing
    narrow: Filter = filters.EVERYTHING
    filled: Mapping[int, Filled] | None = None

    @cached_property
    def url(self) -> str:
        return reverse("reviews:workbench", args=[self.passage.service.slug, self.passage.stage.slug])

    @property
    def sheet(self) -> Sheet:
        return self.gate.readiness.sheet

    @property
    def counts(self) -> Counts:
        return self.gate.readiness.counts

    @property
    def locked(self) -> bool:
        return self.passage.state == PassageState.LOCKED

    @cached_property
    def may(self) -> May:
        return May.of(self.who, self.passage.service, locked=self.locked)

    @property
    def may_ask(self) -> bool:
        """May the reader ask for a review now?"""
        return self.passage.state == PassageState.OPEN and may_on(self.passage.service, self.who, Act.SUBMIT)

    @property
    def may_decide(self) -> bool:
        return may_on(self.passage.service, self.who, Act.DECIDE)

    @property
    def warned(self) -> bool:
        """Would an answer cost the reader the decision?"""
        return self.may.answer and self.may_decide

    @cached_property
    def roles(self) -> Mapping[int, Filled]:
        """Who fills which role on the service: one query, or none after a tick."""
        return assignments.of(self.passage.service) if self.filled is None else self.filled

    @cached_property
    def owed(self) -> Mapping[str, list[Condition]]:
        """The open conditions by the slug of the requirement that they are about."""
        found: dict[str, list[Condition]] = defaultdict(list)
        for condition in self.gate.conditions:
            for requirement in condition.about:
                found[requirement.slug].append(condition)
        return found

    @cached_property
    def aged(self) -> tuple[Record, str] | None:
        """The last go on this stage and its degree, where today is not as it was then."""
        return degrees.of_passage(self.passage, self.gate.readiness, self.gate.on)

    @cached_property
    def blocking(self) -> frozenset[str]:
        """What forces a no-go today."""
        return frozenset(step.slug for step in self.gate.path if step.lifts == Outcome.NO_GO)

    def row(self, slug: str) -> Row:
        return self.gate.readiness.by_slug[slug]

    def line(self, row: Row, panel: object | None = None, undo: Mapping[str, object] | None = None) -> Line:
        blocks, who = row.requirement.slug in self.blocking, responsibility.responsible(row, self.roles)
        owed = tuple(self.owed[row.requirement.slug])
        return Line(row, self.url, self.may, self.gate.on, blocks, panel, undo, who, owed)

    def line_of(self, slug: str, panel: object | None = None, answer: Answer | None = None) -> Line:
        """One row; after an act its `answer` knows what it said before."""
        row = self.row(slug)
        before = getattr(answer, "before", None)
        line = self.line(row, panel, history.before_of(before) if before else self.undo_of(row))
        return replace(line, proposal=self.proposal_of(row))

    @cached_property
    def _undoable(self) -> Mapping[str, tuple[int, Mapping[str, object]]]:
        return history.undoable(self.passage.service, self.who.user) if self.may.answer else {}

    def undo_of(self, row: Row) -> Mapping[str, object] | None:
        """What the reader's own last answer replaced, while nobody has said anything since."""
        version, before = self._undoable.get(row.requirement.subject, (0, None))
        return before if version and version == row.version else None

    @cached_property
    def _proposals(self) -> Mapping[int, Proposal]:
        return proposals.waiting(self.passage.service, self.passage.stage)

    def proposal_of(self, row: Row) -> Proposal | None:
        return proposals.offered(row, self._proposals)

    @cached_property
    def offered(self) -> tuple[Line, ...]:
        """The rows for which an earlier service proposes something."""
        return tuple(
            replace(line, proposal=self.proposal_of(line.row)) for line in self.lines if self.proposal_of(line.row)
        )

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """All rows, without what can be undone."""
        return tuple(self.line(row) for row in self.gate.readiness.rows)

    @property
    def shows(self) -> list[Chip]:
        return filters.shows(self.narrow, self.lines)

    @property
    def kinds(self) -> list[Chip]:
        return filters.kinds(self.narrow, self.lines)

    @property
    def shown(self) -> int:
        """How many entries fit the filter now."""
        return sum(1 for line in self.lines if self.narrow.fits(line))

    @property
    def nothing(self) -> tuple[str, str]:
        """Why a filter may find nothing, and what to do: heading and sentence."""
        if self.narrow.show == "mine" and not any(line.mine for line in self.lines):
            return _("Nothing here is yours"), _("Say who fills the roles of this service, or who does an entry.")
        return _("Nothing to show"), _("No entry of this stage fits what you chose.")

    @property
    def groups(self) -> list[Group]:
        """Groups with at least one row to show."""
        groups = [replace(self.group(kind), lines=self._shown(kind)) for kind in HEADINGS]
        return [group for group in groups if group.lines]

    def group(self, kind: str) -> Group:
        """A group without its rows: what stands above them."""
        return Group(kind, HEADINGS[kind], group_sentence(kind, self.counts))

    def _shown(self, kind: str) -> tuple[Line, ...]:
        lines = (line for line in self.lines if line.requirement.kind == kind and self.narrow.fits(line))
        return tuple(replace(line, undo=self.undo_of(line.row), proposal=self.proposal_of(line.row)) for line in lines)

    @cached_property
    def way(self) -> list[tuple[Step, Line, str]]:
        """The first steps of the shortest path, each with its row and what it needs."""
        rows = self.gate.readiness.by_slug
        return [(step, self.line(rows[step.slug]), wording.need(step)) for step in self.gate.path[:SHOWN_STEPS]]

    @property
    def way_further(self) -> int:
        return max(0, len(self.gate.path) - SHOWN_STEPS)

    @property
    def outcome_sentence(self) -> str:
        return wording.outcome_today(self.gate.suggestion.outcome)

    @cached_property
    def reasons(self) -> list[tuple[str, str]]:
        """Why the suggestion is what it is: tone and sentence of all that is not met."""
        tones = {Outcome.NO_GO: "is-block", Outcome.GO_WITH_CONDITIONS: "is-warn"}
        return [(tones[reason.blocks], wording.reason(reason)) for reason in self.gate.suggestion.unmet]

    @property
    def waived_sentence(self) -> str:
        until = self.gate.readiness.waived_until
        return wording.waived_until(self.counts.waived, until) if until else ""

    @property
    def score_sentence(self) -> str:
        threshold = self.sheet.stage.edition.threshold
        if not self.counts.score_shown:
            return _("The score is shown when all required questions are rated.")
        told = _("Score %(score)d of 100; the playbook asks for %(threshold)d.")
        return told % {"score": self.counts.score.percent, "threshold": threshold}

    @cached_property
    def steps(self) -> list[dict[str, object]]:
        """The stages for the stepper, each with its latest round: one query."""
        latest: dict[int, Passage] = {}
        for passage in Passage.objects.filter(service=self.passage.service_id).counting().order_by("round"):
            latest[passage.stage_id] = passage
        sheets = catalogue.of(self.passage.service.edition_id).sheets
        return [self._step(sheet, latest[sheet.stage.pk]) for sheet in sheets]

    def _step(self, sheet: Sheet, passage: Passage) -> dict[str, object]:
        slugs = [self.passage.service.slug, sheet.stage.slug]
        return {
            "title": sheet.stage.title,
            "round": passage.round,
            "sentence": passage_sentence(passage),
            "state": passage.state,
            "url": reverse("reviews:workbench", args=slugs),
            "here": passage.stage_id == self.passage.stage_id,
        }


def group_sentence(kind: str, counts: Counts) -> str:
    numbers = {
        Kind.RULE: (counts.rules_met, counts.rules),
        Kind.ITEM: (counts.items_done, counts.items),
        Kind.DELIVERABLE: (counts.deliverables_approved, counts.deliverables),
        Kind.QUESTION: (counts.questions_rated, counts.questions),
    }
    number, of_all = numbers[Kind(kind)]
    told_waived = f". {wording.waived(counts.waived)}" if kind == Kind.RULE and counts.waived else ""
    return str(SENTENCES[kind]) % {"n": number, "all": of_all} + told_waived


def passage_sentence(passage: Passage) -> str:
    """Where a passage stands, with its day where it has one."""
    if passage.state == PassageState.LOCKED:
        return _("Opens when the stage before it is passed")
    if passage.state == PassageState.IN_REVIEW:
        return _("Waiting for a decision")
    if passage.state == PassageState.PASSED:
        return _("Passed on %(day)s") % {"day": in_words(passage.passed_at)}
    if passage.reopened_at:
        return _("Reopened on %(day)s") % {"day": in_words(passage.reopened_at)}
    if passage.due_on:
        return wording.round_due(passage.due_on, calendar.day())
    return _("Open since %(day)s") % {"day": in_words(passage.opened_at)}
