"""Tells of conditions whose day comes nearer or has passed: any number of sweeps tell once, and catch up."""

from datetime import date, timedelta

from accounts import calendar, inbox, noticing
from accounts.kinds import Message
from accounts.reminders import reached
from reviews import telling
from reviews.models import Condition

STEPS = (14, 3, 0)


def remind(*, on: date | None = None) -> None:
    """Tell who owes an open condition, 14, 3 and 0 days ahead and when it is overdue: the most urgent step alone."""
    on = on or calendar.day()
    found = _due(on)
    told = inbox.told(telling.OF_CONDITIONS, [one.subject for one in found])
    for condition in found:
        step = "overdue" if condition.overdue(on) else reached(condition.due_on, on, STEPS)
        occasion = f"{condition.due_on.isoformat()}/{step}"
        if (condition.owner_id, condition.subject, occasion) not in told:
            message = Message.CONDITION_OVERDUE if condition.overdue(on) else Message.CONDITION_DUE
            facts = telling.about(condition)
            noticing.tell(message=message, to=[condition.owner], by=None, occasion=occasion, **facts)


def _due(on: date) -> list[Condition]:
    near = Condition.objects.filter(state=Condition.State.OPEN, due_on__lte=on + timedelta(days=max(STEPS)))
    known = near.filter(service__archived_at__isnull=True).select_related("service__team", "owner")
    return list(known)
