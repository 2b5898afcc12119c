"""What is seen to every few seconds, with nothing but the database: each a row that waits for a time, none a person's.

The supervisor calls `run`; the scheduler asks for the same tasks more rarely, through the broker.
"""

import logging

from django.db import Error, close_old_connections

from checklists import tallying
from reviews import press

log = logging.getLogger(__name__)

SWEEPS = (press.sweep, tallying.sweep)


def run() -> None:
    """One after the other; what one cannot reach is asked again a few seconds later, and keeps no other back."""
    for sweep in SWEEPS:
        try:
            sweep()
        except Error as error:
            log.error("a sweep (%s) could not reach the database: %s", sweep.__module__, error)
            close_old_connections()  # the next one is not left with a connection that was cut
