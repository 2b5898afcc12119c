"""Background work: which broker carries the ids, and what limits hold.

The broker is never the record of work: a message names a row and may be lost, doubled or late. What must happen
stands in the database, and a sweep that needs no broker sends it again (`jobs.leasing`).
"""

import logging
import os
import time
from collections.abc import Sequence
from pathlib import Path

from celery import Celery, Task, signals
from celery.worker import WorkController
from django.conf import settings

import launchkit.transport  # noqa: F401 - makes folders:// known
from accounts.limits import EVERY
from jobs import limits
from launchkit import logs

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "launchkit.settings")
done = logging.getLogger("launchkit.done")
ASKED_BY = "launchkit_request"  # header of a message
# What the scheduler asks for, and how often, in seconds.
ASKED = {
    "reviews.tasks.sweep": 30,
    "checklists.tasks.sweep": 30,
    "reviews.tasks.remind": 300,
    "accounts.tasks.send_mail": EVERY,
}

app = Celery("launchkit")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


def defaults() -> dict[str, object]:
    """What depends on the settings; Celery asks when the first message is sent or awaited."""
    return {
        "broker_transport_options": redis() if settings.REDIS_URL else folders(settings.VAR_DIR / "broker"),
        "broker_connection_timeout": 1,
        "task_publish_retry": False,
        "task_soft_time_limit": limits.SOFT,
        "task_time_limit": limits.HARD,
        "worker_concurrency": settings.WORKER_CHILDREN,
        "worker_max_tasks_per_child": 4,
        "beat_schedule": {
            task: {"task": task, "schedule": pause, "options": {"expires": pause}} for task, pause in ASKED.items()
        },
        "beat_schedule_filename": str(settings.VAR_DIR / "beat"),
    }


def folders(base: Path) -> dict[str, object]:
    """Options of the embedded transport: files in folders, in and out the same, none kept once read."""
    messages, control = base / "messages", base / "control"
    for folder in (messages, control):
        folder.mkdir(parents=True, exist_ok=True)
    return {
        "data_folder_in": str(messages),
        "data_folder_out": str(messages),
        "control_folder": str(control),
        "store_processed": False,
        "polling_interval": 0.1,
    }


def redis() -> dict[str, object]:
    """Options of Redis: whoever sends gives up within a second, since no page waits for the broker."""
    return {
        "visibility_timeout": limits.VISIBILITY,
        "unacked_restore_interval": 10,
        "unacked_restore_throttle": 1,
        "socket_timeout": 1,
        "socket_connect_timeout": 1,
        "socket_keepalive": True,
        "retry_on_timeout": False,
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0,
        "interval_max": 0,
        "connect_retries_timeout": 1,
    }


@signals.setup_logging.connect
def leave_logging_alone(**_: object) -> None:
    """With a receiver here Celery sets up no logging of its own; Django's settings have done it."""


@signals.before_task_publish.connect
def task_leaves(headers: dict[str, object] | None = None, **_: object) -> None:
    """The request that asks is named in the message, for the lines that the worker writes."""
    if headers is not None and (request := logs.belongs_to().get("request")):
        headers[ASKED_BY] = request


@signals.task_prerun.connect
def task_begins(task: Task, task_id: str, args: Sequence[object] = (), **_: object) -> None:
    if not task.request.is_eager:
        report = args[0] if task.name == "reviews.tasks.make_report" and args else None
        began = time.perf_counter()
        logs.begin(
            task=task_id,
            request=task.request.get(ASKED_BY),
            report=report,
            ms=lambda: round((time.perf_counter() - began) * 1000),
        )


@signals.task_postrun.connect
def task_ends(task: Task, state: str = "", **_: object) -> None:
    """What the scheduler asks for every minute is told only when it goes wrong, by Celery itself."""
    if task.request.is_eager:
        return
    if task.name not in ASKED:
        done.info("worked", extra={"facts": {"name": task.name, "state": state}})
    logs.begin()


@signals.task_prerun.connect
def worker_hears(task: Task | None = None, **_: object) -> None:
    """Each message that a worker or the mail sender hears is a heartbeat; the scheduler sends some every minute."""
    from operations import heartbeats  # app ready

    if task is not None and not task.request.is_eager:
        heartbeats.quietly(heartbeats.beat, _part(task.request.hostname), task.request.hostname)


@signals.worker_shutdown.connect
def worker_ends(sender: WorkController | None = None, **_: object) -> None:
    from operations import heartbeats  # app ready

    if sender is not None:
        heartbeats.quietly(heartbeats.end, _part(sender.hostname), sender.hostname)


def _part(hostname: str) -> str:
    return "mail" if hostname.startswith("mail@") else "worker"


@signals.beat_init.connect
def scheduler_begins(**_: object) -> None:
    signals.after_task_publish.connect(scheduler_sends, weak=False)


def scheduler_sends(**_: object) -> None:
    """Each message that has left the scheduler is a heartbeat of it."""
    from operations import heartbeats  # app ready

    heartbeats.quietly(heartbeats.beat, "scheduler", heartbeats.machine())


app.add_defaults(defaults)
