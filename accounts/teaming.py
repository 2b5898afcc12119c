"""Teams and who is on them. The only writer of teams; of memberships together with `joining`."""

from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts import access, chaining, inviting, names, slugs
from accounts.acts import Act, Role
from accounts.models import Membership, Team, User
from accounts.refusals import Conflict, NotAllowed, Refusal

RESERVED = frozenset({"new"})  # /teams/new is a page
LONGEST_SLUG = 40


class NoManagerLeft(Refusal):
    """It would leave a team without a manager who can sign in; done when that is said to be meant."""


def create(*, by: User, name: str, at: datetime | None = None) -> Team:
    """A new team without members. Refusal for a name that another team has, or that nobody can read."""
    name = names.checked(name)
    with chaining.chain("site", at=at) as trail:
        access.demand(by, Act.TEAMS)
        if Team.objects.filter(name__iexact=name).exists():
            raise Refusal(_("There is a team of this name already."))
        team = _created(name)
        trail.add(by=by, verb="created", subject=team.scope, after={"name": name, "slug": team.slug})
    return team


def set_roles(
    *,
    by: User,
    team: Team,
    person: User,
    roles: Collection[str],
    seen: Collection[str],
    leave_without_manager: bool = False,
    at: datetime | None = None,
) -> frozenset[str]:
    """`person` holds exactly `roles` on the team from now on; none at all means no longer a member.

    `seen` are the roles that whoever acts was shown: Conflict when they have changed meanwhile. NotAllowed for one's
    own roles. NoManagerLeft unless that is meant. Refusal for somebody who is not on the team: they are invited.
    """
    with chaining.chain(team.scope, at=at) as trail:
        access.demand(by, Act.MEMBERS, team)
        held = roles_of(person, team)
        _check(by, person, held, seen)
        wanted = frozenset(Role(role).value for role in roles)
        if Role.MANAGER in held - wanted and not leave_without_manager:
            check_manager_stays(team, without=person)
        Membership.objects.filter(team=team, user=person).exclude(role__in=wanted).delete()
        Membership.objects.bulk_create(Membership(team=team, user=person, role=role) for role in wanted - held)
        if wanted != held:
            told = {"before": {"roles": sorted(held)}, "after": {"roles": sorted(wanted)}}
            trail.add(by=by, verb="roles", subject=f"person:{person.pk}", **told)
        if held - wanted:  # an older link would bring back what was taken away
            inviting.withdraw_all(trail=trail, by=by, team=team, email=person.email)
    return wanted


def ask_second_step(*, by: User, team: Team, asked: bool, at: datetime | None = None) -> Team:
    """From now on everybody on the team needs a second step at sign-in, or nobody does on its account.

    Whoever has none is led to set one up with the next page. Saying what is so already changes nothing.
    """
    with chaining.chain(team.scope, at=at) as trail:
        access.demand(by, Act.MEMBERS, team)
        team = Team.objects.get(pk=team.pk)
        if team.asks_second_step != asked:
            team.asks_second_step = asked
            team.save(update_fields=["asks_second_step"])
            told = {"before": {"asked": not asked}, "after": {"asked": asked}}
            trail.add(by=by, verb="second_step", subject=team.scope, **told)
    return team


def roles_of(person: User, team: Team) -> frozenset[str]:
    return frozenset(Membership.objects.filter(team=team, user=person).values_list("role", flat=True))


def check_manager_stays(team: Team, *, without: User) -> None:
    """NoManagerLeft when `without` is the last manager of the team who can sign in."""
    managers = Membership.objects.filter(team=team, role=Role.MANAGER, user__is_active=True)
    if not managers.exclude(user=without).exists():
        raise NoManagerLeft(
            _("%(name)s is the last manager of %(team)s: nobody else could decide at its gates.")
            % {"name": without, "team": team}
        )


def _check(by: User, person: User, held: frozenset[str], seen: Collection[str]) -> None:
    if by.pk == person.pk:
        raise NotAllowed(_("Nobody changes their own roles: ask another manager or an administrator."))
    if held != frozenset(seen):
        raise Conflict(_("The roles of %(name)s have changed meanwhile.") % {"name": person}, roles=held)
    if not held:
        raise Refusal(_("%(name)s is not on this team: send an invitation.") % {"name": person})


def _created(name: str) -> Team:
    base = slugs.ascii_slug(name)[:LONGEST_SLUG].strip("-_") or "team"
    taken = RESERVED | set(Team.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    for slug in slugs.candidates(base, taken=taken):
        try:
            with transaction.atomic():
                return Team.objects.create(name=name, slug=slug)
        except IntegrityError:
            if not Team.objects.filter(slug=slug).exists():
                raise
    raise AssertionError("there is always a next number")
