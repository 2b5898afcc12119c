"""What a worker does when a message arrives: an id comes in, one call goes out. Each is safe to run twice."""

from celery import shared_task

import checklists.reminding
from jobs import limits
from reviews import press, reminding


@shared_task(soft_time_limit=limits.SOFT, time_limit=limits.HARD)
def make_report(pk: int) -> None:
    press.make(pk)


@shared_task(soft_time_limit=limits.SOFT, time_limit=limits.HARD)
def sweep() -> None:
    """A second pair of eyes: the supervisor sweeps by itself, every few seconds and without a broker."""
    press.sweep()


@shared_task
def remind() -> None:
    """Days that have come nearer; safe to run at any time, and after any time without."""
    checklists.reminding.remind()
    reminding.remind()
