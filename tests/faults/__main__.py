"""Runs every fault that launchkit promises to stand, and ends with one table; the exit status says whether all held.

Usage: python -m tests.faults [--fast] [FAULT …]       all when none is named; FAULT is such as F12
       python -m tests.faults --mutants [GUARD …]      with each guard taken away, its proof must fail

Servers, workers and broker are of this run alone. `--fast`: a tenth of the counts, without what waits long or is
also shown by `make test`.
"""
# ruff: noqa: T201

import argparse
import json
import signal
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from tests import servers
from tests.faults import mutants
from tests.faults.table import FAULTS, ROWS, SERVERS, Fault, Proof
from tests.run import TWO, Run

PATIENT = ("-o", "faulthandler_timeout=3600", "-o", "python_files=proof_*.py test_*.py", "-p", "no:randomly")


@dataclass(frozen=True)
class Shown:
    """What one test came to. `measured`: what, figure, limit and unit of each thing that it measured."""

    part: str
    place: str
    good: bool
    seconds: float
    measured: tuple[tuple[str, float, float, str], ...]


def told() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make faults", description=__doc__.split("\n")[0])
    parser.add_argument("--fast", action="store_true", help="the fast half")
    parser.add_argument("--mutants", action="store_true", help="show that each guard is needed")
    parser.add_argument("faults", nargs="*", metavar="FAULT", help="such as F12; all when none is named")
    return parser.parse_args()


def wanted(names: Iterable[str], fast: bool) -> list[tuple[Fault, tuple[Proof, ...]]]:
    """The faults that were named, each with the proofs that are to run."""
    named = set(names)
    if strangers := named - {key for fault in FAULTS for key in numbers(fault)}:
        sys.exit(f"no such fault: {', '.join(sorted(strangers))}")
    faults = [fault for fault in FAULTS if not named or named & numbers(fault)]
    return [(fault, tuple(proof for proof in fault.proofs if not (fast and proof.slow))) for fault in faults]


def numbers(fault: Fault) -> set[str]:
    """`F3–F4` is both."""
    ends = [int(end.strip("F")) for end in fault.key.split("–")]
    return {fault.key} | {f"F{number}" for number in range(ends[0], ends[-1] + 1)}


def played(run: Run, part: str, proofs: Iterable[Proof], more: dict[str, str], *how: str) -> list[Shown]:
    places = sorted({f"tests/{proof.place}" for proof in proofs})
    if not places:
        return []
    report = run.folder / f"{part}.xml"
    options = [*PATIENT, *how, f"--junitxml={report}", "-q", "--durations=5"]
    run.call(["python", "-m", "pytest", *places, *options], more)
    return list(read(part, report)) if report.exists() else []


def read(part: str, report: Path) -> Iterator[Shown]:
    for case in ElementTree.parse(report).getroot().iter("testcase"):
        place = case.get("classname", "").removeprefix("tests.").replace(".", "/") + f".py::{case.get('name')}"
        good = not [child for child in case if child.tag in ("failure", "error", "skipped")]
        figures = [json.loads(one.get("value", "")) for one in case.iter("property") if one.get("name") == "measured"]
        yield Shown(part, place, good, float(case.get("time", 0)), tuple(tuple(figure) for figure in figures))


def of(proof: Proof, shown: Iterable[Shown]) -> list[Shown]:
    return [
        one for one in shown if one.place.partition("[")[0] == proof.place or one.place.startswith(f"{proof.place}::")
    ]


def lines(fault: Fault, proofs: Iterable[Proof], shown: list[Shown], fast: bool) -> tuple[bool, list[str]]:
    """How a fault went, and its lines in the table: one for each figure, one for what was only shown."""
    if fault.waits:
        return True, [line(fault, "waits", f"{fault.what}: {fault.waits}")]
    if not proofs:
        return fast, [
            line(fault, "later", f"{fault.what}: not in the fast half, which leaves to `make test` what is shown there")
        ]
    found, quiet, good = [], 0, True
    for proof in proofs:
        tests = of(proof, shown)
        good = good and bool(tests) and all(one.good for one in tests)
        if not tests:
            found.append(line(fault, "FAILED", f"{proof.place} did not run"))
        for one in tests:
            if not one.good:
                found.append(line(fault, "FAILED", f"{one.place} ({one.part})"))
            found += [line(fault, "ok", f"{what}", figured(*rest)) for what, *rest in one.measured if one.good]
            quiet += one.good and not one.measured
    if quiet:
        found.append(line(fault, "ok" if good else "FAILED", f"{fault.what}: {quiet} tests hold"))
    return good, found


def figured(figure: float, limit: float, unit: str) -> str:
    number = f"{figure:.1f} s" if unit == "s" else f"{figure:.0f} {unit}".strip()
    return f"measured {number}, limit {limit:g} {unit}".strip()


def line(fault: Fault, word: str, what: str, measured: str = "") -> str:
    return f"{fault.key:<9}{word:<8}{what}  {measured}".rstrip()


def main() -> int:
    given, began = told(), time.monotonic()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the servers are stopped
    with servers.folder() as folder, ExitStack() as stack:
        run = Run(folder, stack)
        if given.mutants:
            return mutants.run(run, given.faults)
        faults = wanted(given.faults, given.fast)
        proofs = {on: [p for _fault, all_of in faults for p in all_of if p.on == on] for on in (SERVERS, ROWS)}
        fast = ("--tenth",) if given.fast else ()
        shown = played(run, "rows-sqlite", proofs[ROWS], {}, *fast)
        shown += played(run, "rows-postgresql", proofs[ROWS], run.postgresql, *fast) if proofs[ROWS] else []
        shown += played(run, "servers", proofs[SERVERS], {}, *fast, *TWO)  # they mostly wait: two files at a time
    results = [lines(fault, all_of, shown, given.fast) for fault, all_of in faults]
    print("\n" + "-" * 110)
    for _good, told_of in results:
        print("\n".join(told_of))
    bad = sum(not good for good, _told in results)
    waiting = sum(bool(fault.waits) for fault, _proofs in faults)
    how = f"FAILED: {bad}" if bad else "all that is promised held"
    print(f"total: {len(faults)} lines of faults, {waiting} wait, {time.monotonic() - began:.0f} s, {how}", flush=True)
    return int(bool(bad))


if __name__ == "__main__":
    sys.exit(main())
