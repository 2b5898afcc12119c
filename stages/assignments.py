"""Who fills which role on a service, as pages and reports read it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import Membership, User
from stages.models import Assignment, Service


@dataclass(frozen=True)
class Filled:
    """A role that somebody fills. `gone`: they left the team or cannot sign in, so it has to be handed over."""

    user: User
    gone: bool


def of(service: Service) -> Mapping[int, Filled]:
    """Who fills each role of a service, by the id of the role; one query."""
    rows = marked(Assignment.objects.filter(service=service)).select_related("user")
    return {row.role_id: Filled(row.user, row.gone) for row in rows}


def marked(assignments: QuerySet[Assignment]) -> QuerySet[Assignment]:
    """With `gone`: is the person no longer an active member of the service's team?"""
    there = Membership.objects.filter(team=OuterRef("service__team"), user=OuterRef("user"), user__is_active=True)
    return assignments.annotate(gone=~Exists(there))


def members(service: Service) -> QuerySet[User]:
    """Who may fill a role or be responsible for an entry: everybody on the team who can sign in, by name."""
    on_team = Membership.objects.filter(team=service.team_id, user=OuterRef("pk"))
    return User.objects.filter(Exists(on_team), is_active=True).order_by("name", "pk")
