"""Who is responsible for an entry, and until when. Not an answer: the version stays, and nobody becomes a recorder.

Works in every stage, also in one that is not open yet: a launch is planned as a whole.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.utils.translation import gettext as _

from accounts import calendar
from accounts.models import User
from accounts.refusals import Conflict, Refusal
from checklists import due_dates, telling
from checklists.models import Answer
from stages import assignments, catalogue, chains, enrolling, keeping
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
        _check_day(wanted, now, calendar.day(trail.at))
        answer = answer or Answer.silent(service, requirement, by=by, at=trail.at)
        if wanted != now:
            answer.responsible, answer.due_on = wanted
            answer.save() if answer.pk is None else answer.save(update_fields=["responsible", "due_on"])
            trail.add(by=by, verb="entrusted", subject=requirement.subject, before=now.told(), after=wanted.told())
            if wanted.responsible != now.responsible:
                telling.entrusted(trail, by, service, requirement, wanted.responsible)
        return answer


def accept(*, by: User, service: Service, stage: str, seen: str, at: datetime | None = None) -> Mapping[str, date]:
    """Give every entry without a day the one that the timetable proposes: of one stage, or of all (`stage` empty).

    `seen` is the digest of the proposals that were shown: Conflict when they would be others now, because the
    planned day moved, somebody set a day, or a day passed. Nothing left to propose (a double click): nothing
    happens. Returns the days by the slug of their entry; one trail entry tells them all.
    """
    with chains.chain(service, at=at) as trail:
        service.refresh_from_db(fields=["planned_on", "went_live_on"])
        plans = [one for one in due_dates.of(service, on=calendar.day(trail.at)) if stage in ("", one.stage.slug)]
        days = {slug: day for one in plans for slug, day in one.proposed.items()}
        if days and due_dates.digest(plans) != seen:
            raise Conflict(_("The proposals have changed since you looked at them: look again."))
        if days:
            _give(service, days, by=by, at=trail.at)
            trail.add(by=by, verb="dates_accepted", subject="service", after={"stage": stage, "days": _told(days)})
        return days


def shift(*, by: User, service: Service, days: int, at: datetime | None = None) -> int:
    """Move the due day of every entry that is not fulfilled, in stages not passed, by so many days; how many moved.

    A day may come to lie on a weekend: moving back then leads back. Refusal when one would come to lie too far away.
    """
    with chains.chain(service, at=at) as trail:
        plans = due_dates.of(service, on=calendar.day(trail.at))
        answers = [row.answer for plan in plans for row in plan.dated]
        before = {row.requirement.slug: row.due_on for plan in plans for row in plan.dated}
        if answers:
            enrolling.check_near(max(before.values()) + timedelta(days=days), calendar.day(trail.at))
        for answer in answers if days else ():
            answer.due_on += timedelta(days=days)
        if days and answers:
            Answer.objects.bulk_update(answers, ["due_on"])
            told = {"days": days, "number": len(answers)}
            trail.add(by=by, verb="dates_moved", subject="service", before={"days": _told(before)}, after=told)
        return len(answers) if days else 0


def replan(
    *,
    by: User,
    service: Service,
    planned_on: date,
    reason: str,
    seen: date,
    with_dates: bool = False,
    at: datetime | None = None,
) -> Service:
    """Move the planned go-live as `keeping.plan` does, and `with_dates` the due days by as many days; or neither."""
    with chains.chain(service, at=at) as trail:
        keeping.plan(by=by, service=service, planned_on=planned_on, reason=reason, seen=seen, at=at)
        if with_dates:  # `seen` is the day it was: else the line above had refused
            shift(by=by, service=service, days=(planned_on - seen).days, at=trail.at)
    return service


def _give(service: Service, days: Mapping[str, date], *, by: User, at: datetime) -> None:
    """Set the days: on the answers that are there, and on new ones that say nothing yet."""
    asked = [one for sheet in catalogue.of(service.edition_id).sheets for one in sheet.requirements if one.slug in days]
    slugs = {one.pk: one.slug for one in asked}
    there = {one.requirement_id: one for one in Answer.objects.filter(service=service, requirement__in=asked)}
    new = [Answer.silent(service, one, by=by, at=at) for one in asked if one.pk not in there]
    for answer in (*there.values(), *new):
        answer.due_on = days[slugs[answer.requirement_id]]
    Answer.objects.bulk_update(there.values(), ["due_on"])
    Answer.objects.bulk_create(new)


def _told(days: Mapping[str, date]) -> dict[str, str]:
    return {slug: day.isoformat() for slug, day in days.items()}


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
