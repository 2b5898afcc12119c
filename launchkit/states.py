"""A state as it is shown everywhere: colour and shape by its class (`components.css`), and its usual word."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

WORDS: Mapping[str, Promise] = {
    "open": _("Open"),
    "met": _("Met"),
    "not_met": _("Not met"),
    "done": _("Done"),
    "not_applicable": _("Not applicable"),
    "waived": _("Waived"),
    "not_rated": _("Not rated"),
    "rated_0": _("Rated 0"),
    "rated_1": _("Rated 1"),
    "rated_2": _("Rated 2"),
    "rated_3": _("Rated 3"),
    "recheck": _("Re-check"),
    "expiring": _("Expires soon"),
    "expired": _("Expired"),
    "ahead": _("Not in force yet"),
    "not_started": _("Not started"),
    "draft": _("Draft"),
    "awaiting": _("Awaiting approval"),
    "approved": _("Approved"),
    "sent_back": _("Sent back"),
    "locked": _("Locked"),
    "in_review": _("In review"),
    "passed": _("Passed"),
    "go": _("Go"),
    "go_with_conditions": _("Go with conditions"),
    "no_go": _("No-go"),
    "withdrawn": _("Withdrawn"),
    "superseded": _("Superseded"),
    "stale": _("Stale"),
    "changed": _("Changed since"),
    "overdue": _("Overdue"),
    "extended": _("Extended"),
    "dropped": _("Dropped"),
    "said_met": _("Said to be met"),
    "void": _("Void"),
    "asked": _("Asked for"),
    "live": _("Live"),
    "published": _("Published"),
    "queued": _("Waiting"),
    "running": _("Being made"),
    "failed": _("Failed"),
    "unknown": _("Unknown"),
}


def word(state: object) -> str:
    """The word in the reader's language; a state without one is said as it is."""
    return str(WORDS.get(str(state), state))


def pill(state: object, label: object = "", key: str = "") -> SafeString:
    """Colour, shape and word (`label`, where it is not the usual one); `key` is the id of the element."""
    known = f' id="{escape(key)}"' if key else ""
    told = f'<span class="state state-{escape(state)}"{known}>{conditional_escape(label or word(state))}</span>'
    return mark_safe(told)  # noqa: S308 (each part of it is escaped)


def criterion(met: bool | None, unsaid: object = "") -> SafeString:
    """Whether an exit criterion is met; `unsaid` are the words while nobody has said so."""
    if met is None:
        return pill("open", unsaid)
    told = pgettext("exit criterion", "Met") if met else pgettext("exit criterion", "Not met")
    return pill("met" if met else "not_met", told)
