"""Records when a service went live, and lets the conditions that count from there follow."""

from datetime import date, datetime

from accounts.models import User
from reviews import settling
from stages import chains, enrolling
from stages.models import Service


def record_live(*, by: User, service: Service, on: date, at: datetime | None = None) -> Service:
    """The service went live `on` that day (see `enrolling.record_live`)."""
    with chains.chain(service, at=at) as trail:
        service = enrolling.record_live(by=by, service=service, on=on)
        settling.follow_live(trail=trail, by=by, service=service)
    return service


def correct_live(
    *, by: User, service: Service, on: date, reason: str, seen: date, at: datetime | None = None
) -> Service:
    """It was another day (see `enrolling.correct_live`)."""
    with chains.chain(service, at=at) as trail:
        service = enrolling.correct_live(by=by, service=service, on=on, reason=reason, seen=seen)
        settling.follow_live(trail=trail, by=by, service=service)
    return service
