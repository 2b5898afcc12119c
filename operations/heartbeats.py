"""Processes say that they do their work, each in a row of its own; the clock is the database's.

A worker says so when it hears a message, the scheduler when it has sent one: one that lives but is deaf falls silent.
These are the machine's doings and leave no trail.
"""

import logging
import os
import socket
import threading
from collections.abc import Callable
from datetime import timedelta

from django.db import Error, connection
from django.db.models.functions import Now

from operations.models import Heartbeat

log = logging.getLogger(__name__)

EVERY = 15  # seconds between two of a web server
FORGOTTEN = timedelta(days=1)  # after so long a silent process is no longer spoken of


def beat(part: str, name: str) -> None:
    """This process works at this moment. The first time also forgets who has been silent for a day."""
    found = Heartbeat.objects.filter(part=part, name=name)
    if found.update(seen_at=Now()):
        return
    Heartbeat.objects.filter(part=part, seen_at__lt=Now() - FORGOTTEN).delete()
    Heartbeat.objects.bulk_create([Heartbeat(part=part, name=name, since=Now(), seen_at=Now())], ignore_conflicts=True)


def end(part: str, name: str) -> None:
    """This process ends in order, and is not to be missed."""
    Heartbeat.objects.filter(part=part, name=name).delete()


def quietly(act: Callable[[str, str], None], part: str, name: str) -> None:
    """`beat` or `end` from where nobody may be disturbed by a database out of reach."""
    try:
        act(part, name)
    except Error as error:
        connection.close()  # a broken one is not used again
        log.warning("%s %s could not say how it is: %s", part, name, error)


def keep(part: str, *, stop: threading.Event | None = None, every: float = EVERY) -> threading.Thread:
    """Beat for as long as this process lives and is not stopped, on a connection that is closed each time."""
    name, stop = process(), stop or threading.Event()

    def beating() -> None:
        while True:
            quietly(beat, part, name)
            connection.close()
            if stop.wait(every):
                return

    thread = threading.Thread(target=beating, name="heartbeat", daemon=True)
    thread.start()
    return thread


def process() -> str:
    return f"{machine()}:{os.getpid()}"


def machine() -> str:
    return socket.gethostname().replace(":", "-")
