"""Dates and times as they stand in sealed JSON, for templates."""

from datetime import date, datetime

from django import template
from django.utils import timezone

register = template.Library()


@register.filter
def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


@register.filter
def moment(text: str | None) -> datetime | None:
    return timezone.localtime(datetime.fromisoformat(text)) if text else None
