"""Names of people and teams: what a person can read, or a refusal. Pure but for its words."""

from django.utils.translation import gettext as _

from accounts import characters
from accounts.refusals import Refusal


def checked(name: str) -> str:
    """The tidy name; Refusal when it is empty or holds what hides or disturbs it."""
    name = characters.tidy(name)
    if not name:
        raise Refusal(_("A name is needed."))
    if found := characters.unreadable(name):
        told = {"found": ", ".join(found)}
        raise Refusal(_("The name holds characters that hide or disturb it: %(found)s.") % told)
    return name
