"""The press: sends reports to workers, makes them there, and frees what got stuck.

What it does is the machine's: the row of a report says all there is to know, and is changed through `leasing` alone.
"""

import hashlib
import logging

from celery import current_app
from django.db.models import Count, Q

from reviews import leasing, rendering, shelf
from reviews.leasing import Swept
from reviews.models import Report

log = logging.getLogger(__name__)


def publish(pk: int) -> bool:
    """Send the id to a worker: one try, briefly. False when the broker is away; the row then stays unsent."""
    try:
        current_app.send_task("reviews.tasks.make_report", args=[pk], retry=False, ignore_result=True)
    except Exception as error:  # whatever a broker can throw: the sweep sends again
        log.warning("report %s could not be sent to a worker: %s", pk, error)
        return False
    leasing.published(Report.objects.all(), pk)
    return True


def make(pk: int) -> None:
    """Render one report and keep its file: claim, render, store, finish; each step may be cut off at any time."""
    rows = Report.objects.all()
    token = leasing.claim(rows, pk)
    if token is None:
        return
    try:
        report = rows.select_related("snapshot", "decision").get(pk=pk)
        made = rendering.render(report, hold=lambda: leasing.renew(rows, pk, token))
        name = shelf.keep(pk, made.pdf)
    except rendering.LeaseLost:
        log.warning("report %s went to another worker", pk)
    except rendering.CannotRender as reason:
        log.warning("report %s cannot be made: %s", pk, reason)
        leasing.fail(rows, pk, token, str(reason))
    except Exception:
        log.exception("report %s: an attempt went wrong", pk)
        leasing.release(rows, pk, token)
    else:
        sha256 = hashlib.sha256(made.pdf).hexdigest()
        leasing.finish(rows, pk, token, file=name, size=len(made.pdf), sha256=sha256, made_with=made.made_with)


def sweep() -> Swept:
    """Free, fail and send again what got stuck. Stops sending at the first failure: the broker is away."""
    swept = leasing.sweep(Report.objects.all())
    for pk in list(leasing.unheard(Report.objects.all())):
        if not publish(pk):
            break
    return swept


def backlog() -> dict[str, int]:
    """How many reports wait, and how many of them no worker has been told of yet."""
    waiting = Q(state=Report.State.QUEUED)
    return Report.objects.aggregate(
        waiting=Count("pk", filter=waiting), unsent=Count("pk", filter=waiting & Q(published_at__isnull=True))
    )


def idle() -> bool:
    """Does a report wait that workers have been told of, while none is being made?"""
    return leasing.idle(Report.objects.all())
