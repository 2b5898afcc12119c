"""Who fills the roles of the playbook on a service. The only writer of assignments."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import Membership, User
from accounts.refusals import Conflict, Refusal
from stages import catalogue, chains, telling
from stages.models import Assignment, Service

People = Mapping[str, User | None]  # by the slug of a role; None: nobody


def assign(*, by: User, service: Service, people: People, seen: People, at: datetime | None = None) -> People:
    """From now on `people` fill the roles they are named for; a role that is not named stays as it is.

    `seen` says who was shown for each of these roles. A role that the person left as it was shown stays as it is
    now, whoever changed it meanwhile. Conflict (`detail["now"]`: who fills the disputed roles) when somebody else
    changed one that this person changes too. Refusal for a role the playbook does not have, and for somebody who is
    not on the team or cannot sign in. Each change has a trail entry under `role:<slug>`; saying the same again
    leaves none. Returns who fills each role.
    """
    roles = {role.slug: role for role in catalogue.of(service.edition_id).roles}
    if unknown := people.keys() - roles.keys():
        raise Refusal(_("This playbook has no role “%(role)s”.") % {"role": ", ".join(sorted(unknown))})
    with chains.chain(service, at=at) as trail:
        now = {row.role.slug: row.user for row in _rows(service)}
        changed = {slug: people[slug] for slug in people if people[slug] not in (seen.get(slug), now.get(slug))}
        _check_unseen(changed, seen, now)
        _check_members(service, changed)
        for slug, user in changed.items():
            _fill(service, roles[slug], user)
            told = {"before": _told(now.get(slug)), "after": _told(user)}
            trail.add(by=by, verb="assigned", subject=f"role:{slug}", **told)
            telling.assigned(trail, by, service, roles[slug], user)
    return {slug: changed.get(slug, now.get(slug)) for slug in roles}


def _rows(service: Service):
    return Assignment.objects.filter(service=service).select_related("role", "user")


def _fill(service: Service, role, user: User | None) -> None:
    if user is None:
        Assignment.objects.filter(service=service, role=role).delete()
    else:
        Assignment.objects.update_or_create(service=service, role=role, defaults={"user": user})


def _check_unseen(changed: People, seen: People, now: People) -> None:
    disputed = {slug: now.get(slug) for slug in changed if now.get(slug) != seen.get(slug)}
    if disputed:
        raise Conflict(_("Somebody else filled a role while you were choosing."), now=disputed)


def _check_members(service: Service, changed: People) -> None:
    wanted = {user.pk: user for user in changed.values() if user}
    members = Membership.objects.filter(team=service.team_id, user__in=wanted, user__is_active=True)
    if strangers := wanted.keys() - set(members.values_list("user_id", flat=True)):
        names = ", ".join(str(wanted[pk]) for pk in sorted(strangers))
        raise Refusal(_("Not on the team of this service: %(names)s.") % {"names": names})


def _told(user: User | None) -> dict[str, object]:
    """The name stands in the trail as it was then, beside the id."""
    return {"user": user.pk, "name": str(user)} if user else {"user": None, "name": ""}
