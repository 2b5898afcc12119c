"""The workbench as it is read: a stage's rows in groups, what stands in the way, and what the reader may do.

`Line` is one row with all its template asks for; it is made the same way for the page and for a fragment.
"""

from dataclasses import dataclass, field
from functools import cached_property

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import Standing
from accounts.acts import Act
from checklists import gates
from checklists.models import DocumentVersion, Evidence, State
from checklists.readiness import Row
from reviews.gate import Gate
from stages.models import Kind, Passage, PassageState, Requirement

SHORTEST = 7  # steps of the path that are shown at once


@dataclass(frozen=True)
class Choice:
    """One button of a row: what it records, whether that is what is there."""

    name: str
    value: str
    word: str | Promise
    tone: str
    pressed: bool


CHOICES: dict[str, tuple[tuple[State, str | Promise, str], ...]] = {
    Kind.RULE: (
        (State.MET, gettext_lazy("Met"), "is-met"),
        (State.NOT_MET, gettext_lazy("Not met"), "is-block"),
        (State.NOT_APPLICABLE, gettext_lazy("Does not apply"), "is-idle"),
    ),
    Kind.ITEM: (
        (State.DONE, gettext_lazy("Done"), "is-met"),
        (State.NOT_APPLICABLE, gettext_lazy("Does not apply"), "is-idle"),
    ),
}
RATINGS = (
    (0, gettext_lazy("not addressed"), "is-block"),
    (1, gettext_lazy("started"), "is-warn"),
    (2, gettext_lazy("in place, gaps remain"), "is-met"),
    (3, gettext_lazy("in place, with evidence"), "is-met"),
)


@dataclass(frozen=True)
class Line:
    """One row of the workbench. `panel` is None while it is closed; see `reviews.panels`."""

    bench: "Bench"
    row: Row
    panel: object | None = None

    @property
    def requirement(self) -> Requirement:
        return self.row.requirement

    @property
    def slug(self) -> str:
        return self.row.requirement.slug

    @property
    def url(self) -> str:
        return f"{self.bench.url}{self.slug}/"

    @property
    def state(self) -> str:
        """The key of the state as it is shown; evidence that lapsed turns it to re-check."""
        entry = self.row.entry
        if entry.recheck:
            return "recheck"
        if entry.state == State.RATED:
            return f"rated_{entry.rating}"
        return "not_rated" if entry.kind == Kind.QUESTION and entry.state == State.OPEN else str(entry.state)

    @property
    def answered(self) -> bool:
        return self.row.version > 0

    @property
    def may_clear(self) -> bool:
        """Is there an answer that can be taken back to open? A deliverable's state follows from its versions."""
        return self.bench.may_answer and self.row.requirement.kind != Kind.DELIVERABLE and self.row.state != State.OPEN

    @property
    def choices(self) -> list[Choice]:
        if self.row.requirement.kind == Kind.QUESTION:
            return self._ratings()
        offered = CHOICES.get(self.row.requirement.kind, ())
        return [
            Choice("state", str(state), word, tone, state == self.row.state)
            for state, word, tone in offered
            if state != State.NOT_APPLICABLE or self.row.requirement.may_not_apply
        ]

    def _ratings(self) -> list[Choice]:
        rating, may_not_apply = self.row.entry.rating, self.row.requirement.may_not_apply
        found = [Choice("rating", str(n), word, tone, rating == n) for n, word, tone in RATINGS]
        if may_not_apply:
            pressed = self.row.state == State.NOT_APPLICABLE
            found.append(Choice("state", "not_applicable", _("Does not apply"), "is-idle", pressed))
        return found

    @property
    def rating_word(self) -> str | Promise:
        rating = self.row.entry.rating
        return "" if rating is None else RATINGS[rating][1]

    @property
    def evidence(self) -> list[tuple[Evidence, bool]]:
        """Each piece with whether it is in force."""
        return [(piece, piece.in_force(self.bench.gate.on)) for piece in self.row.evidence]

    @property
    def versions(self) -> tuple[DocumentVersion, ...]:
        """The latest first."""
        return self.row.versions[::-1]

    @property
    def draft_to_send(self) -> DocumentVersion | None:
        latest = self.row.versions[-1] if self.row.versions else None
        return latest if latest and latest.state == State.DRAFT else None

    @property
    def version_to_judge(self) -> DocumentVersion | None:
        document = self.row.document
        return document if document and document.state == State.AWAITING else None

    @property
    def may_judge(self) -> bool:
        """May the reader approve what waits? Never who sent it."""
        version = self.version_to_judge
        return bool(version) and self.bench.may_approve and version.sent_by_id != self.bench.who.user.pk

    @property
    def blocks(self) -> bool:
        """Does it force a no-go today?"""
        return self.slug in self.bench.blocking

    @property
    def last_proof(self) -> bool:
        """Would taking one piece of evidence off leave the answer without any?"""
        return self.row.entry.needs_proof and self.row.entry.proof == 1


@dataclass(frozen=True)
class Bench:
    """A passage as one person works on it."""

    passage: Passage
    gate: Gate
    who: Standing
    show: str = "all"
    find: str = ""
    open_slugs: frozenset[str] = field(default_factory=frozenset)

    @cached_property
    def url(self) -> str:
        return reverse("reviews:workbench", args=[self.passage.service.slug, self.passage.stage.slug])

    @property
    def locked(self) -> bool:
        return self.passage.state == PassageState.LOCKED

    @cached_property
    def may_answer(self) -> bool:
        return not self.locked and self.who.may(Act.ANSWER, self.passage.service.team_id)

    @cached_property
    def may_approve(self) -> bool:
        return not self.locked and self.who.may(Act.APPROVE, self.passage.service.team_id)

    @property
    def may_ask(self) -> bool:
        """May the reader ask for a review now?"""
        may = self.who.may(Act.SUBMIT, self.passage.service.team_id)
        return may and self.passage.state == PassageState.OPEN

    @property
    def warned(self) -> bool:
        """Would answering cost the reader the decision?"""
        return self.may_answer and self.who.may(Act.DECIDE, self.passage.service.team_id)

    @cached_property
    def blocking(self) -> frozenset[str]:
        no_go = gates.Outcome.NO_GO
        return frozenset(step.slug for step in self.gate.path if step.lifts == no_go)

    def line(self, row: Row, panel: object | None = None) -> Line:
        return Line(self, row, panel)

    def line_of(self, slug: str, panel: object | None = None) -> Line:
        return self.line(self.gate.readiness.by_slug[slug], panel)
