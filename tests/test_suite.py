"""The suite itself keeps its promises: nothing hidden, nothing unlocked, a bootstrap that says what is missing."""

import os
import re
import subprocess
import sys
from types import SimpleNamespace

import pytest

from tests import conftest
from tests.servers import ROOT

HIDING = """
import pytest

def test_shown(): assert True

{hidden}
def test_other(): assert {truth}
"""


def outcome(tmp_path, hidden: str, truth: bool = True) -> subprocess.CompletedProcess:
    """One run of pytest over two tests, one of which may hide."""
    (tmp_path / "test_it.py").write_text(HIDING.format(hidden=hidden, truth=truth))
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    options = ["-p", "tests.nothing_hidden", "-p", "no:django", "-p", "no:cacheprovider", "-q", str(tmp_path)]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "pytest", *options]
    return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("hidden", "truth"),
    [
        ("@pytest.mark.skip", True),
        ("@pytest.mark.skipif(True, reason='not here')", True),
        ("@pytest.mark.xfail", False),
        ("@pytest.mark.xfail", True),
        ("@pytest.mark.parametrize('_', [])\ndef test_empty(_): pass\n", True),
    ],
)
def test_a_hidden_test_fails_the_run_and_is_named(tmp_path, hidden, truth):
    run = outcome(tmp_path, hidden, truth)
    assert run.returncode == 1
    assert "NOT RUN, which counts as a failure: " in run.stdout


@pytest.mark.parametrize("fixtures", [[], ["db"], ["transactional_db"]])
@pytest.mark.parametrize("marks", [set(), {"any_engine"}, {"stricter_engine"}, {"any_engine", "stricter_engine"}])
def test_every_test_runs_on_an_engine(fixtures, marks):
    item = SimpleNamespace(fixturenames=fixtures, get_closest_marker=lambda name: name in marks or None)
    where = conftest.engines(item)
    assert len(where) == (2 if fixtures and not marks else 1)
    assert set(where) <= set(conftest.ENGINES)


def test_a_run_that_shows_everything_passes(tmp_path):
    assert outcome(tmp_path, "").returncode == 0


def locked(name: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9._-]+)==([^ ;]+)", (ROOT / name).read_text(), flags=re.MULTILINE))


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_a_lock_names_versions_and_hashes_and_no_place(name):
    text = (ROOT / name).read_text()
    assert re.findall(r"https?:|file:/|^-|--(?!hash=sha256:[0-9a-f]{64})", text, flags=re.MULTILINE) == []
    requirements = re.split(r"\n(?=[a-z])", text)
    assert [one.split(" ")[0] for one in requirements if "--hash=sha256:" not in one] == []


def test_what_is_tested_is_what_runs():
    running, testing = locked("requirements.txt"), locked("requirements-dev.txt")
    assert running == {package: testing[package] for package in running}


def bootstrap(*words: str, **environment: str) -> subprocess.CompletedProcess:
    command = [str(ROOT / "bin" / "bootstrap"), *words]
    return subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, check=False)


def test_a_prepared_machine_is_left_alone_whatever_the_environment_says(tmp_path):
    dirty = {"PYTHONPATH": str(tmp_path), "PYTHONHOME": str(tmp_path), "PIP_TARGET": str(tmp_path), "LC_ALL": "xx_YY"}
    again = bootstrap("test", **dirty)
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")


def test_an_unknown_purpose_is_refused():
    refused = bootstrap("walk")
    assert (refused.returncode, refused.stderr) == (2, "Usage: bin/bootstrap run|test|faults\n")


@pytest.mark.parametrize(("folder", "mark"), [("journeys", "journey"), ("integration", "integration")])
def test_what_starts_processes_or_a_browser_is_marked(folder, mark):
    """Unmarked it would start the whole product among the quick tests; marked elsewhere, nothing would run it."""
    files = set((ROOT / "tests" / folder).glob("test_*.py"))
    marked = re.compile(rf"^(?:pytestmark = .*|@)pytest\.mark\.{mark}\b", flags=re.MULTILINE)
    assert files
    assert {file for file in (ROOT / "tests").rglob("*.py") if marked.search(file.read_text())} == files
