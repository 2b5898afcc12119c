"""What the person behind a request may do. Roles are read once per request, never from the session."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from accounts.acts import ACTS_OF_ROLE, ACTS_OF_SITE_ROLE, Act
from accounts.models import Membership, Team, User
from accounts.refusals import NotAllowed


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

    def teams(self, act: Act) -> frozenset[int]:
        """Teams where a role *on the team* allows `act`."""
        return frozenset(team for team, roles in self.roles.items() if any(act in ACTS_OF_ROLE[role] for role in roles))


def standing_of(user: User) -> Standing:
    """The standing of a person, with the roles they hold at this moment: one query."""
    return _with(user, Membership.objects.filter(user=user).values_list("team_id", "role"))


def standing(request: HttpRequest) -> Standing:
    """The standing of whoever is signed in: the roles have come with the person, but for one who has just signed in."""
    if not hasattr(request, "_standing"):
        held = getattr(request.user, "held", None)
        request._standing = standing_of(request.user) if held is None else _with(request.user, held)
    return request._standing


def _with(user: User, held: Iterable[tuple[int, str]]) -> Standing:
    roles: dict[int, set[str]] = {}
    for team, role in held:
        roles.setdefault(team, set()).add(role)
    return Standing(user, {team: frozenset(names) for team, names in roles.items()})


def demand(user: User, act: Act, team: Team | None = None) -> None:
    """Inside a chain: NotAllowed unless the person, read anew, may still do `act` (on `team`)."""
    who = standing_of(User.objects.get(pk=user.pk))
    allowed = who.may(act, team.pk) if team else act in who.site_acts
    if not (who.user.is_active and allowed):
        raise NotAllowed(_("You may not do this any more: your roles have changed."))


def visible_teams(who: Standing) -> QuerySet[Team]:
    """Every team the person may look at."""
    return Team.objects.all() if who.sees_all else Team.objects.filter(pk__in=who.teams(Act.SEE))


def team_for(request: HttpRequest, slug: str, needs: Act = Act.SEE) -> Team:
    """The team. 404 when the person may not see it, 403 when not do `needs`."""
    who = standing(request)
    team = visible_teams(who).filter(slug=slug).first()
    if team is None:
        raise Http404
    if not who.may(needs, team.pk):
        raise PermissionDenied
    return team


def people_for(request: HttpRequest) -> QuerySet[User]:
    """Everybody with an account, for administrators; 403 for anybody else."""
    if Act.TEAMS not in standing(request).site_acts:
        raise PermissionDenied
    return User.objects.order_by("-is_active", "name", "pk")
