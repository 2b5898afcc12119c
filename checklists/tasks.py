"""What the scheduler asks for. Each is safe to run twice."""

from celery import shared_task

from checklists import tallying


@shared_task
def sweep() -> None:
    """A second pair of eyes: the supervisor sweeps by itself, every few seconds and without a broker."""
    tallying.sweep()
