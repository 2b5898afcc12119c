"""Where a person is signed in. Django keeps the session, allauth notes whose it is and which browser began it."""

import re
from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.utils.translation import gettext as _

from accounts.models import User

BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone|iPad", "iOS"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux|X11", "Linux"),
)


@dataclass(frozen=True)
class SignedIn:
    """One session as the profile shows it."""

    pk: int
    browser: str
    address: str
    since: datetime
    here: bool


def of(user: User, *, key: str | None) -> list[SignedIn]:
    """The living sessions of a person, this one (by its `key`) first, then the latest."""
    found = [
        SignedIn(one.pk, browser(one.user_agent), one.ip, one.created_at, one.session_key == key)
        for one in UserSession.objects.purge_and_list(user)
    ]
    return sorted(found, key=lambda one: (not one.here, -one.since.timestamp()))


def end(user: User, *, keep: str | None = None, only: int | None = None) -> int:
    """Sign the person out: everywhere, but where the session's key is `keep`, or of one session `only`."""
    found = UserSession.objects.filter(user=user).exclude(session_key=keep or "")
    if only is not None:
        found = found.filter(pk=only)
    for one in (ended := list(found)):
        one.end()
    return len(ended)


def browser(agent: str) -> str:
    """A browser in two words, as far as it says."""
    name = next((word for part, word in BROWSERS if part in agent), "")
    system = next((word for part, word in SYSTEMS if re.search(part, agent)), "")
    if name and system:
        return _("%(browser)s on %(system)s") % {"browser": name, "system": system}
    return name or system or _("A browser that does not say which")
