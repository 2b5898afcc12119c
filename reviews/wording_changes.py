"""The sentences of changes: one place for page and report alike."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from checklists.models import State
from reviews.changes import Change

Told = Mapping[str, Any]


def change(value: Change | Told) -> str:
    """What changed, in a sentence to be read after the entry's number and title."""
    told = value.as_json() if isinstance(value, Change) else value
    return _SENTENCES[str(told["what"])](told["before"], told["after"])


def state(key: str) -> str:
    """The word of a state key; a rating as `rated_2`."""
    if key.startswith("rated_"):
        return _("rated %(rating)s") % {"rating": key.removeprefix("rated_")}
    return str(State(key).label)


def _pieces(before: list[Told], after: list[Told]) -> str:
    gone = before and _("evidence taken off: %(titles)s") % {"titles": _titles(before)}
    new = after and _("evidence added: %(titles)s") % {"titles": _titles(after)}
    return "; ".join(part for part in (new, gone) if part)


def _titles(pieces: list[Told]) -> str:
    return ", ".join(piece["title"] for piece in pieces)


def _document(before: Told | None, after: Told | None) -> str:
    if before and after:
        return _("version %(new)d takes the place of version %(old)d") % {
            "new": after["number"],
            "old": before["number"],
        }
    if after:
        return _("version %(new)d was sent for approval") % {"new": after["number"]}
    return _("version %(old)d does not count any more") % {"old": before["number"] if before else 0}


def _waiver(before: Told | None, after: Told | None) -> str:
    if before and after:
        told = _("waived until %(old)s, now until %(new)s")
        return told % {"old": _day(before), "new": _day(after)}
    if after:
        return _("waived until %(day)s") % {"day": _day(after)}
    if before and before["expired"]:
        return _("the waiver expired after %(day)s") % {"day": _day(before)}
    return _("the waiver until %(day)s was ended early") % {"day": _day(before) if before else ""}


def _day(waiver: Told) -> str:
    return date_format(date.fromisoformat(waiver["expires_on"]))


_SENTENCES = {
    "state": lambda before, after: _("%(before)s, now %(after)s") % {"before": state(before), "after": state(after)},
    "evidence": _pieces,
    "document": _document,
    "waiver": _waiver,
    "recheck": lambda before, after: (
        _("no evidence is in force any more: to be confirmed again") if after else _("evidence is in force again")
    ),
    "aged": lambda before, after: (
        _("the answer has grown old: to be confirmed again") if after else _("the answer was confirmed again")
    ),
    "overdue": lambda before, after: _("is overdue now") if after else _("is not overdue any more"),
    "condition": lambda before, after: _("is a new condition") if after else _("is closed now"),
    "entry": lambda before, after: _("is asked for now") if after else _("is not asked for any more"),
    "earlier": lambda before, after: (
        _("golden rules of passed stages that no longer hold: %(before)d, now %(after)d")
        % {"before": before, "after": after}
    ),
    "reopened": lambda before, after: (
        _("earlier stages that are reopened: %(before)d, now %(after)d") % {"before": before, "after": after}
    ),
    "edition": lambda before, after: (
        _("edition %(before)s of the playbook, now %(after)s") % {"before": before, "after": after}
    ),
}
