"""The lock that `pip-compile` wrote, as pins."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUNTIME = ROOT / "requirements.txt"
PIN = re.compile(r"([a-z0-9._-]+)==([^\s;]+)")
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
WANTED_BY = re.compile(r"^ +# (?:via|  ) ?([a-z0-9._-]+)", flags=re.MULTILINE)
OURSELVES = "launchkit"


@dataclass(frozen=True)
class Pin:
    name: str
    version: str
    hashes: tuple[str, ...]
    wanted_by: tuple[str, ...]


def pins(lock: Path) -> list[Pin]:
    """In the order of the lock, which is that of the names."""
    return list(_pins(lock.read_text()))


def _pins(text: str) -> Iterator[Pin]:
    for block in re.split(r"\n(?=[a-z])", text):
        if found := PIN.match(block):
            yield Pin(found[1], found[2], tuple(HASH.findall(block)), tuple(WANTED_BY.findall(block)))
