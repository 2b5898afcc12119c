"""A closed review to read: what was sealed, what was decided, what changed since, whether the digests still hold."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import ngettext

from accounts import calendar
from reviews import attested, canonical, changes, degrees, look, picture, snapshots
from reviews.changes import Change
from reviews.gate import Gate, gate_of
from reviews.models import Decision, Review


@dataclass(frozen=True)
class Closed:
    """A review with the decision on it that is read: the one that stands, or one that was superseded.

    `latest` tells whether it is the last decision of the stage: only then later changes are told.
    """

    review: Review
    decision: Decision | None
    latest: bool

    @cached_property
    def sealed(self) -> Any:
        return canonical.load(self.review.snapshot.content)

    @cached_property
    def counted(self) -> Any:
        """The sealed answers under the waivers they were decided on with; before there were waivers, as sealed."""
        if self.signed and "waivers" in self.signed:
            return picture.under(self.sealed, {one["slug"]: one for one in self.signed["waivers"]})
        return self.sealed

    @cached_property
    def signed(self) -> Any:
        """The content of the decision record."""
        return canonical.load(self.decision.content) if self.decision else None

    @cached_property
    def intact(self) -> bool:
        """Are the sealed texts what was sealed?"""
        records = [self.review.snapshot, *([self.decision] if self.decision else [])]
        return attested.intact(*records, scope=self.review.passage.service.scope)

    @cached_property
    def sight(self) -> look.Sight:
        """The picture as it counted when it was decided on, with the changes that were shown then."""
        at = self.decision.decided_at if self.decision else self.review.asked_at
        told = [Change(**change) for change in self.signed["changes"]] if self.signed else []
        return look.Sight(self.counted, calendar.day(at), self.overdue, tuple(told))

    @property
    def overdue(self) -> int:
        """How many conditions were overdue then, as the suggestion counted them."""
        reasons = (self.signed or self.sealed)["suggestion"]["reasons"]
        return next(reason["actual"] for reason in reasons if reason["key"] == "overdue")

    @property
    def suggested(self) -> str:
        return (self.signed or self.sealed)["suggestion"]["outcome"]

    @cached_property
    def reasons(self) -> list[dict[str, str]]:
        return look.reasons((self.signed or self.sealed)["suggestion"]["reasons"])

    @cached_property
    def today(self) -> Gate:
        return gate_of(self.review.passage)

    @cached_property
    def stale(self) -> list[dict[str, str]]:
        """What was met at the decision and is not met today, when something that counts is another than then."""
        if self.degree != degrees.STALE:
            return []
        ready = self.today.readiness
        return look.reasons(degrees.lost(self.decision, ready.sheet.stage, degrees.own_counts(ready, self.today.on)))

    @cached_property
    def degree(self) -> str:
        """How far today is from what the decision rests on; nothing for earlier decisions."""
        if not (self.decision and self.latest):
            return ""
        return degrees.of_readiness(self.review, self.today.readiness, self.today.on)

    @cached_property
    def since(self) -> tuple[look.ChangedRow, ...]:
        """What counts and is another today than when the decision was signed: what was not shown then, or is undone."""
        if not self.degree:
            return ()
        shown = [Change(**change) for change in self.signed["changes"] if change["what"] != "waiver"]
        now = [one for one in changes.between(self.counted, snapshots.today(self.today)) if one.material]
        found = (*changes.without(now, shown), *changes.undone(shown, now))
        return look.Sight(self.sealed, calendar.day(), 0, found).changed

    @property
    def lapsed(self) -> list[look.ChangedRow]:
        """The waivers that it rested on and that do not count any more."""
        return [row for row in self.since if row.change.what == "waiver" and row.change.after is None]

    @property
    def since_sentence(self) -> str:
        n = len(self.since)
        sentence = ngettext("%(n)d thing is not as it was sealed.", "%(n)d things are not as they were sealed.", n)
        return sentence % {"n": n}
