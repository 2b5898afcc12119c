"""Starting a service: enrolling it in an edition, with the counts that lists need of every stage."""

from datetime import date, datetime

from django.db import transaction

from accounts.models import Team, User
from checklists import tallying
from stages import enrolling
from stages.models import Edition, Service


@transaction.atomic
def start(
    *,
    by: User,
    team: Team,
    edition: Edition,
    name: str,
    planned_on: date,
    summary: str = "",
    at: datetime | None = None,
) -> Service:
    """Enrol a service and count every stage once; see `enrolling.enrol` for what else happens."""
    service = enrolling.enrol(
        by=by, team=team, edition=edition, name=name, planned_on=planned_on, summary=summary, at=at
    )
    tallying.rebuild(service=service)
    return service
