"""Tells of evidence that is about to count no more, by the clock: any number of sweeps tell once, and catch up."""

from datetime import date, timedelta

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import lazy

from accounts import calendar, inbox, noticing
from accounts.kinds import Message
from accounts.reminders import reached
from checklists.models import Answer, Evidence

STEPS = (30, 7, 0)
LATEST = timedelta(days=30)  # what lapsed longer ago than that is no news
OF_EVIDENCE = (Message.EVIDENCE_EXPIRES, Message.EVIDENCE_EXPIRED)


def remind(*, on: date | None = None) -> None:
    """Tell who added evidence that stands behind an answer, 30, 7 and 0 days ahead; else that it lapsed."""
    on = on or calendar.day()
    found = _ending(on)
    told = inbox.told(OF_EVIDENCE, [one.subject for one in found])
    for evidence in found:
        occasion = f"{evidence.valid_until.isoformat()}/{reached(evidence.valid_until, on, STEPS)}"
        if (evidence.added_by_id, evidence.subject, occasion) not in told:
            _tell(evidence, occasion, lapsed=evidence.valid_until < on)


def _ending(on: date) -> list[Evidence]:
    """Current evidence behind an answer that ends soon, or has just ended."""
    near = Evidence.objects.current().filter(valid_until__range=(on - LATEST, on + timedelta(days=max(STEPS))))
    standing = near.filter(Exists(Answer.objects.filter(evidence=OuterRef("pk"))), service__archived_at__isnull=True)
    return list(standing.select_related("service__team", "added_by"))


def _tell(evidence: Evidence, occasion: str, *, lapsed: bool) -> None:
    service = evidence.service
    day = lazy(date_format, str)(evidence.valid_until)
    noticing.tell(
        message=Message.EVIDENCE_EXPIRED if lapsed else Message.EVIDENCE_EXPIRES,
        to=[evidence.added_by],
        by=None,
        team=service.team,
        subject=evidence.subject,
        occasion=occasion,
        address=reverse("reviews:evidence", args=[service.slug, evidence.pk]),
        facts={"evidence": evidence.title, "service": service, "day": day},
    )
