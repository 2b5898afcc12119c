"""Why somebody did something to a service: the words that stay with it. Pure."""

from django.utils.translation import gettext as _

from accounts import characters
from accounts.refusals import Refusal

LIMIT = 500  # characters


def readable(text: str) -> str:
    """One readable sentence or two; Refusal (naming its field) for none."""
    reason = characters.tidy(text)
    if not reason:
        raise Refusal(_("Say why: the reason stays with the service."), field="reason")
    if found := characters.unreadable(reason):
        told = {"found": ", ".join(found)}
        raise Refusal(_("The reason holds characters that hide or disturb it: %(found)s.") % told, field="reason")
    if len(reason) > LIMIT:
        raise Refusal(_("Say it in at most %(limit)d characters.") % {"limit": LIMIT}, field="reason")
    return reason
