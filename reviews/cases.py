"""A case at the gate: an open review with its sealed picture, and what is different today."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from accounts import calendar
from checklists import gates
from reviews import canonical, changes, deciders, picture, snapshots
from reviews.changes import Change
from reviews.gate import gate_of
from reviews.models import Review
from stages.models import Passage


@dataclass(frozen=True)
class Case:
    """What is decided on: the sealed answers and confirmations, under today's clock, waivers and conditions.

    `material` is the digest of what counts today, `changes` what differs between the picture and today, `requests`
    the golden rules for which a waiver has been asked and not answered.
    """

    review: Review
    on: date
    content: Any
    changes: tuple[Change, ...]
    overdue: int
    reopened: int
    material: str
    requests: frozenset[str] = frozenset()

    @cached_property
    def counts(self) -> gates.Counts:
        return picture.counts(self.content, on=self.on, overdue=self.overdue)

    @cached_property
    def suggestion(self) -> gates.Suggestion:
        return picture.suggestion(self.content, on=self.on, overdue=self.overdue, reopened=self.reopened)

    @cached_property
    def changes_digest(self) -> str:
        return changes.digest(self.changes)

    @cached_property
    def rules_unmet(self) -> int:
        return self.counts.rules_unmet

    @cached_property
    def unmet(self) -> tuple[picture.Unmet, ...]:
        return picture.unmet(self.content, self.on)

    def bar(self, user_id: int) -> str:
        """Why this person does not decide on this picture; empty when nothing bars them."""
        recorders = picture.recorders(self.content)
        return deciders.bar(user_id, asked_by=self.review.asked_by_id, recorders=recorders)

    @cached_property
    def deciders(self) -> deciders.Deciders:
        return deciders.of(
            self.review.passage.service.team,
            asked_by=self.review.asked_by_id,
            recorders=picture.recorders(self.content),
        )


def reread(passage: Passage) -> Passage:
    """The passage as it is now, with what a picture of it needs."""
    related = ("stage", "service__team", "service__edition__playbook")
    return Passage.objects.select_related(*related).get(pk=passage.pk)


def case_of(review: Review, *, on: date | None = None) -> Case:
    """Compare a review's sealed picture with a day (today when none is given); nothing is written.

    Where it is decided, the case is whether to supersede that decision: its own conditions do not weigh.
    The review comes with its snapshot, and its passage with service and stage.
    """
    on = on or calendar.day()
    sealed = canonical.load(review.snapshot.content)
    gate = gate_of(review.passage, on=on, without=review.decision)
    today = snapshots.today(gate)
    rows = gate.readiness.rows
    waivers = {row.requirement.slug: snapshots.waiver(row.waiver) for row in rows if row.waiver}
    return Case(
        review,
        on,
        picture.under(sealed, waivers),
        changes.between(sealed, today),
        gate.around.overdue,
        gate.around.reopened,
        picture.material(today),
        requests=frozenset(row.requirement.slug for row in rows if row.request),
    )
