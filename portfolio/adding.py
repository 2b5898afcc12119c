"""Adding a service once, however often the button is pressed."""

import unicodedata
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.utils import timezone

from accounts import chaining
from accounts.models import Team, TrailEntry, User
from checklists import copying, starting
from stages.models import Edition, Service

SAME_PRESS = timedelta(minutes=1)


class Added(NamedTuple):
    service: Service
    new: bool


def add(
    *,
    by: User,
    team: Team,
    edition: Edition,
    name: str,
    planned_on: date,
    summary: str = "",
    copy_of: Service | None = None,
    at: datetime | None = None,
) -> Added:
    """Start a service, empty or as a copy; or hand back the one of this name that the person started this very minute.

    The team's chain is held meanwhile, so two presses at once make one service. `Added.new` says which it was.
    """
    with chaining.chain(f"team:{team.pk}", at=at):
        if before := _just_added(by, team, name, at or timezone.now()):
            return Added(before, new=False)
        told = {"team": team, "edition": edition, "name": name, "planned_on": planned_on, "summary": summary, "at": at}
        if copy_of:
            return Added(copying.start(by=by, source=copy_of, **told), new=True)
        return Added(starting.start(by=by, **told), new=True)


def _just_added(by: User, team: Team, name: str, now: datetime) -> Service | None:
    name = unicodedata.normalize("NFC", name).strip()
    recent = Service.objects.filter(team=team, name=name, created_at__gt=now - SAME_PRESS, created_at__lte=now)
    for service in recent.order_by("-pk"):
        if TrailEntry.objects.filter(scope=service.scope, sequence=1, who=by).exists():
            return service
    return None
