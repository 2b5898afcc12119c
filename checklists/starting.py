"""Starting a service: enrolling it in an edition, with the counts that lists need of every stage."""

from datetime import date, datetime

from django.db import transaction

from accounts.models import Team, User
from checklists import plaintext, tallying
from stages import enrolling
from stages.models import Edition, Service

SUMMARY_LIMIT = 500


@transaction.atomic
def start(
    *,
    by: User,
    team: Team,
    edition: Edition,
    name: str,
    planned_on: date,
    summary: str = "",
    copied_from: Service | None = None,
    at: datetime | None = None,
) -> Service:
    """Enrol a service and count every stage once; see `enrolling.enrol` for what else happens.

    The summary is cleaned like every text that people type: it is shown, sealed and printed.
    """
    summary = plaintext.cleaned(summary, limit=SUMMARY_LIMIT, field="summary")
    told = {"name": name, "planned_on": planned_on, "summary": summary, "copied_from": copied_from}
    service = enrolling.enrol(by=by, team=team, edition=edition, at=at, **told)
    tallying.rebuild(service=service)
    return service
