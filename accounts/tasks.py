"""What the worker of the queue `mail` does; on its own, so that a mail server that hangs holds up nothing else."""

from celery import shared_task

from accounts import limits, posting


@shared_task(soft_time_limit=limits.SOFT, time_limit=limits.HARD)
def send_mail() -> None:
    posting.run()
