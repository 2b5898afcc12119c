"""Who fills which role on a service, as pages and reports read it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import Membership, User
from accounts.prepared import Prepared
from stages.models import Assignment, Passage, Service


@dataclass(frozen=True)
class Filled:
    """A role that somebody fills. `gone`: they left the team or cannot sign in, so it has to be handed over."""

    user: User
    gone: bool


def of(service: Service) -> Mapping[int, Filled]:
    """Who fills each role of a service, by the id of the role; one query."""
    rows = marked(Assignment.objects.filter(service=service)).select_related("user")
    return {row.role_id: Filled(row.user, row.gone) for row in rows}


@dataclass(frozen=True)
class Setting:
    """A stage of a service in its latest round, as a write finds it: `state` is None where there is none."""

    state: str | None
    archived_at: datetime | None
    roles: Mapping[int, Filled]


def _rounds(service: int, stage: int) -> QuerySet:
    role = "service__assignments__"
    there = Membership.objects.filter(team=OuterRef("service__team"), user=OuterRef(f"{role}user"))
    found = Passage.objects.filter(service=service, stage=stage).counting().order_by("-round")
    found = found.annotate(gone=~Exists(there.filter(user__is_active=True)))
    told = ("round", "state", "service__archived_at", f"{role}role", f"{role}user", f"{role}user__name", "gone")
    return found.values_list(*told)


_SETTING = Prepared(_rounds, int, int)


def setting(service: Service, stage_id: int) -> Setting:
    """The state of a stage together with who fills the roles: one query, so that a tick need not ask twice.

    The people have their id and their name, and nothing else.
    """
    rows = _SETTING(service.pk, stage_id)
    latest = [row for row in rows if row[0] == rows[0][0]]
    roles = {role: Filled(User(pk=pk, name=name), gone) for _n, _state, _at, role, pk, name, gone in latest if role}
    return Setting(*(rows[0][1:3] if rows else (None, None)), roles)


def marked(assignments: QuerySet[Assignment]) -> QuerySet[Assignment]:
    """With `gone`: is the person no longer an active member of the service's team?"""
    there = Membership.objects.filter(team=OuterRef("service__team"), user=OuterRef("user"), user__is_active=True)
    return assignments.annotate(gone=~Exists(there))


def members(service: Service) -> QuerySet[User]:
    """Who may fill a role or be responsible for an entry: everybody on the team who can sign in, by name."""
    on_team = Membership.objects.filter(team=service.team_id, user=OuterRef("pk"))
    return User.objects.filter(Exists(on_team), is_active=True).order_by("name", "pk")
