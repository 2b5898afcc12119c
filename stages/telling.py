"""Who is told that a role was given to them; called by the act, in its transaction."""

from django.urls import reverse

from accounts import noticing
from accounts.chaining import Trail
from accounts.kinds import Message
from accounts.models import User
from stages.models import Role, Service


def assigned(trail: Trail, by: User, service: Service, role: Role, user: User | None) -> None:
    """The person who fills the role from now on; nobody else need look into it any more."""
    subject = f"{service.scope}/role:{role.slug}"
    noticing.settle(subject=subject, messages=[Message.ROLE_ASSIGNED], at=trail.at)
    noticing.tell(
        message=Message.ROLE_ASSIGNED,
        to=[user] if user else [],
        by=by,
        team=service.team,
        subject=subject,
        occasion=str(trail.row.sequence),
        address=reverse("portfolio:people", args=[service.slug]),
        facts={"who": by, "role": role.title, "service": service},
        at=trail.at,
    )
