"""An installation as docker-compose.yml describes it, run as processes of this machine.

What Docker would do is done here by hand: the servers that the file names, the image's folders, the environment of
each container out of the file and a filled-in .env, and the very commands of the file.
"""

import contextlib
import http.client
import json
import os
import re
import subprocess
import sys
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

import yaml

from tests import servers

COMPOSE = yaml.safe_load((servers.ROOT / "docker-compose.yml").read_text())["services"]
HOST = "launchkit.example"
ENV_FILE = {
    "SECRET_KEY": "qN4vT7yR2mW9xL5kB8cJ3hF6dS1gZ0pAuEoIiKlMnPbVtYrXwQ",
    "LAUNCHKIT_TRAIL_KEY": "QwXrYtVbPnMlKiIoEuAp0Zg1Sd6Fh3Jc8Bk5Lx9Wm2Ry7Tv4Nq",
    "ALLOWED_HOSTS": HOST,
    "BEHIND_PROXY": "on",
}


class Installation:
    def __init__(self, folder: Path, postgres: servers.Postgres, redis: servers.Redis, static: Path | None = None):
        """`static` are the pages' files as another one of the same image has built them."""
        self.folder = folder
        self.postgres = postgres
        self.redis = redis
        self.port = servers.free_port()
        self.parts: dict[str, servers.Process] = {}
        image = {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "PYTHONUTF8": "1",
            "LAUNCHKIT_ENV_FILE": os.devnull,
            "LAUNCHKIT_VAR": str(folder / "var"),
            "STATIC_ROOT": str(static or folder / "static"),
        }
        addresses = {"DATABASE_URL": postgres.url, "REDIS_URL": redis.url}
        self.image = image
        self.environment = image | COMPOSE["web"]["environment"] | ENV_FILE | addresses
        for path in ("var", "static"):
            (folder / path).mkdir()

    def build(self) -> None:
        """The one step of the Dockerfile that runs launchkit, before there is any setting."""
        self.run("python", "manage.py", "collectstatic", "--no-input", "--verbosity", "0", environment=self.image)

    def run(self, *command: str, environment: dict[str, str] | None = None, code: int = 0) -> str:
        """Run a command to its end; returns what it said, on both channels."""
        done = subprocess.run(
            command,
            cwd=servers.ROOT,
            env=environment or self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=240,
            check=False,
        )
        assert done.returncode == code, done.stdout
        return done.stdout

    def python(self, script: str) -> object:
        """Run a script inside the installation; returns what it printed last, read as JSON."""
        return json.loads(self.run("python", "manage.py", "shell", "--verbosity", "0", "-c", script).splitlines()[-1])

    def look(self, sql: str, *values: object) -> list[tuple]:
        return servers.look(self.environment["DATABASE_URL"], sql, values)

    def start(self, part: str, *, name: str = "", port: int = 0, **more: str) -> servers.Process:
        """Start a container's command, with `more` in its environment; the port is ours, since 8000 may be taken.

        A second one of the same part has a name of its own.
        """
        command = [*COMPOSE[part]["command"], *(["--port", port or self.port] if part == "web" else [])]
        name = name or part
        process = servers.Process(*command, log=self.folder / f"{name}.log", environment=self.environment | more)
        process.start()
        self.parts[name] = process
        return process

    def stop(self) -> None:
        for process in self.parts.values():
            process.stop()

    @property
    def healthy(self) -> bool:
        """The healthcheck of the web container."""
        command = [sys.executable, *COMPOSE["web"]["healthcheck"]["test"][2:], str(self.port)]
        return subprocess.run(command, cwd=servers.ROOT, env=self.environment, check=False).returncode == 0

    def get(self, path: str, **headers: str) -> http.client.HTTPResponse:
        return self.ask("GET", path, None, headers)

    def sign_in(self, email: str, password: str, **headers: str) -> http.client.HTTPResponse:
        """Fill in the sign-in page and send it."""
        page = self.get("/accounts/login/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text).group(1)
        form = {"csrfmiddlewaretoken": token, "login": email, "password": password}
        headers |= {
            "Cookie": page.headers["Set-Cookie"].split(";")[0],
            "Referer": f"https://{HOST}/accounts/login/",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        return self.ask("POST", "/accounts/login/", urllib.parse.urlencode(form), headers)

    def ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> http.client.HTTPResponse:
        """Ask as the proxy in front would; redirects are not followed. The body is already read, as `.text`."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request(method, path, body, {"Host": HOST, "X-Forwarded-Proto": "https"} | headers)
        answer = connection.getresponse()
        answer.text = answer.read().decode(errors="replace")
        connection.close()
        return answer


@contextlib.contextmanager
def prepared() -> Iterator[Path]:
    """A folder with what building the image and `bin/prepare` leave behind: to be copied, not used."""
    with servers.folder() as folder:
        with servers.Postgres(folder / "postgres") as postgres, servers.Redis(folder / "redis") as redis:
            installation = Installation(folder, postgres, redis)
            installation.build()
            installation.run("sh", "bin/prepare")
        yield folder


@contextlib.contextmanager
def opened(ready: Path) -> Iterator[Installation]:
    """An installation of its own that begins as it was prepared; at the end its parts are stopped."""
    with (
        servers.folder() as folder,
        servers.Postgres(folder / "postgres", like=ready / "postgres") as postgres,
        servers.Redis(folder / "redis") as redis,
    ):
        installation = Installation(folder, postgres, redis, ready / "static")
        try:
            yield installation
        finally:
            installation.stop()
