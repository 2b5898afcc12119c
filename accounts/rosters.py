"""Who is on a team, who is invited, and which teams there are: what the pages about people show."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from accounts.access import Standing, visible_teams
from accounts.acts import ACTS_OF_ROLE, Act, Role, SiteRole
from accounts.inviting import OPEN, hashed
from accounts.models import Invitation, Membership, Team, User


@dataclass(frozen=True)
class Member:
    user: User
    roles: frozenset[str]

    @property
    def words(self) -> list[str]:
        return [str(role.label) for role in Role if role in self.roles]


def teams(who: Standing) -> QuerySet[Team]:
    """The teams that a person may see, with the number of people on each."""
    people = Count("memberships__user", filter=Q(memberships__user__is_active=True), distinct=True)
    return visible_teams(who).annotate(people=people)


def asking(person: User) -> QuerySet[Team]:
    """The teams of a person that ask for a second step."""
    return Team.objects.filter(memberships__user=person, asks_second_step=True).distinct()


def members(team: Team) -> list[Member]:
    """Everybody on the team by name; who cannot sign in any more stands last."""
    held: dict[User, set[str]] = defaultdict(set)
    rows = Membership.objects.filter(team=team).select_related("user")
    for membership in rows.order_by("-user__is_active", "user__name", "user_id"):
        held[membership.user].add(membership.role)
    return [Member(user, frozenset(roles)) for user, roles in held.items()]


def member(team: Team, pk: int) -> User | None:
    """Somebody on the team."""
    return User.objects.filter(pk=pk, memberships__team=team).first()


def able(team: Team, act: Act) -> QuerySet[User]:
    """Everybody who can sign in and may do `act` by a role on the team; by name."""
    roles = [role for role, acts in ACTS_OF_ROLE.items() if act in acts]
    held = User.objects.filter(is_active=True, memberships__team=team, memberships__role__in=roles)
    return held.distinct().order_by("name", "pk")


def invitations(team: Team | None, now: datetime) -> list[tuple[Invitation, str]]:
    """What was offered and neither taken nor withdrawn, each with its state: open or expired."""
    found = Invitation.objects.filter(team=team, **OPEN).select_related("invited_by")
    return [(one, one.state(now)) for one in found]


def invitation(team: Team | None, pk: int) -> Invitation | None:
    return Invitation.objects.filter(team=team, pk=pk).first()


def invited(token: str) -> Invitation | None:
    """The invitation that a link belongs to."""
    return Invitation.objects.filter(token_hash=hashed(token)).select_related("team", "invited_by").first()


def account_of(email: str) -> User | None:
    return User.objects.filter(email__iexact=email).first()


def everybody(people: QuerySet[User]) -> list[tuple[User, list[str], list[str]]]:
    """Each person with the words of the site roles and the names of the teams."""
    found = people.prefetch_related("memberships__team")
    return [(user, site_words(user), _team_names(user)) for user in found]


def memberships(person: User) -> list[tuple[Team, list[str]]]:
    """The teams of a person, each with the words of the roles held there."""
    held: dict[Team, list[str]] = defaultdict(list)
    for one in Membership.objects.filter(user=person).select_related("team").order_by("team__name", "role"):
        held[one.team].append(str(Role(one.role).label))
    return list(held.items())


def site_words(user: User) -> list[str]:
    return [str(role.label) for role in SiteRole if role in user.site_roles]


def _team_names(user: User) -> list[str]:
    return sorted({membership.team.name for membership in user.memberships.all()})


def held(pk: int | None) -> Invitation | None:
    """The invitation that a session holds."""
    return Invitation.objects.filter(pk=pk).select_related("team", "invited_by").first() if pk else None


def teams_with_no_other_manager(person: User) -> list[Team]:
    """The teams on which nobody else who can sign in is a manager."""
    managers = Membership.objects.filter(role=Role.MANAGER)
    others = managers.filter(user__is_active=True).exclude(user=person)
    mine = managers.filter(user=person).exclude(team__in=others.values("team"))
    return list(Team.objects.filter(pk__in=mine.values("team")))
