"""What a row says of the waivers of its golden rule, and what its reader may do about them."""

from dataclasses import dataclass
from datetime import date

from checklists.models import Waiver
from checklists.readiness import Row
from stages.models import Kind


@dataclass(frozen=True)
class Waivers:
    """`may_ask` and `may_answer` are by role; who asked does not answer, and only who asked takes it back."""

    row: Row
    on: date
    reader: int
    may_ask: bool
    may_answer: bool

    @property
    def given(self) -> Waiver | None:
        """The one in force, where the rule rests on it."""
        return self.row.waiver if self.row.entry.waived else None

    @property
    def idle(self) -> Waiver | None:
        """One in force that the rule does not need: it is met."""
        return self.row.waiver if not self.row.entry.waived else None

    @property
    def request(self) -> Waiver | None:
        return self.row.request

    @property
    def expired(self) -> Waiver | None:
        """The one that was in force until its day, while the rule is still not met and no other is asked for."""
        over = [one for one in self.row.waivers if one.expired(self.on)]
        return over[-1] if over and not self.request and not self.row.entry.fulfilled else None

    @property
    def refused(self) -> Waiver | None:
        """The last request, where it was refused and nothing has come of it since."""
        last = self.row.waivers[-1] if self.row.waivers else None
        return last if last and last.state == Waiver.State.REFUSED and not self.row.entry.fulfilled else None

    @property
    def offers_asking(self) -> bool:
        """A rule that does not hold may be excused; one that is, for longer."""
        rule = self.row.requirement.kind == Kind.RULE
        return self.may_ask and rule and not self.row.entry.holds and self.request is None

    @property
    def offers_answering(self) -> bool:
        return self.may_answer and self.request is not None and self.request.asked_by_id != self.reader

    @property
    def offers_withdrawing(self) -> bool:
        return self.may_ask and self.request is not None and self.request.asked_by_id == self.reader

    @property
    def offers_ending(self) -> bool:
        return self.may_answer and self.row.waiver is not None

    @property
    def any(self) -> bool:
        """Is there anything to say or to do?"""
        return bool(self.row.waivers) or self.offers_asking
