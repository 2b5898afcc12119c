"""One row of the workbench with all its template asks for, made alike for the page and for a fragment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.access import Standing
from accounts.acts import Act
from checklists.models import UNANSWERED, DocumentVersion, Proposal, State
from checklists.pieces import Piece
from checklists.readiness import Row
from reviews.models import Condition
from reviews.waivers import Waivers
from stages.access import may_on
from stages.assignments import Filled
from stages.models import Kind, Requirement, Service


@dataclass(frozen=True)
class Choice:
    """One button of a row: what it records, and whether that is what is there."""

    name: str
    value: str
    word: str | Promise
    tone: str
    pressed: bool


NOT_APPLICABLE = (State.NOT_APPLICABLE, _("Not applicable"), "is-idle")
CHOICES: Mapping[str, tuple[tuple[State, str | Promise, str], ...]] = {
    Kind.RULE: ((State.MET, _("Met"), "is-met"), (State.NOT_MET, _("Not met"), "is-block")),
    Kind.ITEM: ((State.DONE, _("Done"), "is-met"),),
    Kind.QUESTION: (),
    Kind.DELIVERABLE: (),
}
RATINGS: tuple[tuple[int, str | Promise, str], ...] = (
    (0, _("not addressed"), "is-block"),
    (1, _("started"), "is-warn"),
    (2, _("in place, gaps remain"), "is-met"),
    (3, _("in place and shown"), "is-met"),
)


@dataclass(frozen=True)
class May:
    """What the reader may do with the rows of a stage; who does what is planned before the stage opens, too."""

    who: Standing
    answer: bool
    approve: bool
    plan: bool
    ask_waiver: bool = False
    waive: bool = False

    @classmethod
    def of(cls, who: Standing, service: Service, *, locked: bool) -> "May":
        return cls(
            who=who,
            answer=not locked and may_on(service, who, Act.ANSWER),
            approve=not locked and may_on(service, who, Act.APPROVE),
            plan=may_on(service, who, Act.ANSWER),
            ask_waiver=not locked and may_on(service, who, Act.ASK_WAIVER),
            waive=not locked and may_on(service, who, Act.WAIVE),
        )


@dataclass(eq=False)  # nobody changes one; to make sixty frozen ones takes three times as long
class Line:
    """A row as one person sees it.

    `base` is the address of its workbench; `panel` is None while it is closed; `undo` is what to hand in to say
    again what the answer said before the reader changed it a moment ago; `responsible` is whoever has to see to it;
    `owed` are the open conditions that are about it; `proposal` is what an earlier service said, while nothing is said
    here.
    """

    row: Row
    base: str
    may: May
    on: date
    blocks: bool
    panel: object | None = None
    undo: Mapping[str, object] | None = None
    responsible: Filled | None = None
    owed: tuple[Condition, ...] = ()
    proposal: Proposal | None = None

    @property
    def requirement(self) -> Requirement:
        return self.row.requirement

    @property
    def slug(self) -> str:
        return self.row.requirement.slug

    @property
    def url(self) -> str:
        return f"{self.base}{self.slug}/"

    @property
    def is_deliverable(self) -> bool:
        return self.row.requirement.kind == Kind.DELIVERABLE

    @property
    def is_question(self) -> bool:
        return self.row.requirement.kind == Kind.QUESTION

    @property
    def state(self) -> str:
        """The key of the state as it is shown; waived where a rule rests on that, re-check where evidence lapsed."""
        entry = self.row.entry
        if entry.waived:
            return "waived"
        if entry.recheck:
            return "recheck"
        if entry.state == State.RATED:
            return f"rated_{entry.rating}"
        return "not_rated" if self.is_question and entry.state == State.OPEN else str(entry.state)

    @property
    def named(self) -> bool:
        """Is somebody named on the entry itself, not only by its role?"""
        return bool(self.row.answer and self.row.answer.responsible_id)

    @property
    def mine(self) -> bool:
        return self.responsible is not None and self.responsible.user == self.may.who.user

    @property
    def responsible_name(self) -> str:
        return str(self.responsible.user) if self.responsible else ""

    @property
    def overdue(self) -> bool:
        day = self.row.due_on
        return day is not None and day < self.on and not self.row.entry.fulfilled

    @property
    def waivers(self) -> Waivers:
        return Waivers(self.row, self.on, self.may.who.user.pk, self.may.ask_waiver, self.may.waive)

    @property
    def alarms(self) -> bool:
        """Does it force a no-go by what was said? What is merely still open does not shout."""
        return self.blocks and self.row.state != UNANSWERED[Kind(self.row.requirement.kind)]

    @property
    def offers_undo(self) -> bool:
        """Not beside an open panel: what is typed there would be lost."""
        return self.undo is not None and self.panel is None

    @property
    def seen(self) -> object:
        """The version to hand back with the next answer: what was looked at while typing, else what is there."""
        return self.row.version if self.panel is None or self.panel.seen is None else self.panel.seen

    @property
    def may_clear(self) -> bool:
        """Is there an answer that can be taken back? A deliverable's state follows from its versions."""
        kind = self.row.requirement.kind
        return self.may.answer and not self.is_deliverable and self.row.state != UNANSWERED[Kind(kind)]

    @property
    def proposed_state(self) -> str:
        """The key of the state that an earlier service was in."""
        said = self.proposal
        return f"rated_{said.rating}" if said and said.state == State.RATED else str(said.state if said else "")

    @property
    def choices(self) -> list[Choice]:
        asked, entry = self.row.requirement, self.row.entry
        offered = CHOICES[asked.kind] + ((NOT_APPLICABLE,) if asked.may_not_apply else ())
        states = [Choice("state", str(state), word, tone, state == entry.state) for state, word, tone in offered]
        if not self.is_question:
            return states
        return [Choice("rating", str(n), word, tone, n == entry.rating) for n, word, tone in RATINGS] + states

    @property
    def rating_word(self) -> str | Promise:
        rating = self.row.entry.rating
        return "" if rating is None else RATINGS[rating][1]

    @property
    def evidence(self) -> list[Piece]:
        """Each piece with how long it is in force."""
        return [Piece(one, (self.requirement,), self.on) for one in self.row.evidence]

    @property
    def still(self) -> Choice | None:
        """What the reader may say to be true still, where the answer has grown old."""
        if not (self.row.entry.aged and self.may.answer):
            return None
        if self.is_deliverable:
            return Choice("state", self.row.state, State(self.row.state).label, "is-met", pressed=True)
        return next(choice for choice in self.choices if choice.pressed)

    @property
    def age_sentence(self) -> str:
        months = self.requirement.stage.edition.answer_age_months
        told = ngettext("Said more than %(n)d month ago.", "Said more than %(n)d months ago.", months)
        return told % {"n": months}

    @property
    def last_proof(self) -> bool:
        """Would taking off what is in force leave the answer with nothing behind it?"""
        return self.row.entry.needs_proof and self.row.entry.proof == 1

    @property
    def versions(self) -> tuple[DocumentVersion, ...]:
        """The latest first."""
        return self.row.versions[::-1]

    @property
    def to_send(self) -> DocumentVersion | None:
        """The draft that the reader may send for approval."""
        latest = self.row.versions[-1] if self.row.versions else None
        return latest if self.may.answer and latest and latest.state == State.DRAFT else None

    @property
    def waiting(self) -> DocumentVersion | None:
        document = self.row.document
        return document if document and document.state == State.AWAITING else None

    @property
    def judged(self) -> DocumentVersion | None:
        """The version whose approval or sending back decides the state."""
        document = self.row.document
        return document if document and document.judged_by_id else None

    @property
    def to_judge(self) -> DocumentVersion | None:
        """The version that the reader may approve or send back: never one they sent."""
        version = self.waiting
        return version if version and self.may.approve and version.sent_by_id != self.may.who.user.pk else None
