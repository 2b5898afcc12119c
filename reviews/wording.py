"""The sentences of suggestions, reasons and steps: one place for page, review and report alike."""

from collections.abc import Mapping
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, ngettext_lazy

from accounts.calendar import in_words
from accounts.words import gettext as _
from accounts.words import ngettext
from checklists.gates import Outcome, Reason, Step


def outcome(value: str) -> str:
    return {
        Outcome.GO: _("Go"),
        Outcome.GO_WITH_CONDITIONS: _("Go with conditions"),
        Outcome.NO_GO: _("No-go"),
    }[Outcome(value)]


def after_live(days: int) -> Promise:
    """When a condition is due that counts from a go-live that is not recorded yet."""
    return ngettext_lazy("%(n)d day after go-live", "%(n)d days after go-live", days) % {"n": days}


def round_due(due_on: date, on: date) -> str:
    """Where a round of a recurring stage stands by the clock."""
    day = in_words(due_on)
    return _("Open, overdue since %(day)s") % {"day": day} if due_on < on else _("Open, due %(day)s") % {"day": day}


def outcome_today(value: str) -> str:
    """What the rules would suggest if the gate were today."""
    return {
        Outcome.GO: _("Ready: go"),
        Outcome.GO_WITH_CONDITIONS: _("Go with conditions today"),
        Outcome.NO_GO: _("No-go today"),
    }[Outcome(value)]


def reason(value: Reason | Mapping[str, object]) -> str:
    """One sentence for a criterion of the suggestion, given as a `Reason` or as it was sealed."""
    told = value.as_json() if isinstance(value, Reason) else value
    key, expected, actual = str(told["key"]), int(str(told["expected"])), int(str(told["actual"]))
    if waived := int(str(told.get("waived", 0))):  # sealed before there were waivers: without the key
        return _with_waivers(expected, actual, waived)
    return _MET[key](expected, actual) if told["met"] else _UNMET[key](expected, actual)


def waived(number: int) -> str:
    return ngettext("%(n)d golden rule is waived.", "%(n)d golden rules are waived.", number) % {"n": number}


def waived_until(number: int, until: date) -> str:
    """`1 golden rule waived until 26 February 2027`; of several, the first day one of them ends."""
    told = ngettext(
        "%(n)d golden rule waived until %(day)s", "%(n)d golden rules waived, the first until %(day)s", number
    )
    return told % {"n": number, "day": in_words(until)}


def _with_waivers(expected: int, actual: int, number: int) -> str:
    """Golden rules of which some count by a waiver: how many are met, or how many are neither, and how many waived."""
    unmet = expected - actual - number
    if unmet:
        told = ngettext(
            "%(open)d of %(n)d golden rules is neither met nor waived.",
            "%(open)d of %(n)d golden rules are neither met nor waived.",
            unmet,
        ) % {"open": unmet, "n": expected}
    else:
        told = ngettext("%(met)d of %(n)d golden rules is met.", "%(met)d of %(n)d golden rules are met.", actual) % {
            "met": actual,
            "n": expected,
        }
    return f"{told} {waived(number)}"


_MET = {
    "rules": lambda e, a: ngettext("The golden rule is met.", "All %(n)d golden rules are met.", e) % {"n": e},
    "deliverables": lambda e, a: _("All required deliverables are approved."),
    "questions_zero": lambda e, a: _("Every required question is rated, none of them 0."),
    "questions_one": lambda e, a: _("No required question is rated 1."),
    "items": lambda e, a: _("All required checklist items are done or do not apply."),
    "score": lambda e, a: _("Score %(actual)d of 100, threshold %(expected)d.") % {"actual": a, "expected": e},
    "criteria": lambda e, a: _("No exit criterion is unmet."),
    "overdue": lambda e, a: _("No condition is overdue."),
    "earlier": lambda e, a: _("The golden rules of passed stages still hold."),
    "reopened": lambda e, a: _("No earlier stage is reopened."),
}
_UNMET = {
    "rules": lambda e, a: (
        ngettext("%(open)d of %(n)d golden rules is not met.", "%(open)d of %(n)d golden rules are not met.", e - a)
        % {"open": e - a, "n": e}
    ),
    "deliverables": lambda e, a: (
        ngettext("%(n)d required deliverable is not approved.", "%(n)d required deliverables are not approved.", a)
        % {"n": a}
    ),
    "questions_zero": lambda e, a: (
        ngettext(
            "%(n)d required question is not rated or rated 0.", "%(n)d required questions are not rated or rated 0.", a
        )
        % {"n": a}
    ),
    "questions_one": lambda e, a: (
        ngettext("%(n)d required question is rated 1.", "%(n)d required questions are rated 1.", a) % {"n": a}
    ),
    "items": lambda e, a: (
        ngettext("%(n)d required checklist item is open.", "%(n)d required checklist items are open.", a) % {"n": a}
    ),
    "score": lambda e, a: (
        _("Score %(actual)d of 100, under the threshold of %(expected)d.") % {"actual": a, "expected": e}
    ),
    "unscored": lambda e, a: (
        ngettext(
            "No score yet: %(n)d required question is not rated.",
            "No score yet: %(n)d required questions are not rated.",
            a,
        )
        % {"n": a}
    ),
    "criteria": lambda e, a: (
        ngettext("%(n)d exit criterion is not met.", "%(n)d exit criteria are not met.", a) % {"n": a}
    ),
    "overdue": lambda e, a: ngettext("%(n)d condition is overdue.", "%(n)d conditions are overdue.", a) % {"n": a},
    "earlier": lambda e, a: (
        ngettext(
            "%(n)d golden rule of a passed stage no longer holds.",
            "%(n)d golden rules of passed stages no longer hold.",
            a,
        )
        % {"n": a}
    ),
    "reopened": lambda e, a: (
        ngettext("%(n)d earlier stage is reopened.", "%(n)d earlier stages are reopened.", a) % {"n": a}
    ),
}


_NEEDS: Mapping[str, Promise] = {
    "meet": gettext_lazy("to be met, with evidence"),
    "approve": gettext_lazy("to be approved"),
    "rate": gettext_lazy("to be rated 1 or better"),
    "improve": gettext_lazy("to be rated 2 or better"),
    "do": gettext_lazy("to be done"),
    "recheck": gettext_lazy("to be confirmed again: no evidence is in force"),
    "confirm": gettext_lazy("to be confirmed again: the answer has grown old"),
}


def need(step: Step | Mapping[str, object]) -> str:
    """What a step of the shortest path asks for, to be read after the entry's number and title."""
    return str(_NEEDS[step.need if isinstance(step, Step) else str(step["need"])])
