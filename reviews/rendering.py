"""The PDF of one sealed record: the record's HTML, given to a child process with limits, taken back as bytes."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_noop

from jobs import limits
from jobs.runner import Hold, Hopeless, LeaseLost
from reviews import paper, render_child
from reviews.models import Report

CHILD = 60  # seconds that one rendering may take; inside `limits.SOFT`
FOLDER = "launchkit-report-"
MIB = 1024 * 1024
OURS = ("django", "segno")  # packages that the HTML is made with
NO_PANGO = gettext_noop(
    "Pango is missing on this machine; without it no PDF can be made. An administrator installs it with: "
    "apt-get install libpango-1.0-0 libpangoft2-1.0-0"
)
TOO_MUCH = gettext_noop(
    "Making it took more time or memory than a report may take. Shorten the longest notes and texts of the record."
)
FONTCONFIG = (
    "<?xml version='1.0'?><!DOCTYPE fontconfig SYSTEM 'fonts.dtd'><fontconfig><cachedir>{}</cachedir></fontconfig>"
)


class CannotRender(Hopeless):
    """The record, or this machine, lets no PDF be made."""


@dataclass(frozen=True)
class Allowance:
    """What one rendering may use: seconds (wall and processor), bytes of memory, bytes of file."""

    seconds: int = CHILD
    memory: int = 1536 * MIB
    file: int = 64 * MIB


@dataclass(frozen=True)
class Made:
    """A PDF and what it was made with: the same record, template, site and versions give the same bytes."""

    pdf: bytes
    made_with: dict[str, str]


def render(report: Report, *, hold: Hold) -> Made:
    """Render the sealed record of a report. `hold` is called every few seconds; False stops the work."""
    decision = report.decision
    sealed = (decision.content, decision.sha256) if decision else ()
    record = paper.Record(report.snapshot.content, report.snapshot.sha256, *sealed)
    return pdf(paper.html(record, report.language), hold=hold)


def pdf(html: str, *, hold: Hold = lambda: True, allowance: Allowance = Allowance()) -> Made:
    """Render HTML in a child process. Raises `CannotRender`, `LeaseLost`; anything else is worth another try."""
    _clear()
    with tempfile.TemporaryDirectory(prefix=FOLDER) as folder:
        output = Path(folder) / "report.pdf"
        child = _start(Path(folder), output, allowance)
        try:
            told, complaint = _wait(child, html.encode(), hold, allowance.seconds)
        finally:
            _end(child)
        _judge(child.returncode, complaint)
        return Made(output.read_bytes(), json.loads(told) | _ours(html))


def _clear() -> None:
    """Take away what workers that were killed have left behind: no attempt takes so long that it is still needed."""
    for left in Path(tempfile.gettempdir()).glob(f"{FOLDER}*"):
        with suppress(OSError):  # another worker was quicker, or it is somebody else's
            if time.time() - left.lstat().st_mtime > limits.ATTEMPT:
                shutil.rmtree(left, ignore_errors=True)


def _start(folder: Path, output: Path, allowance: Allowance) -> subprocess.Popen[bytes]:
    (folder / "fonts.conf").write_text(FONTCONFIG.format(folder / "cache"))
    command = [sys.executable, "-I", render_child.__file__, str(output)]
    return subprocess.Popen(
        [*command, str(allowance.seconds), str(allowance.memory), str(allowance.file)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=folder,
        env={
            "PATH": os.environ.get("PATH", ""),
            "LANG": "C.UTF-8",
            "HOME": str(folder),
            "TMPDIR": str(folder),
            "FONTCONFIG_FILE": str(folder / "fonts.conf"),
        },
    )


def _wait(child: subprocess.Popen[bytes], html: bytes, hold: Hold, seconds: int) -> tuple[bytes, bytes]:
    """Wait for the child while holding on to the lease; too long is too much."""
    end = time.monotonic() + seconds
    rest: bytes | None = html
    while True:
        try:
            return child.communicate(rest, timeout=min(limits.RENEW, max(end - time.monotonic(), 0.1)))
        except subprocess.TimeoutExpired:
            rest = None  # what was not written yet is remembered; giving it twice is refused
            if time.monotonic() >= end:
                raise CannotRender(TOO_MUCH) from None
            if not hold():
                raise LeaseLost from None


def _end(child: subprocess.Popen[bytes]) -> None:
    """Whatever happened, nothing of the child is left."""
    if child.poll() is None:
        child.kill()
        child.wait()
    for pipe in (child.stdin, child.stdout, child.stderr):
        if pipe:
            pipe.close()


def _judge(status: int, complaint: bytes) -> None:
    if status == render_child.NO_PANGO:
        raise CannotRender(NO_PANGO)
    if status == render_child.TOO_MUCH or status < 0:  # a negative status: killed at one of its limits
        raise CannotRender(TOO_MUCH)
    if status:
        raise RuntimeError(complaint.decode(errors="replace")[-2000:])


def _ours(html: str) -> dict[str, str]:
    return {
        "html": hashlib.sha256(html.encode()).hexdigest(),
        "site": settings.ADDRESS,
        **{name: version(name) for name in OURS},
    }
