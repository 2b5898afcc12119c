"""What a person may have to do, kind by kind: each found in one query, the most urgent first."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.access import Standing
from accounts.acts import Act
from checklists import responsibility
from checklists.models import Answer, DocumentVersion, Evidence, State, Waiver
from reviews import canonical, deciders, open_work, picture
from reviews.models import Condition, Review
from stages.access import visible_services
from stages.models import Kind, Passage, PassageState, Requirement, Service

SOON = timedelta(days=30)  # evidence that ends later is nobody's worry yet


@dataclass(frozen=True)
class Duty:
    """One thing to do: what kind it is, what it is about, where it is done, and until when or since when."""

    what: str | Promise
    title: object
    service: Service
    url: str
    due_on: date | None = None
    since: datetime | None = None
    why: str = ""

    def late(self, on: date) -> bool:
        return self.due_on is not None and self.due_on < on


def approvals(who: Standing, on: date, limit: int) -> list[Duty]:
    """Versions that wait for approval and that somebody else sent; the longest waiting first."""
    newer = DocumentVersion.objects.filter(
        document=OuterRef("document"), number__gt=OuterRef("number"), sent_at__isnull=False
    )
    waiting = DocumentVersion.objects.filter(~Exists(newer), state=State.AWAITING).exclude(sent_by=who.user)
    mine = waiting.filter(document__service__team__in=who.teams(Act.APPROVE), document__service__archived_at=None)
    related = ("document__service__team", "document__requirement__stage")
    return [
        Duty(
            _("Approve or send back"),
            version.document.requirement,
            version.document.service,
            at(version.document.service, version.document.requirement),
            since=version.sent_at,
        )
        for version in mine.select_related(*related).order_by("sent_at", "pk")[:limit]
    ]


def decisions(who: Standing, on: date, limit: int) -> tuple[list[Duty], list[Duty]]:
    """Reviews that wait for a decision: those the person may decide, and those they may not, each with the reason."""
    waiting = Review.objects.filter(state=Review.State.OPEN, passage__service__archived_at=None)
    mine = waiting.filter(passage__service__team__in=who.teams(Act.DECIDE))
    related = ("snapshot", "passage__stage", "passage__service__team")
    found = [_decision(review, who) for review in mine.select_related(*related).order_by("asked_at", "pk")[:limit]]
    return [one for one in found if not one.why], [one for one in found if one.why]


def waivers(who: Standing, on: date, limit: int) -> list[Duty]:
    """Waivers that wait for an answer and that somebody else asked for; the longest waiting first."""
    waiting = Waiver.objects.filter(state=Waiver.State.ASKED, service__archived_at=None).exclude(asked_by=who.user)
    mine = waiting.filter(service__team__in=who.teams(Act.WAIVE)).select_related("service__team", "requirement__stage")
    return [
        Duty(
            _("Grant or refuse the waiver"),
            waiver.requirement,
            waiver.service,
            at(waiver.service, waiver.requirement),
            since=waiver.asked_at,
        )
        for waiver in mine.order_by("asked_at", "pk")[:limit]
    ]


def conditions(who: Standing, on: date, limit: int) -> list[Duty]:
    """Conditions the person owes and nobody has said are met."""
    return [
        Duty(
            _("Meet the condition"),
            condition.text,
            condition.service,
            reverse("reviews:condition", args=[condition.service.slug, condition.pk]),
            due_on=condition.due_on,
        )
        for condition in open_work.conditions_of(who.user).filter(said_met_at=None, **_seen(who))[:limit]
    ]


def confirmations(who: Standing, on: date, limit: int) -> list[Duty]:
    """Conditions that somebody else says are met, to be confirmed; the longest waiting first."""
    said = Condition.objects.filter(state=Condition.State.OPEN, said_met_at__isnull=False).exclude(said_met_by=who.user)
    mine = said.filter(service__team__in=who.teams(Act.DECIDE), service__archived_at=None)
    return [
        Duty(
            _("Confirm that the condition is met"),
            condition.text,
            condition.service,
            reverse("reviews:condition", args=[condition.service.slug, condition.pk]),
            since=condition.said_met_at,
        )
        for condition in mine.select_related("service__team").order_by("said_met_at", "pk")[:limit]
    ]


def evidence(who: Standing, on: date, limit: int) -> list[Duty]:
    """Evidence the person added that stands behind an answer and ends soon, or has ended."""
    standing = Answer.objects.filter(evidence=OuterRef("pk"))
    mine = Evidence.objects.current().filter(Exists(standing), added_by=who.user, valid_until__lte=on + SOON)
    ending = mine.filter(**_seen(who)).select_related("service__team").order_by("valid_until", "pk")
    return [
        Duty(
            _("Renew the evidence"),
            piece.title,
            piece.service,
            reverse("reviews:evidence", args=[piece.service.slug, piece.pk]),
            due_on=piece.valid_until,
        )
        for piece in ending[:limit]
    ]


def rounds(who: Standing, on: date, limit: int) -> list[Duty]:
    """Rounds of a stage that recurs, to be brought to their gate by a day."""
    due = Passage.objects.filter(state=PassageState.OPEN, due_on__isnull=False, service__archived_at=None)
    mine = due.filter(service__team__in=who.teams(Act.SUBMIT)).select_related("stage", "service__team")
    return [
        Duty(
            _("Ask for the review of the round"),
            passage.stage.title,
            passage.service,
            reverse("reviews:workbench", args=[passage.service.slug, passage.stage.slug]),
            due_on=passage.due_on,
        )
        for passage in mine.order_by("due_on", "pk")[:limit]
    ]


def entries(who: Standing, on: date, limit: int) -> list[Duty]:
    """Entries the person is responsible for, named on them or by a role, that still need something."""
    return [
        Duty(
            Kind(owed.row.requirement.kind).label,
            owed.row.requirement,
            owed.service,
            at(owed.service, owed.row.requirement),
            due_on=owed.due_on,
        )
        for owed in responsibility.entries_of(who.user, visible_services(who), on=on)[:limit]
    ]


SOURCES = (approvals, waivers, confirmations, entries, conditions, evidence, rounds)


def at(service: Service, requirement: Requirement) -> str:
    return reverse("reviews:requirement", args=[service.slug, requirement.stage.slug, requirement.slug])


def _seen(who: Standing) -> dict[str, object]:
    """Of services the person may see today, and that are at work."""
    return {"service__archived_at": None} | ({} if who.sees_all else {"service__team__in": who.teams(Act.SEE)})


def _decision(review: Review, who: Standing) -> Duty:
    passage, recorders = review.passage, picture.recorders(canonical.load(review.snapshot.content))
    return Duty(
        _("Decide"),
        passage.stage.title,
        passage.service,
        reverse("reviews:past_review", args=[passage.service.slug, passage.stage.slug, review.number]),
        since=review.asked_at,
        why=deciders.bar(who.user.pk, asked_by=review.asked_by_id, recorders=recorders),
    )
