"""Processes and what they have started, out of /proc."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path


def children(pid: int) -> list[int]:
    """Direct children of a process, out of /proc."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(status.read_text().rsplit(")", 1)[1].split()[1])
        except OSError:  # it ended meanwhile
            continue
        if parent == pid:
            found.append(int(status.parent.name))
    return found


def kill_family(pid: int) -> None:
    family = [pid, *descendants(pid)]
    for one in family:
        os.kill(one, signal.SIGKILL)


def descendants(pid: int) -> Iterator[int]:
    for child in children(pid):
        yield child
        yield from descendants(child)
