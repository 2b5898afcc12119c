"""Whom an act on a document is told to, and in which words; called by the acts, in their transaction."""

from django.urls import reverse

from accounts import noticing, rosters
from accounts.acts import Act
from accounts.kinds import Message
from checklists.models import DocumentVersion, State
from checklists.working import Work

JUDGED = {State.APPROVED: Message.DOCUMENT_APPROVED, State.SENT_BACK: Message.DOCUMENT_SENT_BACK}


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
        address=reverse("reviews:requirement", args=[work.service.slug, work.sheet.stage.slug, work.requirement.slug]),
        facts={"who": told["by"], "document": work.requirement, "service": work.service},
        at=work.trail.at,
    )


def _subject(version: DocumentVersion) -> str:
    return f"version:{version.pk}"
