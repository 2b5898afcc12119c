"""What the person behind a request may do. Roles are read once per request, never from the session."""

from dataclasses import dataclass
from functools import cached_property

from django.http import HttpRequest

from accounts.acts import ACTS_OF_ROLE, ACTS_OF_SITE_ROLE, Act
from accounts.models import Membership, User


@dataclass(frozen=True)
class Standing:
    """A person with all roles: `roles` maps a team's id to the roles held there."""

    user: User
    roles: dict[int, frozenset[str]]

    @cached_property
    def site_acts(self) -> frozenset[Act]:
        return frozenset().union(*(ACTS_OF_SITE_ROLE[role] for role in self.user.site_roles))

    @property
    def sees_all(self) -> bool:
        return Act.SEE in self.site_acts

    def may(self, act: Act, team_id: int) -> bool:
        """May the person do `act` on this team, by a role there or by one on the whole site?"""
        return act in self.site_acts or any(act in ACTS_OF_ROLE[role] for role in self.roles.get(team_id, ()))

    def may_anywhere(self, act: Act) -> bool:
        return act in self.site_acts or any(self.may(act, team) for team in self.roles)

    def teams(self, act: Act) -> frozenset[int]:
        """Teams where a role *on the team* allows `act`."""
        return frozenset(team for team, roles in self.roles.items() if any(act in ACTS_OF_ROLE[role] for role in roles))


def standing_of(user: User) -> Standing:
    roles: dict[int, set[str]] = {}
    for team_id, role in Membership.objects.filter(user=user).values_list("team_id", "role"):
        roles.setdefault(team_id, set()).add(role)
    return Standing(user, {team: frozenset(held) for team, held in roles.items()})


def standing(request: HttpRequest) -> Standing:
    """The standing of whoever is signed in: one query a request."""
    if not hasattr(request, "_standing"):
        request._standing = standing_of(request.user)
    return request._standing
