"""Asks which locked packages have known vulnerabilities, and believes no answer that leaves one of them out.

Usage: python -m supply.audit [--lock FILE] [options of pip-audit]

Exit status: 0 every pin was audited and nothing is known against it; 1 something is known; 2 not every pin was
audited, or the service could not be asked. pip-audit itself says "no known vulnerabilities" of a package that the
service has never heard of, and of an empty list.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from supply import lock
from supply.lock import Pin

CLEAN, KNOWN, UNSURE = 0, 1, 2
WORDS = {CLEAN: "nothing known", KNOWN: "FAILED: known vulnerabilities", UNSURE: "FAILED: not everything was audited"}
READ = ("--require-hashes", "--disable-pip")
QUIET = ("--format", "json", "--progress-spinner", "off", "--timeout", "20")


@dataclass(frozen=True)
class Finding:
    """What came back of one pin: the vulnerabilities known, or why nobody can say."""

    pin: Pin
    known: tuple[str, ...] = ()
    unasked: str = ""

    @property
    def words(self) -> str:
        if self.unasked:
            return f"NOT AUDITED: {self.unasked}"
        return ", ".join(self.known) or "nothing known"


def asked(path: Path, options: list[str]) -> str:
    """pip-audit's report of a lock, read as it stands: nothing is resolved or installed. Empty when there is none."""
    command = [sys.executable, "-m", "pip_audit", "-r", str(path), *READ, *QUIET, *options]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if not done.stdout.strip():
        reason = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        print(f"The advisory service could not be asked: {reason}", file=sys.stderr)
    return done.stdout


def findings(pins: list[Pin], report: str) -> list[Finding]:
    """One for each pin; whatever the report does not name in just this version was not audited."""
    told = {one["name"]: one for one in json.loads(report)["dependencies"]} if report.strip() else {}
    return [_finding(pin, told.get(pin.name, {})) for pin in pins]


def _finding(pin: Pin, told: Mapping[str, Any]) -> Finding:
    if told.get("version") == pin.version and "vulns" in told:
        return Finding(pin, tuple(_called(one) for one in told["vulns"]))
    return Finding(pin, unasked=told.get("skip_reason", "no answer"))


def _called(vulnerability: Mapping[str, Any]) -> str:
    mended = " or ".join(vulnerability["fix_versions"]) or "no version yet"
    return f"{vulnerability['id']} (mended in {mended})"


def verdict(found: list[Finding]) -> int:
    if any(one.known for one in found):
        return KNOWN
    return UNSURE if not found or any(one.unasked for one in found) else CLEAN


def show(found: list[Finding]) -> None:
    for one in found:
        print(f"{one.pin.name:<24}{one.pin.version:<16}{one.words}")
    audited = sum(not one.unasked for one in found)
    print("-" * 78)
    print(f"{audited} of {len(found)} locked packages audited, {WORDS[verdict(found)]}", flush=True)


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="make audit", description=__doc__.split("\n")[0])
    parser.add_argument("--lock", type=Path, default=lock.RUNTIME, help="the lock to audit (requirements.txt)")
    told, options = parser.parse_known_args(words)
    if not told.lock.is_file():
        parser.error(f"there is no file {told.lock}")
    found = findings(lock.pins(told.lock), asked(told.lock, options))
    show(found)
    return verdict(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
