"""Who works: web servers, workers and the scheduler, judged by when each last did what it is for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import DateTimeField
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts import limits as mail_limits
from jobs import limits
from operations import heartbeats
from operations.findings import Finding, Level, lasting
from operations.models import Heartbeat

Part = Heartbeat.Part

# Seconds of silence that are usual: a worker hears nothing while it makes a report, nor the sender while it sends.
USUAL = {Part.WEB: 60, Part.WORKER: limits.HARD + 60, Part.MAIL: mail_limits.HARD + 60, Part.SCHEDULER: 90}

ADVICE = {
    Part.WEB: gettext_lazy("Start it with: manage.py launch web."),
    Part.WORKER: gettext_lazy(
        "Nothing is made in the background. Start it with: manage.py launch worker. If it runs, it hears no messages: "
        "see whether the broker answers and whether the scheduler runs, then start it again."
    ),
    Part.MAIL: gettext_lazy(
        "No mail goes out. Start it with: manage.py launch mail. If it runs, it hears no messages: see whether the "
        "broker answers and whether the scheduler runs, then start it again."
    ),
    Part.SCHEDULER: gettext_lazy(
        "Start it with: manage.py launch beat. If it runs, its messages do not leave: see whether the broker answers."
    ),
}


@dataclass(frozen=True)
class Process:
    part: Part
    name: str
    silent_for: timedelta
    row: Heartbeat

    @property
    def heard(self) -> bool:
        return self.silent_for.total_seconds() <= USUAL[self.part]

    @property
    def since(self) -> str:
        return lasting(self.silent_for)


def known() -> list[Process]:
    """Every process that spoke within a day, without those that another one has replaced."""
    spoke = Heartbeat.objects.filter(seen_at__gte=Now() - heartbeats.FORGOTTEN)
    rows = list(spoke.annotate(now=Now(output_field=DateTimeField())))
    living = [row for row in rows if not any(_replaces(other, row) for other in rows)]
    return [Process(Part(row.part), row.name, max(row.now - row.seen_at, timedelta(0)), row) for row in living]


def _replaces(other: Heartbeat, row: Heartbeat) -> bool:
    """Did `other` begin after `row` had fallen silent, for the same part and on the same machine?

    Of the scheduler there is one in all, wherever it runs.
    """
    same = other.part == row.part and (other.machine == row.machine or row.part == Part.SCHEDULER)
    return same and other.pk != row.pk and other.since > row.seen_at


def findings(found: Sequence[Process]) -> list[Finding]:
    return [_judged(part, [each for each in found if each.part == part]) for part in Part]


def _judged(part: Part, found: Sequence[Process]) -> Finding:
    key, title = f"process-{part.value}", str(part.label).capitalize()
    heard = [each for each in found if each.heard]
    if not found:
        return Finding(key, title, Level.ACT, _("None has been heard within a day."), str(ADVICE[part]))
    last = lasting(min(each.silent_for for each in found))
    if not heard:
        told = _("Nothing has been heard for %(time)s: it has stopped, or is deaf.") % {"time": last}
        return Finding(key, title, Level.ACT, told, str(ADVICE[part]))
    told = ngettext("%(count)d works, heard %(time)s ago.", "%(count)d work, the last heard %(time)s ago.", len(heard))
    told %= {"count": len(heard), "time": last}
    if silent := [each.name for each in found if not each.heard]:
        told += " " + _("Silent: %(names)s.") % {"names": ", ".join(silent)}
        return Finding(key, title, Level.WATCH, told, _("If these should run, start them again."))
    return Finding(key, title, Level.FINE, told)
