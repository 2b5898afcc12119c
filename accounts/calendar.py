"""Days and moments in words of the reader's language, remembered: a page says the same few fifty times; and the day
that counts.
"""

from datetime import date, datetime
from functools import lru_cache

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language

REMEMBERED = 2048  # days or moments


def in_words(at: date | datetime, style: str = "DATE_FORMAT") -> str:
    """A day, or a moment in the reader's zone, in a style of Django's formats that tells no zone."""
    if isinstance(at, datetime):
        at = timezone.localtime(at).replace(tzinfo=None)  # equal moments of two zones are not said alike
    return _said(at, style, get_language())


def day(at: datetime | None = None) -> date:
    """The day of a moment, or today, where the installation is: what is judged is judged by it, whoever reads of it.

    `timezone.localdate` is the same until a page is being rendered, and the reader's from there on (`context.zone`).
    """
    return timezone.localdate(at, timezone.get_default_timezone())


@lru_cache(REMEMBERED)
def _said(at: date | datetime, style: str, _language: str | None) -> str:
    return date_format(at, style)
