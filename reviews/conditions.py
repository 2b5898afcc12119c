"""What became of one condition, told from the trail: the latest first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import TrailEntry
from reviews.models import Condition

SENTENCES: Mapping[str, str | Promise] = {
    "close": _("confirmed that it is met"),
    "extend": _("moved the date"),
    "say met": _("said that it is met"),
    "turn down": _("said that it is not met yet"),
    "follow": _("moved the date with the go-live"),
    "drop": _("dropped it"),
    "void": _("voided it with the decision that set it"),
}


@dataclass(frozen=True)
class Event:
    """One act on a condition; `before` and `after` are days where its date was moved."""

    entry: TrailEntry
    sentence: str | Promise
    words: str
    before: str = ""
    after: str = ""


def history(condition: Condition) -> list[Event]:
    """One query."""
    entries = TrailEntry.objects.filter(scope=condition.service.scope, subject=condition.subject)
    told = entries.filter(verb__in=SENTENCES).select_related("who").order_by("-sequence")
    return [event(entry) for entry in told]


def event(entry: TrailEntry) -> Event:
    """An entry about a condition; its verb is one of `SENTENCES`."""
    before, after = entry.before or {}, entry.after or {}
    words = after.get("reason") or after.get("note") or after.get("title", "")
    days = [_day(side["due_on"]) for side in (before, after) if "due_on" in side]
    return Event(entry, SENTENCES[entry.verb], words, *days)


def _day(text: str | None) -> str:
    return date_format(date.fromisoformat(text)) if text else str(_("after go-live"))
