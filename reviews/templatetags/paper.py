"""What the report's templates need to print a sealed record: days, moments, marks, addresses."""

from datetime import UTC, date, datetime

from django import template
from django.utils.formats import date_format

from reviews import printable

register = template.Library()
MARKS = {
    "met": "✓",
    "done": "✓",
    "approved": "✓",
    "rated_3": "✓",
    "rated_2": "✓",
    "go": "✓",
    "rated_1": "◐",
    "draft": "◐",
    "awaiting": "◐",
    "go_with_conditions": "◐",
    "waived": "◐",
    "rated_0": "✗",
    "not_met": "✗",
    "sent_back": "✗",
    "recheck": "✗",
    "no_go": "✗",
    "overdue": "✗",
    "not_applicable": "–",
}
TONES = {"✓": "good", "◐": "warn", "✗": "bad", "–": "idle", "○": "idle"}


@register.filter
def day(value: str | None) -> str:
    """A date as it was sealed (`2026-12-15`), in words of the report's language."""
    return date_format(date.fromisoformat(value), "DATE_FORMAT") if value else ""


@register.filter
def moment(value: str | None) -> str:
    """A time as it was sealed, in UTC and saying so: a report reads the same wherever it is made."""
    if not value:
        return ""
    return f"{date_format(datetime.fromisoformat(value).astimezone(UTC), 'DATETIME_FORMAT')} UTC"


@register.filter
def mark(state: str) -> str:
    """The shape of a state; printed beside its word, never instead of it."""
    return MARKS.get(state, "○")


@register.filter
def tone(state: str) -> str:
    return TONES[mark(state)]


@register.filter
def broken(address: str) -> str:
    return printable.broken(address)
