"""Invitations: roles offered by a mailed link that works once, for seven days. The only writer of the table but for
their acceptance, which is `joining`'s. The link's token is in the mail alone; here only its hash is kept.
"""

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import access, chaining, letters
from accounts.acts import Act, Role, SiteRole
from accounts.models import Invitation, Team, User
from accounts.refusals import Conflict, Refusal

LASTS = timedelta(days=7)


def invite(
    *, by: User, team: Team | None, email: str, roles: Collection[str], at: datetime | None = None
) -> Invitation:
    """Offer roles on `team`, or on the whole site without one; mails the link once this is committed.

    An earlier open invitation of the same address is withdrawn: its link stops working. The answer is the same
    whether or not the address has an account. Refusal without a role on a team, and for one's own address.
    """
    token = secrets.token_urlsafe(32)
    with chaining.chain(team.scope if team else "site", at=at) as trail:
        access.demand(by, Act.MEMBERS if team else Act.TEAMS, team)
        if email.lower() == by.email.lower():
            told = _("Nobody changes their own roles: ask another manager or an administrator.")
            raise Refusal(told, field="email")
        withdraw_all(trail=trail, by=by, team=team, email=email)
        invitation = Invitation.objects.create(
            team=team,
            email=email.lower(),
            roles=_known(team, roles),
            token_hash=hashed(token),
            invited_by=by,
            invited_at=trail.at,
            expires_at=trail.at + LASTS,
        )
        subject, after = f"invitation:{invitation.pk}", {"roles": invitation.roles}
        trail.add(by=by, verb="invited", subject=subject, after=after)
        transaction.on_commit(lambda: letters.invite(invitation, token), robust=True)
    return invitation


def withdraw(*, by: User, invitation: Invitation, at: datetime | None = None) -> Invitation:
    """Its link stops working at once. Conflict when it was accepted or withdrawn meanwhile."""
    with chaining.chain(invitation.scope, at=at) as trail:
        access.demand(by, Act.MEMBERS if invitation.team else Act.TEAMS, invitation.team)
        invitation.refresh_from_db()
        if invitation.accepted_at:
            raise Conflict(_("This invitation has been accepted already."))
        if not invitation.withdrawn_at:
            _withdraw(trail, by, invitation)
    return invitation


def withdraw_all(*, trail: chaining.Trail, by: User, team: Team | None, email: str) -> None:
    """What is offered to an address on a team, or on the site, inside its open chain: those links stop working."""
    for invitation in Invitation.objects.filter(team=team, email=email.lower(), **OPEN):
        _withdraw(trail, by, invitation)


OPEN = {"accepted_at__isnull": True, "withdrawn_at__isnull": True}


def hashed(token: str) -> str:
    """SHA-256 (hex) of a token; 256 random bits need neither salt nor key."""
    return hashlib.sha256(token.encode()).hexdigest()


def _known(team: Team | None, roles: Collection[str]) -> list[str]:
    kind = Role if team else SiteRole
    known = sorted({kind(role).value for role in roles})
    if not known:
        raise Refusal(_("Choose at least one role."))
    return known


def _withdraw(trail: chaining.Trail, by: User, invitation: Invitation) -> None:
    invitation.withdrawn_at = trail.at
    invitation.save(update_fields=["withdrawn_at"])
    trail.add(by=by, verb="withdrew", subject=f"invitation:{invitation.pk}")
