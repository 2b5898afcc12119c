"""A worker that is killed at one step of a report: `python -m tests.faults.dying STEP PK`, a process of its own."""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import django


def dies(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def dies_after(act: Callable) -> Callable:
    def done(*given: object, **told: object) -> None:
        act(*given, **told)
        dies()

    return done


def main(step: str, pk: int) -> None:
    django.setup()
    from jobs import leasing  # app ready
    from reviews import press, rendering, shelf  # app ready

    if step == "claimed":
        rendering.render = dies
    elif step == "rendered":
        shelf.keep = dies
    elif step == "half-stored":
        Path.replace = dies
    elif step == "stored":
        leasing.finish = dies
    elif step == "finished":
        leasing.finish = dies_after(leasing.finish)
    press.make(pk)


STEPS = ("claimed", "rendered", "half-stored", "stored", "finished")

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "launchkit.settings")
    main(sys.argv[1], int(sys.argv[2]))
