"""Runs everything that `make test` promises and ends with one table of totals.

Usage: python -m tests.run [lint] [postgresql] [sqlite] [product]     (none named: all)
       python -m tests.run fuzz     thousands of made-up inputs more than the parts above try

The checks see nothing of the caller's settings but DATABASE_URL: when it names a PostgreSQL, that is used, otherwise
one is started here and stopped at the end. What needs a Redis starts its own. All parts run even if one fails.
"""
# ruff: noqa: T201

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import IO, Any
from xml.etree import ElementTree

from tests import servers

KEPT = ("PATH", "HOME", "USER", "TERM", "TMPDIR", "CI", "LAUNCHKIT_CHROMIUM", "PLAYWRIGHT_BROWSERS_PATH")
# Two processes, a file in one of them: its tests stand on the same rows or servers. The many quick tests come last.
TWO = ("-n", "2", "--dist", "loadfile", "--no-loadscope-reorder")
ON_ROWS = ("-m", "not (journey or integration)")
BEHIND = 5  # how nice the parts are that only compute to the one that also waits: together they fill two cores
CHECKS = (
    "ruff check .",
    "ruff format --check .",
    "lint-imports",
    "mypy",
    "djlint --lint --quiet templates",
    "djlint --lint --quiet --profile jinja --extension jinja templates",
    "python manage.py makemigrations --check --dry-run",
)
PRODUCTION_CHECKS = (
    "python manage.py check --deploy --fail-level WARNING",
    "python manage.py collectstatic --no-input --verbosity 0",
)
LINTED = re.compile(r"^lint .* (\d+) passed (of \d+ checks)$", re.MULTILINE)
RULER = "\n" + "-" * 78 + "\n"  # above a table of totals


@dataclass(frozen=True)
class Outcome:
    part: str
    failed: bool
    seconds: float
    passed: int
    counts: str


Ending = Callable[[], Outcome]


class Run:
    """The servers and folders of one run, and the environment that each part of it sees."""

    def __init__(self, folder: Path, stack: ExitStack):
        self.folder = folder
        self.stack = stack
        (folder / "var").mkdir()
        self.base = {name: os.environ[name] for name in KEPT if name in os.environ} | {
            "PYTHONUTF8": "1",
            "LC_ALL": "C.UTF-8",
            "LAUNCHKIT_MODE": "embedded",
            "LAUNCHKIT_VAR": str(folder / "var"),
            "LAUNCHKIT_ENV_FILE": os.devnull,
        }

    @cached_property
    def postgresql(self) -> dict[str, str]:
        given = os.environ.get("DATABASE_URL", "")
        if not given.startswith(("postgres://", "postgresql://")):
            given = self.stack.enter_context(servers.Postgres(self.folder / "postgres")).url
        return {"DATABASE_URL": given}

    def production(self) -> dict[str, str]:
        """Settings as they should be where it matters; checking them connects to neither server."""
        return {
            "LAUNCHKIT_MODE": "production",
            "SECRET_KEY": os.urandom(48).hex(),
            "LAUNCHKIT_TRAIL_KEY": os.urandom(48).hex(),
            "ALLOWED_HOSTS": "launchkit.example",
            "DATABASE_URL": "postgres://launchkit@127.0.0.1/launchkit",
            "REDIS_URL": "redis://127.0.0.1/0",
            "STATIC_ROOT": str(self.folder / "static"),
        }

    def begin(
        self, command: list[str], more: dict[str, str], output: IO[str] | None = None, *, behind: int = BEHIND
    ) -> subprocess.Popen[str]:
        """Start a program of this virtual environment; it is told to end when this process is killed."""
        program, tie = Path(sys.executable).parent / command[0], servers.tied(signal.SIGTERM)

        def before() -> None:
            tie()
            os.nice(behind)

        told = {"cwd": servers.ROOT, "env": self.base | more, "stdin": subprocess.DEVNULL, "text": True}
        told["preexec_fn"] = before
        return subprocess.Popen([program, *command[1:]], stdout=output, stderr=output, **told)

    def call(self, command: list[str], more: dict[str, str]) -> int:
        """Run a program to its end; returns its exit code."""
        print(f"\n$ {' '.join(command)}", flush=True)
        with self.begin(command, more) as child:
            try:
                return child.wait()
            finally:
                child.terminate()


def lint(run: Run) -> Outcome:
    began = time.monotonic()
    calls = [(check, {}) for check in CHECKS] + [(check, run.production()) for check in PRODUCTION_CHECKS]
    codes = [run.call(check.split(), more) for check, more in calls]
    good = codes.count(0)
    return Outcome("lint", good < len(codes), time.monotonic() - began, good, f"of {len(codes)} checks")


def tests(run: Run, part: str, options: list[str], more: dict[str, str]) -> Outcome:
    """One run of pytest; what its report counts is believed, and an empty run is a failure."""
    began = time.monotonic()
    code = run.call(pytest(run, part, options), more)
    return reported(run, part, code, time.monotonic() - began)


def pytest(run: Run, part: str, options: list[str]) -> list[str]:
    return ["python", "-m", "pytest", *options, "-q", f"--junitxml={run.folder / part}.xml"]


def reported(run: Run, part: str, code: int, seconds: float) -> Outcome:
    report = run.folder / f"{part}.xml"
    count = dict.fromkeys(("tests", "failures", "errors", "skipped"), 0)
    if report.exists():
        suite = ElementTree.parse(report).getroot().find("testsuite")
        count = {name: int(suite.get(name, 0)) for name in count}
    bad = count["failures"] + count["errors"] + count["skipped"]
    words = f"tests, {count['failures'] + count['errors']} failed, {count['skipped']} not run"
    return Outcome(part, bool(code or bad), seconds, count["tests"] - bad, words)


def postgresql(run: Run) -> Outcome:
    return tests(run, "postgresql", [*TWO, *ON_ROWS, "--engine=postgresql"], run.postgresql)


def sqlite(run: Run) -> Outcome:
    """The engine of the embedded default, for what touches data."""
    return tests(run, "sqlite", [*TWO, *ON_ROWS, "--engine=sqlite"], {})


@contextmanager
def beside(
    run: Run, part: str, command: list[str], told: Callable[[int, float, str], Outcome], **how: Any
) -> Iterator[Ending]:
    """A part that goes on beside the others. Gives what waits for its end and prints what it printed; `told` of its
    exit code, its seconds and that, it tells how it went. `how` it begins is as in `Run.begin`."""
    began, log = time.time(), run.folder / f"{part}.log"
    print(f"\n$ {' '.join(command)}   (goes on beside the others)", flush=True)
    with log.open("w") as output, run.begin(command, output=output, **how) as child:

        def outcome() -> Outcome:
            code = child.wait()
            print(f"\n$ {' '.join(command)}\n{log.read_text().partition(RULER)[0].rstrip()}", flush=True)
            return told(code, log.stat().st_mtime - began, log.read_text())

        try:
            yield outcome
        finally:
            child.terminate()


def lint_beside(run: Run) -> AbstractContextManager[Ending]:
    """One check after the other."""

    def told(code: int, seconds: float, said: str) -> Outcome:
        counted = LINTED.search(said)
        passed, words = counted.groups() if counted else (0, "checks were counted")
        return Outcome("lint", bool(code or not counted), seconds, int(passed), words)

    return beside(run, "lint", ["python", "-m", "tests.run", "lint"], told, more={})


def product(run: Run) -> AbstractContextManager[Ending]:
    """The whole product: servers and workers, killed and started again, then people at a browser.

    It waits as often as it works. Whenever it can go on it goes first: people and their browsers are in no hurry, but
    they do not wait for ever.
    """
    command = pytest(run, "product", ["tests/integration", "tests/journeys"])
    told = lambda code, seconds, _said: reported(run, "product", code, seconds)  # noqa: E731
    return beside(run, "product", command, told, more=run.postgresql, behind=0)


def fuzz(run: Run, kind: str) -> Outcome:
    """One kind of made-up input in full number, on PostgreSQL, which takes less than SQLite does."""
    options = [*FUZZ[kind], "--fuzz", "-o", "faulthandler_timeout=1800"]
    outcome = tests(run, f"fuzz-{kind}", options, run.postgresql)
    found = ElementTree.parse(run.folder / f"fuzz-{kind}.xml").find(".//property[@name='cases']")
    cases = int(found.get("value", 0)) if found is not None else 0
    words = f"of {cases} made-up inputs without a fault"
    return replace(outcome, passed=0 if outcome.failed else cases, counts=words)


BY_CHANCE = ("texts", "uploads", "playbooks", "forms")
FUZZ = {kind: ("tests/security/test_fuzz.py", "-k", f"test_{kind}") for kind in BY_CHANCE}
FUZZ |= {"structures": ("tests/stages/test_playbook_file.py", "-k", "test_any")}
PARTS: dict[str, Callable[[Run], Outcome]] = {
    "lint": lint,
    "postgresql": postgresql,
    "sqlite": sqlite,
}
BESIDE = {"lint": lint_beside, "product": product}
MORE = {f"fuzz-{kind}": partial(fuzz, kind=kind) for kind in FUZZ}


def show(outcomes: list[Outcome], seconds: float) -> None:
    print(RULER, end="")
    for one in outcomes:
        word = "FAILED" if one.failed else "ok"
        print(f"{one.part:<16}{word:<8}{one.seconds:6.0f} s  {one.passed} passed {one.counts}")
    passed = sum(one.passed for one in outcomes if one.part != "lint")
    failed = [one.part for one in outcomes if one.failed]
    word = f"FAILED: {', '.join(failed)}" if failed else "all green"
    print(f"total: {passed} passed, {seconds:.0f} s, {word}", flush=True)


def main(names: list[str]) -> int:
    began = time.monotonic()
    there = dict.fromkeys([*PARTS, *BESIDE, "fuzz"])
    if unknown := set(names) - set(there):
        print(f"No such part: {', '.join(sorted(unknown))}. There are: {', '.join(there)}.", file=sys.stderr)
        return 2
    others = list(BESIDE) if not names else [name for name in BESIDE if name in names and name not in PARTS]
    wanted = [part for name, part in PARTS.items() if name not in others and (not names or name in names)]
    wanted += MORE.values() if "fuzz" in names else []
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the servers are stopped
    with servers.folder() as folder, ExitStack() as stack:
        run = Run(folder, stack)
        going = [stack.enter_context(BESIDE[name](run)) for name in others]
        outcomes = [part(run) for part in wanted] + [outcome() for outcome in going]
    show(outcomes, time.monotonic() - began)
    return int(any(one.failed for one in outcomes))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
