"""Roles on the whole site: auditor, editor, administrator. Given and taken by administrators, never to oneself."""

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext as _

from accounts import access, chaining, inviting
from accounts.acts import Act, SiteRole
from accounts.models import User
from accounts.refusals import Conflict, NotAllowed, Refusal

FIELDS = {role: f"is_{role.value}" for role in SiteRole}


def set_roles(
    *, by: User, person: User, roles: Collection[str], seen: Collection[str], at: datetime | None = None
) -> User:
    """`person` holds exactly `roles` on the site from now on.

    `seen` are the roles that whoever acts was shown: Conflict when they have changed meanwhile. NotAllowed for one's
    own roles. Refusal when nobody would be left who can administer.
    """
    with chaining.chain("site", at=at) as trail:
        access.demand(by, Act.TEAMS)
        person.refresh_from_db()
        held, wanted = person.site_roles, frozenset(SiteRole(role) for role in roles)
        _check(by, person, seen)
        if SiteRole.ADMINISTRATOR in held - wanted:
            check_administrator_stays(without=person)
        for role, field in FIELDS.items():
            setattr(person, field, role in wanted)
        person.save(update_fields=list(FIELDS.values()))
        if wanted != held:
            told = {"before": {"roles": sorted(held)}, "after": {"roles": sorted(wanted)}}
            trail.add(by=by, verb="site_roles", subject=f"person:{person.pk}", **told)
        if held - wanted:  # an older link would bring back what was taken away
            inviting.withdraw_all(trail=trail, by=by, team=None, email=person.email)
    return person


def check_administrator_stays(*, without: User) -> None:
    """Refusal when `without` is the last administrator who can sign in."""
    if not User.objects.filter(is_administrator=True, is_active=True).exclude(pk=without.pk).exists():
        raise Refusal(_("%(name)s is the last administrator: name another one first.") % {"name": without})


def _check(by: User, person: User, seen: Collection[str]) -> None:
    if by.pk == person.pk:
        raise NotAllowed(_("Nobody changes their own roles: ask another administrator."))
    if person.site_roles != frozenset(seen):
        raise Conflict(_("The roles of %(name)s have changed meanwhile.") % {"name": person}, roles=person.site_roles)
