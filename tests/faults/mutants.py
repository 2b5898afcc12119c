"""Each guard is taken away in turn, and the proof that rests on it must fail: one that cannot fail proves nothing."""
# ruff: noqa: T201

import sys
import time
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from tests.run import Run

BROKEN = Path(__file__).parent / "broken"
FAILED = 1  # what pytest ends with when a test failed; anything above is no test at all
CROWD = "tests/faults/proof_ticks.py::test_twenty_people_on_five_entries_lose_no_update"
DECISIONS = "tests/faults/proof_decisions.py"


@dataclass(frozen=True)
class Mutant:
    guard: str
    what: str
    proof: str
    on_postgresql: bool = False
    by_figure: bool = True  # missed by a figure that is 0 with the guard, and not by some other failure


MUTANTS = (
    Mutant("immediate", "SQLite's transactions begin without the lock", f"{CROWD}[sqlite]"),
    Mutant("row-lock", "the chain's row is read without its lock", f"{CROWD}[postgresql]"),
    Mutant("version", "an answer is written whatever version was seen", f"{CROWD}[postgresql]"),
    Mutant("changes-shown", "a decision is signed whatever changes were shown", DECISIONS, on_postgresql=True),
    Mutant("picture-shown", "a decision is signed on another picture", DECISIONS, on_postgresql=True),
    Mutant("fencing", "a lease is held by anybody", "tests/jobs", by_figure=False),
    Mutant(
        "fetcher",
        "the renderer fetches addresses and files",
        "tests/reviews/test_render_child.py::test_nothing_outside_is_fetched",
        by_figure=False,
    ),
)


def run(run: Run, names: Collection[str] = ()) -> int:
    """All of them, or those that are named."""
    if strangers := set(names) - {mutant.guard for mutant in MUTANTS}:
        sys.exit(f"no such guard: {', '.join(sorted(strangers))}")
    results = [_one(run, mutant) for mutant in MUTANTS if not names or mutant.guard in names]
    print("\n" + "-" * 110)
    for _good, line in results:
        print(line)
    bad = sum(not good for good, _line in results)
    print(f"total: {len(results)} guards taken away, {f'FAILED: {bad} not missed' if bad else 'each was missed'}")
    return int(bool(bad))


def _one(run: Run, mutant: Mutant) -> tuple[bool, str]:
    began, report = time.monotonic(), run.folder / f"{mutant.guard}.xml"
    more = (run.postgresql if mutant.on_postgresql else {}) | {
        "LAUNCHKIT_BROKEN": mutant.guard,
        "PYTHONPATH": str(BROKEN),
    }
    options = ["--tenth", "-q", "--no-header", "-p", "no:cacheprovider", "--tb=line", f"--junitxml={report}"]
    code = run.call(["python", "-m", "pytest", mutant.proof, *options, "-o", "faulthandler_timeout=900"], more)
    reason = _reason(report) if code == FAILED else ""
    missed = bool(reason) and (not mutant.by_figure or ", not 0: " in reason)
    word = "ok" if missed else "FAILED"
    what = f"{mutant.what}: {reason or 'and the proof still holds'}"
    return missed, f"{mutant.guard:<15}{word:<8}{time.monotonic() - began:5.0f} s  {what}"


def _reason(report: Path) -> str:
    """What the first test that failed said, in one line; nothing when none failed (an error on the way is no proof)."""
    for one in ElementTree.parse(report).getroot().iter("failure"):
        return " ".join((one.get("message") or "").removeprefix("AssertionError: ").split())[:160]
    return ""
