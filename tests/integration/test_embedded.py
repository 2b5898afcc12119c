"""`manage.py launch` on a fresh machine: tables, playbook, demo, pages, and reports through files in folders."""

import os
import re
import signal
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import families, servers
from tests.site import Site

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def embedded() -> Iterator[Site]:
    environment = {"PATH": os.environ["PATH"], "PYTHONUTF8": "1", "LAUNCHKIT_ENV_FILE": os.devnull}
    with servers.folder() as folder, Site(folder, environment) as launched:
        yield launched


def test_it_says_where_it_is_and_who_may_come_in(embedded):
    assert "all with the password ready-to-launch" in embedded.output
    people = re.findall(r"(\S+)@demo\.launchkit\.example", embedded.output)
    roles = {"designer", "manager", "second_manager", "viewer", "auditor", "editor", "administrator", "outsider"}
    assert roles <= set(people)
    with urllib.request.urlopen(f"{embedded.url}/accounts/login/") as answer:
        assert answer.status == 200


def test_every_part_says_that_it_works(embedded):
    def parts() -> set[str]:
        return {part for (part,) in embedded.look("SELECT part FROM operations_heartbeat")}

    servers.wait_until(lambda: len(parts()) >= 4, "a heartbeat of each part", seconds=60)
    assert parts() == {"web", "worker", "mail", "scheduler"}


def test_the_reports_of_the_demo_are_made(embedded):
    embedded.wait_for_reports()
    files = [embedded.var / "files" / name for _, name in embedded.reports]
    assert len(files) > 0
    assert [path.read_bytes()[:5] for path in files] == [b"%PDF-"] * len(files)


def test_a_second_one_takes_the_next_port(embedded):
    port = int(embedded.url.rsplit(":", 1)[1])
    script = f"from launchkit import parts; print(parts.free_port('127.0.0.1', {port}))"
    other = servers.Process(
        *(sys.executable, "manage.py", "shell", "--verbosity", "0", "-c", script),
        log=embedded.folder / "other.log",
        environment=embedded.environment,
    )
    with other:
        other.child.wait(30)
    assert int(other.output.split()[-1]) > port


def test_a_killed_web_server_comes_back(embedded):
    killed = web(embedded)
    families.kill_family(killed)
    servers.wait_until(lambda: web(embedded) not in {None, killed}, "another web server is there", seconds=30)
    servers.wait_until(lambda: answers(embedded.url), "the pages answer again", seconds=30)
    assert killed not in families.children(embedded.child.pid)


def test_it_ends_with_everything_it_started(embedded):
    """Last, for it ends the installation."""
    family = list(families.descendants(embedded.child.pid))
    assert len(family) >= 4
    embedded.stop(signal.SIGINT)
    assert embedded.child.returncode == 0, embedded.output
    assert [pid for pid in family if Path(f"/proc/{pid}").exists()] == []
    assert "Traceback" not in embedded.output


def web(site: Site) -> int | None:
    """The main process of its web server."""
    return next((pid for pid in families.children(site.child.pid) if "gunicorn" in words(pid)), None)


def words(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/healthz", timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False
