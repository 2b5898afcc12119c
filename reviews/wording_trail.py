"""The sentences of the trail: who did what, from what to what, for every verb that a service's trail knows.

What was said to requirements is worded by `checklists/history.py`, what became of conditions by `conditions.py`; here
is the rest, and what each verb is about.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from accounts.models import TrailEntry
from checklists import history
from checklists.history import Event
from reviews import conditions, wording
from stages.models import PassageState

# The kinds by which a history is filtered: title, verbs.
KINDS = {
    "answers": (gettext_lazy("Answers"), ("recorded", "confirmed", "taken_over", "discarded")),
    "evidence": (gettext_lazy("Evidence"), ("attached", "detached", "revised")),
    "documents": (
        gettext_lazy("Documents"),
        ("document_added", "document_sent", "document_approved", "document_sent_back"),
    ),
    "planning": (gettext_lazy("Who and until when"), ("assigned", "entrusted", "dates_accepted", "dates_moved")),
    "waivers": (gettext_lazy("Waivers"), history.WAIVER_VERBS),
    "reviews": (gettext_lazy("Reviews and decisions"), ("ask", "withdraw", "decide", "supersede", "seal")),
    "conditions": (gettext_lazy("Conditions"), tuple(conditions.SENTENCES)),
    "stages": (
        gettext_lazy("Service and stages"),
        (
            *("created", "copied", "edited", "planned", "moved", "reopened", "opened"),
            *("went_live", "corrected_live", "archived", "brought_back"),
        ),
    ),
    "reports": (gettext_lazy("Reports"), ("ask for report", "ask for report again")),
}

DECIDED = {
    "decide": pgettext_lazy("what a person did", "decided"),
    "supersede": pgettext_lazy("what a person did", "superseded a mistaken decision"),
}

# What is done to a service besides its stages, in words.
KEPT = {
    "edited": gettext_lazy("edited the service"),
    "planned": gettext_lazy("moved the planned go-live"),
    "archived": gettext_lazy("archived the service"),
    "brought_back": gettext_lazy("brought the service back"),
}


def event(entry: TrailEntry) -> Event:
    """An entry of a service's trail in words, with states or outcomes where one became another."""
    before, after = entry.before or {}, entry.after or {}
    if entry.verb in _TURNED:
        sentence, side = _TURNED[entry.verb]
        return Event(entry, _because(sentence, after.get("reason", "")), side(before), side(after))
    if entry.verb in DECIDED:
        return _decided(entry, before, after)
    if entry.verb in KEPT:
        return _kept(entry, before, after)
    if entry.verb in conditions.SENTENCES:
        told = conditions.event(entry)
        return Event(entry, _because(told.sentence, told.words), told.before, told.after)
    if entry.verb in _SENTENCES:
        return Event(entry, _SENTENCES[entry.verb](after))
    return history.event(entry)


_SENTENCES = {
    "created": lambda after: _("added the service, to go live on %(day)s") % {"day": _day(after["planned_on"])},
    "copied": lambda after: (
        ngettext(
            "started it as a copy of %(name)s, with %(n)d proposal",
            "started it as a copy of %(name)s, with %(n)d proposals",
            after["proposals"],
        )
        % {"name": after["name"], "n": after["proposals"]}
    ),
    "went_live": lambda after: (
        _("recorded that the service went live on %(day)s") % {"day": _day(after["went_live_on"])}
    ),
    "opened": lambda after: _("opened the next round, due on %(day)s") % {"day": _day(after["due_on"])},
    "seal": lambda after: _("sealed the picture"),
    "dates_accepted": lambda after: (
        ngettext("accepted %(n)d proposed due day", "accepted %(n)d proposed due days", len(after["days"]))
        % {"n": len(after["days"])}
    ),
    "dates_moved": lambda after: _moved_days(after["days"]),
    "ask": lambda after: _("asked for a decision"),
    "withdraw": lambda after: _("withdrew the request for a decision"),
    "ask for report": lambda after: _("asked for a report"),
    "ask for report again": lambda after: _("asked for a report to be made again"),
}


def _decided(entry: TrailEntry, before: Mapping[str, Any], after: Mapping[str, Any]) -> Event:
    stood = wording.outcome(before["outcome"]) if "outcome" in before else ""
    sentence = _because(DECIDED[entry.verb], after.get("mistake", ""))
    return Event(entry, sentence, stood, wording.outcome(after["outcome"]))


def _kept(entry: TrailEntry, before: Mapping[str, Any], after: Mapping[str, Any]) -> Event:
    sentence = _because(KEPT[entry.verb], after.get("reason", ""))
    if entry.verb == "planned":
        return Event(entry, sentence, _day(before["planned_on"]), _day(after["planned_on"]))
    if entry.verb != "edited":
        return Event(entry, sentence)
    if before["name"] == after["name"]:
        return Event(entry, sentence, before["summary"], after["summary"])
    more = (_("what it does"),) if before["summary"] != after["summary"] else ()
    return Event(entry, sentence, before["name"], after["name"], more)


def _because(sentence: object, reason: str) -> str:
    return _("%(sentence)s: “%(reason)s”") % {"sentence": sentence, "reason": reason} if reason else str(sentence)


def _moved_days(days: int) -> str:
    if days < 0:
        return ngettext("moved the due days %(n)d day back", "moved the due days %(n)d days back", -days) % {"n": -days}
    return ngettext("moved the due days %(n)d day on", "moved the due days %(n)d days on", days) % {"n": days}


def _name(said: Mapping[str, Any]) -> str:
    return said["name"] or _("nobody")


def _state(said: Mapping[str, Any]) -> str:
    return str(PassageState(said["state"]).label)


def _day(told: str) -> str:
    return date_format(date.fromisoformat(told))


# What became something else: a sentence, and what either side says.
_TURNED = {
    "moved": (gettext_lazy("moved the stage"), _state),
    "reopened": (gettext_lazy("reopened the stage"), _state),
    "corrected_live": (
        gettext_lazy("corrected the day the service went live"),
        lambda said: _day(said["went_live_on"]),
    ),
    "assigned": (gettext_lazy("said who fills the role"), _name),
}
