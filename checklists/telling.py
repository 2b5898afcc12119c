"""Whom an act on an entry is told to, and in which words; called by the acts, in their transaction."""

from django.urls import reverse

from accounts import noticing, rosters
from accounts.acts import Act
from accounts.chaining import Trail
from accounts.kinds import Message
from accounts.models import User
from checklists.models import DocumentVersion, State, Waiver
from checklists.working import Work
from stages.models import Requirement, Service

JUDGED = {State.APPROVED: Message.DOCUMENT_APPROVED, State.SENT_BACK: Message.DOCUMENT_SENT_BACK}

ANSWERED = {Waiver.State.GRANTED: Message.WAIVER_GRANTED, Waiver.State.REFUSED: Message.WAIVER_REFUSED}


def moved(work: Work, version: DocumentVersion) -> None:
    """Sent: those who may approve it, but for who sent it. Judged: who sent it; and nobody else need look any more."""
    team = work.service.team
    if version.state == State.AWAITING:
        able = rosters.able(team, Act.APPROVE)
        told = {"message": Message.APPROVAL_ASKED, "to": able, "by": version.sent_by}
    else:
        noticing.settle(subject=_subject(version), messages=[Message.APPROVAL_ASKED], at=work.trail.at)
        told = {"message": JUDGED[State(version.state)], "to": [version.sent_by], "by": version.judged_by}
    noticing.tell(
        **told,
        team=team,
        subject=_subject(version),
        address=_address(work.service, work.requirement),
        facts={"who": told["by"], "document": work.requirement, "service": work.service},
        at=work.trail.at,
    )


def entrusted(trail: Trail, by: User, service: Service, requirement: Requirement, user: User | None) -> None:
    """The person who is responsible for the entry from now on; whoever was before need look no more."""
    subject = f"{service.scope}/{requirement.subject}"
    noticing.settle(subject=subject, messages=[Message.ENTRY_ASSIGNED], at=trail.at)
    noticing.tell(
        message=Message.ENTRY_ASSIGNED,
        to=[user] if user else [],
        by=by,
        team=service.team,
        subject=subject,
        occasion=str(trail.row.sequence),
        address=_address(service, requirement),
        facts={"who": by, "entry": requirement, "service": service},
        at=trail.at,
    )


def waiver(work: Work, waiver: Waiver) -> None:
    """Asked for: the managers, but for who asked. Answered: who asked. Then nobody else need look any more."""
    team, subject = work.service.team, f"waiver:{waiver.pk}"
    if waiver.state == Waiver.State.ASKED:
        told = {"message": Message.WAIVER_ASKED, "to": rosters.able(team, Act.WAIVE), "by": waiver.asked_by}
    else:
        noticing.settle(subject=subject, messages=[Message.WAIVER_ASKED], at=work.trail.at)
        if waiver.state not in ANSWERED:
            return
        message = ANSWERED[Waiver.State(waiver.state)]
        told = {"message": message, "to": [waiver.asked_by], "by": waiver.answered_by}
    noticing.tell(
        **told,
        team=team,
        subject=subject,
        address=_address(work.service, work.requirement),
        facts={"who": told["by"], "rule": work.requirement, "service": work.service},
        at=work.trail.at,
    )


def _address(service: Service, requirement: Requirement) -> str:
    return reverse("reviews:requirement", args=[service.slug, requirement.stage.slug, requirement.slug])


def _subject(version: DocumentVersion) -> str:
    return f"version:{version.pk}"
