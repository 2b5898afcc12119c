"""A job from a message to its end: sent, claimed, done, and finished once; and seen to when something got stuck.

A kind of work is a `Job`: which rows, which task of Celery, and how one row is done. What is done here is the
machine's: the row says all there is to know, and is changed through `leasing` alone.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from celery import current_app
from django.db.models import Count, Q, QuerySet

from jobs import leasing
from jobs.leasing import Swept
from jobs.models import Work

log = logging.getLogger(__name__)
Hold = Callable[[], bool]


class LeaseLost(Exception):
    """Somebody else does this row now, or it is too late for it."""


class Hopeless(Exception):
    """Trying again would not help; `str()` is the sentence (untranslated) that says why."""


@dataclass(frozen=True)
class Job:
    """A kind of work.

    `do(pk, hold)` does one row and returns the columns of its result. It calls `hold` at least every `limits.RENEW`
    seconds, which renews the lease, and raises `LeaseLost` when that gives False; it raises `Hopeless` when no attempt
    can succeed. After anything else that it raises, and after its process was killed, it is called again.
    """

    model: type[Work]
    task: str
    do: Callable[[int, Hold], dict[str, object]]

    @property
    def rows(self) -> QuerySet:
        return self.model._default_manager.all()

    def __str__(self) -> str:
        return self.model._meta.model_name or ""


def send(job: Job, pk: int) -> bool:
    """Tell a worker of a row: one try, briefly. False when the broker is away; the row then stays unsent."""
    try:
        current_app.send_task(job.task, args=[pk], retry=False, ignore_result=True)
    except Exception as error:  # whatever a broker can throw: the sweep sends again
        log.warning("%s %s could not be sent to a worker: %s", job, pk, error)
        return False
    leasing.published(job.rows, pk)
    return True


def run(job: Job, pk: int) -> None:
    """Do one row, if it is to be had: claim, do, finish; each step may be cut off at any time."""
    token = leasing.claim(job.rows, pk)
    if token is None:
        return
    try:
        result = job.do(pk, lambda: leasing.renew(job.rows, pk, token))
    except LeaseLost:
        log.warning("%s %s went to another worker", job, pk)
    except Hopeless as reason:
        log.warning("%s %s cannot be made: %s", job, pk, reason)
        leasing.fail(job.rows, pk, token, str(reason))
    except Exception:
        log.exception("%s %s: an attempt went wrong", job, pk)
        leasing.release(job.rows, pk, token)
    else:
        leasing.finish(job.rows, pk, token, **result)


def sweep(job: Job) -> Swept:
    """Free, fail and send again what got stuck. Stops sending at the first failure: the broker is away."""
    swept = leasing.sweep(job.rows)
    for pk in list(leasing.unheard(job.rows)):
        if not send(job, pk):
            break
    return swept


def backlog(job: Job) -> dict[str, int]:
    """How many rows wait, and how many of them no worker has been told of yet."""
    waiting = Q(state=Work.State.QUEUED)
    return job.rows.aggregate(
        waiting=Count("pk", filter=waiting), unsent=Count("pk", filter=waiting & Q(published_at__isnull=True))
    )


def idle(job: Job) -> bool:
    """Does a row wait that workers have been told of, while none is being done?"""
    return leasing.idle(job.rows)
