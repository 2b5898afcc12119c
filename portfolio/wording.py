"""Where a service stands, in words: the sentences of the list and of the service page."""

from collections.abc import Iterable
from datetime import date, datetime

from accounts.calendar import in_words
from accounts.words import gettext as _
from accounts.words import ngettext
from checklists.gates import Counts


def waiting(since: datetime) -> str:
    return _("Waiting for a decision since %(day)s") % {"day": in_words(since)}


def refused(at: datetime) -> str:
    return _("No-go decided on %(day)s") % {"day": in_words(at)}


def reopened(at: datetime) -> str:
    return _("Reopened on %(day)s") % {"day": in_words(at)}


def reopened_before(stages: Iterable[object]) -> str:
    return _("Reopened: %(stages)s") % {"stages": ", ".join(str(stage) for stage in stages)}


def judged(counts: Counts) -> str:
    if counts.judged == counts.asked:
        return ngettext("%(n)d entry, judged", "All %(n)d entries judged", counts.asked) % {"n": counts.asked}
    return _("%(judged)d of %(asked)d judged") % {"judged": counts.judged, "asked": counts.asked}


def progress(counts: Counts) -> str:
    """How much is judged and, once something is, what stands in the way."""
    lacking = missing(counts) if counts.judged else ""
    if not lacking:
        return judged(counts)
    return _("%(judged)s; in the way: %(lacking)s") % {"judged": judged(counts), "lacking": lacking}


def missing(counts: Counts) -> str:
    """What keeps the gate from a plain go: `2 golden rules, 1 deliverable`; empty when no entry does."""
    low = counts.questions_required_zero + counts.questions_required_unrated + counts.questions_required_one
    lacking = [
        (counts.rules_unmet, lambda n: ngettext("%(n)d golden rule", "%(n)d golden rules", n)),
        (counts.deliverables_required_open, lambda n: ngettext("%(n)d deliverable", "%(n)d deliverables", n)),
        (low, lambda n: ngettext("%(n)d question", "%(n)d questions", n)),
        (counts.items_required_open, lambda n: ngettext("%(n)d checklist item", "%(n)d checklist items", n)),
    ]
    return ", ".join(words(number) % {"n": number} for number, words in lacking if number)


def conditions(still_open: int, overdue: int) -> str:
    """`1 condition overdue`, `2 conditions open`, or nothing."""
    if overdue:
        return ngettext("%(n)d condition overdue", "%(n)d conditions overdue", overdue) % {"n": overdue}
    if still_open:
        return ngettext("%(n)d condition open", "%(n)d conditions open", still_open) % {"n": still_open}
    return ""


def days_until(day: date, on: date) -> str:
    """`in 23 days`, `tomorrow`, `today`, `3 days ago`."""
    days = (day - on).days
    if days == 0:
        return _("today")
    if days == 1:
        return _("tomorrow")
    if days > 1:
        return ngettext("in %(n)d day", "in %(n)d days", days) % {"n": days}
    return ngettext("%(n)d day ago", "%(n)d days ago", -days) % {"n": -days}
