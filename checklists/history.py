"""What was said to one requirement over time, told from the trail: the latest first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Subquery
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Chain, TrailEntry, User
from checklists.models import State
from stages.models import Requirement, Service

WAIVER_VERBS = ("waiver_asked", "waiver_withdrawn", "waiver_granted", "waiver_refused", "waiver_ended")
SHOWN = 50  # events on a page
UNDO_FOR = timedelta(minutes=15)
LOOKED_AT = 100  # entries of the trail that are searched for what can be undone


@dataclass(frozen=True)
class Event:
    """One entry of the trail in words; `before` and `after` are states where the state changed."""

    entry: TrailEntry
    sentence: str
    before: str = ""
    after: str = ""
    details: tuple[str, ...] = ()


def of(service: Service, requirement: Requirement) -> list[Event]:
    """The latest events of a requirement, in one query."""
    entries = TrailEntry.objects.filter(scope=service.scope, subject=requirement.subject).select_related("who")
    return [event(entry) for entry in entries.order_by("-sequence")[:SHOWN]]


def undoable(service: Service, who: User) -> dict[str, tuple[int, Mapping[str, object]]]:
    """What a person answered a moment ago: subject to (version it became, what was said before). One query."""
    head = Chain.objects.filter(pk=service.scope).values("sequence")
    latest = TrailEntry.objects.filter(scope=service.scope, sequence__gt=Subquery(head) - LOOKED_AT)
    mine = latest.filter(who=who, verb="recorded", at__gte=timezone.now() - UNDO_FOR).order_by("sequence")
    said = mine.values_list("subject", "before", "after")
    return {subject: (after["version"], before_of(before)) for subject, before, after in said}


def before_of(said: Mapping[str, object]) -> dict[str, object]:
    """What to hand in to say it again: everything but its version, in one order (databases keep their own)."""
    return {name: "" if value is None else value for name, value in sorted(said.items()) if name != "version"}


def event(entry: TrailEntry) -> Event:
    """An entry about a requirement, in words; what is not known here keeps its verb."""
    before, after = entry.before or {}, entry.after or {}
    if entry.verb == "recorded":
        return _recorded(entry, before, after)
    if entry.verb == "confirmed":
        return Event(entry, _("confirmed that it is still true"), after=_state(after))
    if entry.verb == "entrusted":
        return Event(entry, _("said who does it, and until when"), _care(before), _care(after))
    if entry.verb in WAIVER_VERBS:
        return Event(entry, _waiver(entry.verb, after))
    if entry.verb in ("taken_over", "discarded"):
        told = _("took over what %(name)s said") if entry.verb == "taken_over" else _("discarded what %(name)s said")
        return Event(entry, told % {"name": after["name"]}, after=_state(after))
    title = str((after or before).get("title", ""))
    sentences = {
        "attached": _("put “%(title)s” behind it"),
        "detached": _("took “%(title)s” off"),
        "revised": _("put revision %(number)s of “%(title)s” in the place of the one before"),
        "document_added": _("added version %(number)s, “%(title)s”"),
        "document_sent": _("sent version %(number)s for approval"),
        "document_approved": _("approved version %(number)s"),
        "document_sent_back": _("sent version %(number)s back"),
    }
    told = sentences.get(entry.verb, entry.verb.replace("%", "%%"))
    return Event(entry, told % {"title": title, "number": after.get("number", "")})


def _recorded(entry: TrailEntry, before: Mapping[str, object], after: Mapping[str, object]) -> Event:
    states = _state(before), _state(after)
    words = {"text": _("the answer"), "reason": _("the reason"), "note": _("the note")}
    changed = tuple(word for name, word in words.items() if before.get(name) != after.get(name))
    if states[0] == states[1]:
        return Event(entry, _("wrote"), details=changed)
    return Event(entry, _("answered"), *states, details=changed)


def _care(said: Mapping[str, object]) -> str:
    """Who is responsible for the entry itself, and until when."""
    name = said.get("name") or _("nobody in particular")
    if not said.get("due_on"):
        return _("%(name)s, no due day") % {"name": name}
    return _("%(name)s, due %(day)s") % {"name": name, "day": date_format(date.fromisoformat(str(said["due_on"])))}


def _waiver(verb: str, after: Mapping[str, str]) -> str:
    """What was done about a waiver, with the day and the words that belong to it."""
    day = date_format(date.fromisoformat(after["expires_on"]))
    told = {
        "waiver_asked": _("asked for a waiver until %(day)s: “%(reason)s” Instead: “%(measure)s”"),
        "waiver_withdrawn": _("took the request for a waiver until %(day)s back"),
        "waiver_granted": _("granted the waiver until %(day)s: “%(word)s”"),
        "waiver_refused": _("refused the waiver until %(day)s: “%(word)s”"),
        "waiver_ended": _("ended the waiver until %(day)s early: “%(closing)s”"),
    }
    if verb == "waiver_granted" and not after["word"]:
        return _("granted the waiver until %(day)s") % {"day": day}
    return told[verb] % {**after, "day": day}


def _state(said: Mapping[str, object]) -> str:
    if said.get("rating") is not None:
        return _("rated %(rating)s") % {"rating": said["rating"]}
    return str(State(said["state"]).label) if said.get("state") in State.values else ""
