"""Who is responsible for an entry, and until when. Not an answer: the version stays, and nobody becomes a recorder.

Works in every stage, also in one that is not open yet: a launch is planned as a whole.
"""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.refusals import Conflict, Refusal
from checklists import telling
from checklists.models import Answer
from stages import assignments, chains
from stages.models import Requirement, Service

FURTHEST = timedelta(days=3653)  # ten years


class Care(NamedTuple):
    """What is said of one entry besides its answer; None: nobody of its own, no day."""

    responsible: User | None = None
    due_on: date | None = None

    def told(self) -> dict[str, object]:
        """As plain JSON; the name stands in the trail as it was then."""
        who = self.responsible
        person = {"responsible": who.pk, "name": str(who)} if who else {"responsible": None, "name": ""}
        return person | {"due_on": self.due_on and self.due_on.isoformat()}


def care_of(answer: Answer | None) -> Care:
    return Care(answer.responsible, answer.due_on) if answer else Care()


def entrust(
    *, by: User, service: Service, requirement: Requirement, care: Care, seen: Care, at: datetime | None = None
) -> Answer:
    """Set who is responsible for an entry itself, and its due day; returns the answer, which may be of version 0.

    `seen` is what the form showed: of the two, the one the person left as shown stays as it is now. Conflict
    (`detail["now"]`, a Care) when somebody else changed what this person changes too. Refusal (naming its field)
    for somebody who is not on the team, and for a day that has passed or is further than ten years ahead.
    """
    with chains.chain(service, at=at) as trail:
        _refuse_foreign(service, requirement)
        answer = Answer.objects.filter(service=service, requirement=requirement).select_related("responsible").first()
        now = care_of(answer)
        wanted = Care(*(there if new == shown else new for new, shown, there in zip(care, seen, now, strict=True)))
        _check_unseen(wanted, seen, now)
        _check_person(service, wanted, now)
        _check_day(wanted, now, timezone.localdate(trail.at))
        answer = answer or Answer.silent(service, requirement, by=by, at=trail.at)
        if wanted != now:
            answer.responsible, answer.due_on = wanted
            answer.save() if answer.pk is None else answer.save(update_fields=["responsible", "due_on"])
            trail.add(by=by, verb="entrusted", subject=requirement.subject, before=now.told(), after=wanted.told())
            if wanted.responsible != now.responsible:
                telling.entrusted(trail, by, service, requirement, wanted.responsible)
        return answer


def _refuse_foreign(service: Service, requirement: Requirement) -> None:
    if requirement.edition_id != service.edition_id:
        raise Refusal(_("This is not part of the playbook that the service follows."))


def _check_unseen(wanted: Care, seen: Care, now: Care) -> None:
    if any(there not in (new, shown) for new, shown, there in zip(wanted, seen, now, strict=True)):
        raise Conflict(_("Somebody else changed who does this, or until when, while you were choosing."), now=now)


def _check_person(service: Service, wanted: Care, now: Care) -> None:
    who = wanted.responsible
    if who and who != now.responsible and not assignments.members(service).filter(pk=who.pk).exists():
        told = _("%(name)s is not on the team of this service.") % {"name": who}
        raise Refusal(told, field="responsible")


def _check_day(wanted: Care, now: Care, today: date) -> None:
    if wanted.due_on is None or wanted.due_on == now.due_on:
        return
    if wanted.due_on < today:
        raise Refusal(_("Choose today or a later day."), field="due_on")
    if wanted.due_on > today + FURTHEST:
        raise Refusal(_("Choose a day within the next ten years."), field="due_on")
