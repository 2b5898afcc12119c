"""Whoever runs the tests may be killed: nothing that was started for them goes on."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests import servers

SLEEPS = "import time; time.sleep(60)"
SERVER = f"""
import sys, time
from pathlib import Path
from tests import servers
with servers.Process(sys.executable, "-c", {SLEEPS!r}, log=Path(sys.argv[1]) / "log") as server:
    print(server.child.pid, flush=True)
    time.sleep(60)
"""
PART = f"""
import contextlib, sys, time
from pathlib import Path
from tests.run import Run
with Run(Path(sys.argv[1]), contextlib.ExitStack()).begin(["python", "-c", {SLEEPS!r}], {{}}) as part:
    print(part.pid, flush=True)
    time.sleep(60)
"""
CASE = """
import time

def test_it_tidies_up(request):
    request.addfinalizer(lambda: print("tidied up"))
    print("begun", flush=True)
    time.sleep(60)
"""


def runs(pid: int) -> bool:
    """A process that nobody has buried yet runs no more."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("script", [SERVER, PART], ids=["server", "part"])
def test_what_was_started_ends_with_who_started_it(tmp_path, script):
    command = [sys.executable, "-c", script, str(tmp_path)]
    with subprocess.Popen(command, cwd=servers.ROOT, stdout=subprocess.PIPE, text=True) as runner:
        started = int(runner.stdout.readline())
        assert runs(started)
        runner.kill()
    servers.wait_until(lambda: not runs(started), "what it had started has ended")


def test_told_to_end_a_run_tidies_up(tmp_path):
    case = tmp_path / "test_case.py"
    case.write_text(CASE)
    options = ["-c", "/dev/null", "-s", "-p", "tests.ending", "-p", "no:django", "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", *options, case]
    with subprocess.Popen(command, cwd=servers.ROOT, stdout=subprocess.PIPE, text=True) as run:
        said = iter(run.stdout)
        assert any("begun" in line for line in said)
        run.send_signal(signal.SIGTERM)
        assert any("tidied up" in line for line in said)
