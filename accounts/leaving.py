"""How people go, and come back: nothing they did is touched, but they cannot sign in."""

from datetime import datetime

from django.utils.translation import gettext as _

from accounts import access, appointing, chaining, sessions
from accounts.acts import Act
from accounts.models import User
from accounts.refusals import NotAllowed


def deactivate(*, by: User, person: User, at: datetime | None = None) -> User:
    """Close the account and end every session of it at once. Its roles stay noted, for a return.

    NotAllowed for oneself. Refusal for the last administrator. Doing it twice changes nothing.
    """
    with chaining.chain("site", at=at) as trail:
        access.demand(by, Act.TEAMS)
        if by.pk == person.pk:
            raise NotAllowed(_("Nobody closes their own account: ask another administrator."))
        person.refresh_from_db()
        if person.is_active:
            appointing.check_administrator_stays(without=person)
            _switch(trail, by, person, active=False)
            sessions.end(person)
    return person


def reactivate(*, by: User, person: User, at: datetime | None = None) -> User:
    """Open the account again, with the roles it had. Doing it twice changes nothing."""
    with chaining.chain("site", at=at) as trail:
        access.demand(by, Act.TEAMS)
        person.refresh_from_db()
        if not person.is_active:
            _switch(trail, by, person, active=True)
    return person


def _switch(trail: chaining.Trail, by: User, person: User, *, active: bool) -> None:
    person.is_active = active
    person.save(update_fields=["is_active"])
    verb = "reactivated" if active else "deactivated"
    trail.add(by=by, verb=verb, subject=f"person:{person.pk}")
