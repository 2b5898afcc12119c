"""What happens to a service besides its stages: it is renamed, its planned day moves, it is archived and brought back.

Every act carries what its reader saw, or a reason, and both stand in the trail of the service.
"""

import hashlib
from datetime import date, datetime
from typing import NamedTuple

from django.utils.translation import gettext as _

from accounts import access, calendar, chaining
from accounts.acts import Act
from accounts.models import User
from accounts.refusals import Conflict, Refusal
from stages import chains, enrolling, reasons
from stages.models import Service


class Words(NamedTuple):
    """What people call a service and say of it."""

    name: str
    summary: str

    @property
    def digest(self) -> str:
        """What a form carries to say which words its reader saw."""
        return hashlib.sha256("\n".join(self).encode()).hexdigest()


def words_of(service: Service) -> Words:
    return Words(service.name, service.summary)


def edit(*, by: User, service: Service, words: Words, seen: str, at: datetime | None = None) -> Service:
    """Call the service something else, or say otherwise what it does; its address stays.

    `seen` is the digest of what the form showed: Conflict (`detail["now"]` holds the words that stand there) when
    somebody was faster. Refusal without a name that people can read. Words that are the same leave no trace.
    """
    words = Words(enrolling.readable_name(words.name), words.summary.replace("\r\n", "\n").strip())
    with chains.chain(service, at=at) as trail:
        access.demand(by, Act.EDIT, service.team)
        service.refresh_from_db(fields=["name", "summary"])
        now = words_of(service)
        if now != words and now.digest != seen:
            raise Conflict(_("Somebody changed this service while you were writing."), now=now._asdict())
        if now != words:
            service.name, service.summary = words
            service.save(update_fields=["name", "summary"])
            trail.add(by=by, verb="edited", subject="service", before=now._asdict(), after=words._asdict())
    return service


def plan(
    *, by: User, service: Service, planned_on: date, reason: str, seen: date, at: datetime | None = None
) -> Service:
    """Move the planned go-live day, with a reason.

    Conflict when it was moved since it was `seen`, or when the service went live meanwhile; Refusal for the same
    day, a day in the past or too far away, or without a reason.
    """
    reason = reasons.readable(reason)
    with chains.chain(service, at=at) as trail:
        access.demand(by, Act.EDIT, service.team)
        service.refresh_from_db(fields=["planned_on", "went_live_on"])
        _check_may_move(service, planned_on, seen, calendar.day(trail.at))
        before = {"planned_on": service.planned_on.isoformat()}
        service.planned_on = planned_on
        service.save(update_fields=["planned_on"])
        after = {"planned_on": planned_on.isoformat(), "reason": reason}
        trail.add(by=by, verb="planned", subject="service", before=before, after=after)
    return service


def archive(*, by: User, service: Service, reason: str, at: datetime | None = None) -> Service:
    """Put the service away: from now on it is read-only, and lists leave it out. Conflict when it is archived."""
    reason = reasons.readable(reason)
    with chains.chain(service, at=at) as trail:
        access.demand(by, Act.ARCHIVE, service.team)
        service.archived_at = trail.at
        service.save(update_fields=["archived_at"])
        trail.add(by=by, verb="archived", subject="service", after={"reason": reason})
    return service


def bring_back(*, by: User, service: Service, reason: str, at: datetime | None = None) -> Service:
    """Go on with an archived service where it stood. Conflict when somebody brought it back already."""
    reason = reasons.readable(reason)
    with chaining.chain(service.scope, at=at) as trail:  # the one act on a service that is archived
        access.demand(by, Act.ARCHIVE, service.team)
        service.refresh_from_db(fields=["archived_at"])
        if service.archived_at is None:
            raise Conflict(_("This service is not archived: it has been brought back already."))
        service.archived_at = None
        service.save(update_fields=["archived_at"])
        trail.add(by=by, verb="brought_back", subject="service", after={"reason": reason})
    return service


def _check_may_move(service: Service, planned_on: date, seen: date, today: date) -> None:
    if service.went_live_on:
        raise Conflict(_("This service is live: its planned day stays as it was."))
    if service.planned_on != seen:
        raise Conflict(
            _("Somebody moved the planned day while you were writing."), now={"planned_on": service.planned_on}
        )
    if planned_on == service.planned_on:
        raise Refusal(_("This is the planned day already: choose another one."), field="planned_on")
    if planned_on < today:
        raise Refusal(_("Choose today or a later day: a planned go-live cannot be in the past."), field="planned_on")
    enrolling.check_near(planned_on, today)
