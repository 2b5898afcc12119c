"""A whole launchkit, as `make run` starts it on a fresh machine."""

import os
import re
import sys
from pathlib import Path

from tests import servers


class Site(servers.Server):
    """Web, worker, mail and scheduler under one supervisor, with all state in its folder but a PostgreSQL's."""

    patience = 120  # the first start builds the demo

    def __init__(self, folder: Path, environment: dict[str, str]):
        self.folder, self.var = folder, folder / "var"
        port = servers.free_port()
        command = (sys.executable, servers.ROOT / "manage.py", "launch", "--port", port)
        told = environment | {"LAUNCHKIT_VAR": str(self.var)}
        super().__init__(*command, log=folder / "launch.log", environment=told)
        self.url = f"http://127.0.0.1:{port}"

    def answers(self) -> bool:
        return f"launchkit is ready: {self.url}/" in self.output

    def look(self, sql: str) -> list[tuple]:
        return servers.look(self.environment.get("DATABASE_URL") or self.var / "launchkit.sqlite3", sql)

    @property
    def reports(self) -> list[tuple[str, str]]:
        """State and file of each, in the order in which they were asked for."""
        return self.look("SELECT state, file FROM reviews_report ORDER BY id")

    def wait_for_reports(self) -> None:
        done = lambda: {state for state, _ in self.reports} == {"done"}  # noqa: E731
        servers.wait_until(done, f"the reports of the demo are done: {self.reports}", seconds=60)


def database_of_its_own() -> dict[str, str]:
    """The environment's part that names it: new in the server of this run, or else a file in the folder `var`."""
    given = os.environ.get("DATABASE_URL", "")
    if not given.startswith("postgres"):
        return {"DATABASE_URL": ""}
    name = f"site_{os.getpid()}"
    servers.look(given, f'CREATE DATABASE "{name}"')
    return {"DATABASE_URL": re.sub(r"/[^/]*$", f"/{name}", given)}
