"""Reports that wait, and those that failed: by the clock of the database, as they are made."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, DateTimeField, Exists, F, Max, Min, OuterRef, Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jobs import leasing, limits
from operations.findings import Finding, Level, lasting
from reviews import reports
from reviews.models import Report

SLOW, STUCK = timedelta(seconds=60), timedelta(seconds=180)  # how long a report has waited
REMEMBERED = timedelta(days=7)  # failures longer ago are not spoken of any more
SHOWN = 20


@dataclass(frozen=True)
class Failed:
    """A report that failed and that nothing has taken the place of; `cause` is a sentence (untranslated)."""

    report: Report
    title: str
    cause: str


def waiting() -> Finding:
    """The queue of reports. Since when one waits follows from its deadline, which each new start sets anew."""
    live = leasing.PENDING & Q(deadline__gt=Now())
    queued = live & Q(state=Report.State.QUEUED)
    told = Report.objects.aggregate(
        waiting=Count("pk", filter=queued),
        unsent=Count("pk", filter=queued & Q(published_at__isnull=True)),
        running=Count("pk", filter=live & Q(state=Report.State.RUNNING)),
        first=Min("deadline", filter=queued),
        now=Max(Now(output_field=DateTimeField())),
    )
    age = told["now"] - told["first"] + timedelta(seconds=limits.DEADLINE) if told["first"] else timedelta(0)
    return _queue(told["waiting"], told["running"], told["unsent"], age)


def _queue(waiting: int, running: int, unsent: int, age: timedelta) -> Finding:
    key, title = "queue", _("Reports in the making")
    sentence = ngettext("%(count)d is being made.", "%(count)d are being made.", running) % {"count": running}
    sentence = sentence if running else _("None is being made.")
    if not waiting:
        return Finding(key, title, Level.FINE, _("None waits.") + " " + sentence)
    told = {"count": waiting, "time": lasting(age)}
    waits = ngettext("%(count)d waits, for %(time)s.", "%(count)d wait, the oldest for %(time)s.", waiting) % told
    sentence = f"{waits} {sentence}"
    if age <= SLOW:
        return Finding(key, title, Level.FINE, sentence)
    advice = (
        _("No worker has been told of some of them: see whether the broker answers. They are sent again by themselves.")
        if unsent
        else _("See whether a worker runs, or start more of them.")
    )
    return Finding(key, title, Level.ACT if age > STUCK else Level.WATCH, sentence, advice)


def failed() -> tuple[Finding, list[Failed]]:
    """Reports of the last week that failed, the latest first; not those that were made since after all."""
    found = _failed()
    count = found.count()
    shown = [Failed(one, reports.subject(one), leasing.status(one).cause) for one in found[:SHOWN]] if count else []
    key, title = "failed", _("Reports that failed")
    if not count:
        return Finding(key, title, Level.FINE, _("None in the last seven days.")), []
    told = ngettext("%(count)d in the last seven days.", "%(count)d in the last seven days.", count) % {"count": count}
    return Finding(
        key,
        title,
        Level.ACT,
        told,
        _("Each stands with its cause on the operations page, where it is tried again with one press."),
    ), shown


def one_failed(pk: int) -> Report | None:
    return _failed().filter(pk=pk).first()


def _failed() -> QuerySet[Report]:
    since = Now() - REMEMBERED
    same = Report.objects.filter(record=OuterRef("record"), language=OuterRef("language"), form=OuterRef("form"))
    alive = same.exclude(pk=OuterRef("pk")).exclude(state=Report.State.FAILED)
    rows = Report.objects.filter(
        Q(state=Report.State.FAILED, finished_at__gte=since) | leasing.LATE & Q(deadline__gte=since)
    )
    rows = reports.named(rows.filter(~Exists(alive))).select_related("service__team")
    return rows.order_by(F("finished_at").desc(nulls_first=True), "-pk")
