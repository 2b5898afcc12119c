"""Measures every goal and ends with one line for each; the exit status says whether one is over its limit.

Usage: python -m bench.run [--services N] [--engine postgresql|sqlite] [--quick] [GOAL …]
"""

import argparse
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench import pages, reports, rows, traffic
from bench.goals import Result
from bench.rounds import Protocol
from tests import servers

KEPT = ("PATH", "HOME", "USER", "TMPDIR")
ENGINES = ("postgresql", "sqlite")
PAGES = ("P1", "P2", "P3", "P4", "P5")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__.split("\n")[0])
    parser.add_argument("--services", type=int, default=1000, help="how many the large installation has (1000)")
    parser.add_argument("--engine", choices=ENGINES, help="one of the two; both when none is named")
    parser.add_argument("--quick", action="store_true", help="few rounds: to see that it runs, not to judge")
    parser.add_argument("goals", nargs="*", metavar="GOAL", help="P1 to P11; all when none is named")
    return parser.parse_args()


class Place:
    """One engine with its databases, and the environment of whoever plays there."""

    def __init__(self, engine: str, folder: Path, server: servers.Postgres | None) -> None:
        self.engine, self.folder, self.server = engine, folder / engine, server
        self.folder.mkdir(mode=0o755)
        self.base = {name: os.environ[name] for name in KEPT if name in os.environ} | {
            "PYTHONUTF8": "1",
            "LC_ALL": "C.UTF-8",
            "LAUNCHKIT_MODE": "embedded",
            "LAUNCHKIT_VAR": str(self.folder / "var"),
            "LAUNCHKIT_ENV_FILE": os.devnull,
            "LAUNCHKIT_ACTS_A_MINUTE": "0",  # one person ticks as fast as the wire takes it
        }

    def url(self, name: str) -> str:
        """The address of a database; PostgreSQL makes it when it is not there, SQLite when it is opened."""
        if self.server is None:
            return f"sqlite:///{self.folder / name}.sqlite3"
        return self.server.url.rsplit("/", 1)[0] + f"/{name}"

    def large(self) -> str:
        return self.url("large-product") if self.server is None else self.url("product_large")

    def environment(self, url: str) -> Mapping[str, str]:
        return self.base | {"DATABASE_URL": url}

    def call(self, module: str, url: str, *given: object) -> None:
        command = [sys.executable, "-m", module, *map(str, given)]
        subprocess.run(command, cwd=servers.ROOT, env=self.environment(url), check=True)

    def make(self, *names: str) -> None:
        for name in names if self.server else ():
            self.server.execute(f'CREATE DATABASE "{name}"')

    def build(self, services: int) -> None:
        self.make("product", "floor")
        self.call("bench.product.build", self.url("product"), services)
        self.call("bench.floor.data", self.url("floor"), services)
        self.make_static()

    def make_static(self) -> None:
        """The manifest that pages ask for their files; as in an installation."""
        command = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"]
        subprocess.run(command, cwd=servers.ROOT, env=self.environment(self.url("product")), check=True)


@contextmanager
def places(engines: list[str]) -> Iterator[list[Place]]:
    with servers.folder() as folder, ExitStack() as stack:
        server = stack.enter_context(servers.Postgres(folder / "server")) if "postgresql" in engines else None
        yield [Place(engine, folder, server if engine == "postgresql" else None) for engine in engines]


def measured(place: Place, asked: argparse.Namespace, protocol: Protocol, wants: Callable[..., bool]) -> list[Result]:
    """What is measured on each engine."""
    print(f"\n{place.engine}: building {asked.services} services", flush=True)
    place.build(asked.services)
    urls = {"product": place.large(), "small": place.url("product"), "floor": place.url("floor")}
    environments = {name: place.environment(url) for name, url in urls.items()}
    results = []
    if wants(*PAGES):
        every = pages.measure(place.engine, environments, protocol)
        results += [one for one in every if wants(one.goal.name.partition("-")[0])]
    if wants("P11"):
        traffic.measure(place.engine, place.folder, environments)
    if wants("P10"):
        results.append(rows.race(place.engine, environments["product"], 200 if asked.quick else 10_000))
    if wants("P9") and place.server:
        place.make("load")
        results.append(rows.load(place.environment(place.url("load")), 60 if asked.quick else 300))
    return results


def made(place: Place, asked: argparse.Namespace) -> list[Result]:
    """Reports do not depend on the engine: they are measured once."""
    folder = place.folder / "papers"
    folder.mkdir()
    return reports.measure(folder, place.environment(place.url("product")), quick=asked.quick)


def main() -> int:
    asked = arguments()
    sys.stdout.reconfigure(line_buffering=True)  # a run takes long: what is known is shown
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that servers and players are stopped
    if strangers := {*asked.goals} - {f"P{number}" for number in range(1, 12)}:
        sys.exit(f"no such goal: {', '.join(sorted(strangers))}")
    protocol = Protocol(3, 10, 1) if asked.quick else Protocol()

    def wants(*goals: str) -> bool:
        return not asked.goals or bool({*goals} & {*asked.goals})

    with places([asked.engine] if asked.engine else list(ENGINES)) as found:
        results = [result for place in found for result in measured(place, asked, protocol, wants)]
        if wants("P6", "P7", "P8"):
            results += made(found[0], asked)
    print()
    for result in results:
        print(result)
    return int(any(result.failed for result in results))


if __name__ == "__main__":
    sys.exit(main())
