"""Keeps the parts of launchkit running: starts them, restarts what died or is deaf, gives up loudly.

It needs nothing but the database: every few seconds it sweeps the rows of work (frees, fails, sends again) and
judges the worker by progress there, never by asking it. Signals are passed on; whoever stops it stops all.
"""

import contextlib
import ctypes
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.db import Error, connections

from jobs import limits
from launchkit import sweeps
from reviews import press

log = logging.getLogger(__name__)

CALM = 30  # seconds alive after which a death is no longer held against a part
DEATHS = 5  # deaths in a row, none after a calm time: it keeps dying
GRACE = 25  # seconds to end by oneself after SIGTERM
PR_SET_PDEATHSIG = 1


class KeepsDying(Exception):
    """A part ended again and again; `str()` says which and how."""


@dataclass
class Part:
    """One child process of its own process group, as long as it is wanted."""

    name: str
    command: Sequence[str]
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0
    deaths: int = 0
    due_at: float = 0

    def start(self) -> None:
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(
            self.command,
            env={**os.environ, **self.environment},
            start_new_session=True,
            preexec_fn=_die_with_parent,  # noqa: PLW1509 - there is one thread
        )

    def tend(self) -> None:
        """Start again what ended, later each time. Raises `KeepsDying`."""
        if self.process and self.process.poll() is None:
            return
        if self.process:
            self._mourn(self.process.returncode)
        if time.monotonic() >= self.due_at:
            self.start()

    def _mourn(self, status: int) -> None:
        calm = time.monotonic() - self.started_at > CALM
        self.deaths = 1 if calm else self.deaths + 1
        self.process = None
        if self.deaths >= DEATHS:
            raise KeepsDying(f"{self.name} ended {self.deaths} times in a row, the last time with status {status}")
        wait = 2 ** (self.deaths - 1)
        self.due_at = time.monotonic() + wait
        log.error("%s ended with status %s; starting it again in %s s", self.name, status, wait)

    def stop(self, how: int = signal.SIGTERM) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(how)

    def end(self, by: float) -> None:
        """Wait until `by` (monotonic), then take the whole group away."""
        if not self.process:
            return
        try:
            self.process.wait(max(by - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            log.error("%s did not end in time", self.name)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Supervisor:
    """`ready` is called once, when every part has been started and `answers` says yes."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self.parts = parts
        self.worker = next((part for part in parts if part.name == "worker"), None)
        self.stopping = False
        self.idle_since: float | None = None

    def run(self, *, answers: Callable[[], bool], ready: Callable[[], None]) -> None:
        """Until a signal comes. Raises `KeepsDying` when a part cannot be kept alive."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._stop)
        told, swept_at = False, 0.0
        try:
            while not self.stopping:
                for part in self.parts:
                    part.tend()
                if not told and answers():
                    told = True
                    ready()
                if time.monotonic() - swept_at >= limits.SWEEP:
                    swept_at = time.monotonic()
                    self.sweep()
                time.sleep(0.2)
        finally:
            self._end()

    def _stop(self, number: int, frame: object) -> None:
        self.stopping = True

    def _end(self) -> None:
        for part in self.parts:
            part.stop()
        by = time.monotonic() + GRACE
        for part in self.parts:
            part.end(by)

    def sweep(self) -> None:
        """A database out of reach is no reason to fall: it is asked again a few seconds later."""
        try:
            sweeps.run()
            self._listen(press.idle())
        except Error as error:
            log.error("the sweep could not reach the database: %s", error)
        finally:
            connections.close_all()

    def _listen(self, idle: bool) -> None:
        """Restart a worker that hears nothing: it lives, work waits and was sent, and nobody does it."""
        if not idle or self.worker is None:
            self.idle_since = None
            return
        self.idle_since = self.idle_since or time.monotonic()
        if time.monotonic() - max(self.idle_since, self.worker.started_at) > limits.DEAF:
            log.error("the worker does not hear what waits; starting it again")
            self.idle_since = None
            self.worker.stop(signal.SIGKILL)


def _die_with_parent() -> None:
    """Linux only: a killed supervisor leaves no orphans holding the port."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
