"""From when until when evidence is in force, in words; the same for evidence of today and for what was sealed. Pure."""

from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.calendar import in_words

SOON = 30  # days before its end from which evidence is said to expire


class Validity(TextChoices):
    """Where evidence stands on a day."""

    IN_FORCE = "in_force", gettext_lazy("in force")
    EXPIRING = "expiring", gettext_lazy("expires soon")
    EXPIRED = "expired", gettext_lazy("expired")
    AHEAD = "ahead", gettext_lazy("not in force yet")


def of(effective_from: date, valid_until: date | None, on: date) -> Validity:
    if effective_from > on:
        return Validity.AHEAD
    if valid_until is None:
        return Validity.IN_FORCE
    if valid_until < on:
        return Validity.EXPIRED
    return Validity.EXPIRING if (valid_until - on).days <= SOON else Validity.IN_FORCE


def sentence(effective_from: date, valid_until: date | None, on: date) -> str:
    """“valid until 3 March 2027, 96 days left”; what has expired says so, what has not begun says when it will."""
    if effective_from > on:
        return _ahead(effective_from, valid_until)
    if valid_until is None:
        return _("in force since %(day)s") % {"day": in_words(effective_from)}
    days, day = (valid_until - on).days, in_words(valid_until)
    if days < 0:
        told = ngettext("expired on %(day)s, %(days)d day ago", "expired on %(day)s, %(days)d days ago", -days)
        return told % {"day": day, "days": -days}
    if days == 0:
        return _("valid until %(day)s, its last day") % {"day": day}
    told = ngettext("valid until %(day)s, %(days)d day left", "valid until %(day)s, %(days)d days left", days)
    return told % {"day": day, "days": days}


def _ahead(effective_from: date, valid_until: date | None) -> str:
    if valid_until is None:
        return _("in force from %(day)s on") % {"day": in_words(effective_from)}
    told = _("in force from %(day)s until %(until)s")
    return told % {"day": in_words(effective_from), "until": in_words(valid_until)}
