"""How people come in: the first administrator by command, everybody else by accepting an invitation."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts import access, appointing, chaining, letters, names, teaming
from accounts.acts import Act, SiteRole
from accounts.models import Invitation, Membership, User
from accounts.refusals import Conflict, NotAllowed, Refusal


class NoLonger(Refusal):
    """The link does not work any more; `detail["state"]` says why: accepted, withdrawn or expired."""

    status = 410


def create_administrator(
    *, by: User | None, email: str, name: str, password: str | None = None, at: datetime | None = None
) -> User:
    """An account that may administer; without a password, a link to choose one is mailed.

    Refusal when the address has an account already.
    """
    name = names.checked(name)
    with chaining.chain("site", at=at) as trail:
        user = _account(email, name, password, is_administrator=True)
        roles = {"roles": [SiteRole.ADMINISTRATOR.value]}
        trail.add(by=by or user, verb="joined", subject=f"person:{user.pk}", after=roles)
        if password is None:
            transaction.on_commit(lambda: letters.choose_password(user))
    return user


def accept(
    *, by: User | None, invitation: Invitation, name: str = "", password: str = "", at: datetime | None = None
) -> User:
    """Take the roles offered, on top of those held. `by` nobody: with a new account of this name and password.

    NoLonger when the link does not work any more; NotAllowed for another address than the one invited, and for who
    sent the invitation; Conflict when the address has an account already.
    """
    with chaining.chain(invitation.scope, at=at) as trail:
        invitation.refresh_from_db()
        if (state := state_of(invitation, trail.at)) != "open":
            raise NoLonger(_("This invitation no longer works."), state=state)
        user = _signed_in(by, invitation) if by else _account(invitation.email, names.checked(name), password)
        if by is None:
            trail.add(by=user, verb="joined", subject=f"person:{user.pk}")
        _take(trail, invitation, user)
    return user


def state_of(invitation: Invitation, now: datetime) -> str:
    """As the clock says, and withdrawn when whoever invited may no longer do so."""
    state = invitation.state(now)
    if state != "open":
        return state
    try:
        access.demand(invitation.invited_by, Act.MEMBERS if invitation.team else Act.TEAMS, invitation.team)
    except NotAllowed:
        return "withdrawn"
    return state


def _signed_in(by: User, invitation: Invitation) -> User:
    user = User.objects.get(pk=by.pk)
    if user.email.lower() != invitation.email or not user.is_active:
        raise NotAllowed(_("This invitation is for another address."))
    if user.pk == invitation.invited_by_id:
        raise NotAllowed(_("Nobody changes their own roles: ask another manager or an administrator."))
    return user


def _account(email: str, name: str, password: str | None, **roles: bool) -> User:
    """A new account; the constraint is the check, so that two at once make one."""
    try:
        with transaction.atomic():
            return User.objects.create_user(email, password, name=name, **roles)
    except IntegrityError as error:
        raise Conflict(_("This address has an account already: sign in with it.")) from error


def _take(trail: chaining.Trail, invitation: Invitation, user: User) -> None:
    """The roles, on top of those held; and the invitation is used up."""
    if invitation.team:
        held = teaming.roles_of(user, invitation.team)
        wanted = held | set(invitation.roles)
        Membership.objects.bulk_create(
            Membership(team=invitation.team, user=user, role=role) for role in sorted(wanted - held)
        )
    else:
        held = user.site_roles
        wanted = held | set(invitation.roles)
        fields = [appointing.FIELDS[SiteRole(role)] for role in invitation.roles]
        for field in fields:
            setattr(user, field, True)
        user.save(update_fields=fields)
    invitation.accepted_at, invitation.accepted_by = trail.at, user
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    told = {"before": {"roles": sorted(held)}, "after": {"roles": sorted(wanted)}}
    trail.add(by=user, verb="accepted", subject=f"invitation:{invitation.pk}", **told)
