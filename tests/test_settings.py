"""A production installation starts only when it is safe, and says everything that is not at once."""

import os
import stat
import subprocess
import sys

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from accounts.models import User
from launchkit import production
from launchkit.keys import generated
from tests.servers import ROOT

KEY = "qN4vT7yR2mW9xL5kB8cJ3hF6dS1gZ0pAuEoIiKlMnPbVtYrXwQ"
OTHER_KEY = KEY[::-1]
SAFE = {
    "LAUNCHKIT_MODE": "production",
    "SECRET_KEY": KEY,
    "LAUNCHKIT_TRAIL_KEY": OTHER_KEY,
    "ALLOWED_HOSTS": "launchkit.example,www.launchkit.example",
    "DATABASE_URL": "postgres://launchkit@127.0.0.1/launchkit",
    "REDIS_URL": "redis://127.0.0.1/0",
    "LAUNCHKIT_ENV_FILE": os.devnull,
}


def check(var, **settings: str) -> subprocess.CompletedProcess:
    """`manage.py check` in a process of its own, with nothing in its environment but these settings."""
    environment = {"PATH": os.environ["PATH"], "PYTHONUTF8": "1", "LAUNCHKIT_VAR": str(var)}
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    return subprocess.run(command, cwd=ROOT, env=environment | settings, capture_output=True, text=True, check=False)


def test_safe_settings_start_without_a_warning(tmp_path):
    started = check(tmp_path, **SAFE)
    assert (started.returncode, started.stderr) == (0, "")


def test_every_fault_is_said_at_once_and_without_a_traceback(tmp_path):
    started = check(tmp_path, LAUNCHKIT_MODE="production", DEBUG="on", ALLOWED_HOSTS="*", LAUNCHKIT_ENV_FILE=os.devnull)
    assert started.returncode == 1
    assert started.stderr.splitlines() == [
        "launchkit: Production refuses to start:",
        "  - DEBUG is on: error pages would show the inside of the program to everybody.",
        "  - SECRET_KEY is not set.",
        "  - LAUNCHKIT_TRAIL_KEY is not set.",
        "  - ALLOWED_HOSTS holds the wildcard '*': name each host.",
        "  - DATABASE_URL names no PostgreSQL: production keeps its data nowhere else.",
        "  - REDIS_URL is not set: in production the work between processes goes through Redis.",
    ]


@pytest.mark.parametrize(
    ("told", "address"),
    [
        ({"LAUNCHKIT_ENV_FILE": os.devnull}, "http://127.0.0.1:8000"),
        (SAFE, "https://launchkit.example"),
        (SAFE | {"LAUNCHKIT_ADDRESS": "https://ready.example/"}, "https://ready.example"),
    ],
    ids=["embedded", "production", "named"],
)
def test_the_address_that_reports_print(tmp_path, told, address):
    environment = {"PATH": os.environ["PATH"], "PYTHONUTF8": "1", "LAUNCHKIT_VAR": str(tmp_path)}
    command = [sys.executable, "-c", "from launchkit import settings; print(settings.ADDRESS)"]
    said = subprocess.run(command, cwd=ROOT, env=environment | told, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == address


def test_an_unknown_mode_is_refused(tmp_path):
    started = check(tmp_path, LAUNCHKIT_MODE="prod", LAUNCHKIT_ENV_FILE=os.devnull)
    assert started.returncode == 1
    assert "LAUNCHKIT_MODE is 'prod'; it must be 'embedded' or 'production'." in started.stderr


def test_embedded_needs_no_setting_and_keeps_its_keys_to_itself(tmp_path):
    assert check(tmp_path, LAUNCHKIT_ENV_FILE=os.devnull, SECURE="").stderr != ""  # --deploy warns: no HTTPS here
    assert sorted(path.name for path in tmp_path.glob("*.key")) == ["secret.key", "trail.key"]
    assert {path.stat().st_mode & 0o777 for path in tmp_path.glob("*.key")} == {0o600}


@pytest.fixture
def safe(tmp_path) -> dict[str, object]:
    return {
        "debug": False,
        "secret_key": KEY,
        "trail_key": OTHER_KEY,
        "hosts": ["launchkit.example"],
        "database": "django.db.backends.postgresql",
        "broker": "redis://127.0.0.1/0",
        "var": tmp_path,
    }


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("debug", True, "DEBUG is on"),
        ("secret_key", "", "SECRET_KEY is not set."),
        ("secret_key", "django-insecure-" + KEY, "SECRET_KEY still is a placeholder"),
        ("secret_key", "insecure-" + KEY, "SECRET_KEY still is a placeholder"),
        ("secret_key", "Change-me" + KEY, "SECRET_KEY still is a placeholder"),
        ("secret_key", KEY[:49], "SECRET_KEY can be guessed"),
        ("trail_key", "abab" * 20, "LAUNCHKIT_TRAIL_KEY can be guessed"),
        ("trail_key", KEY, "LAUNCHKIT_TRAIL_KEY is the same as SECRET_KEY"),
        ("hosts", [], "ALLOWED_HOSTS is not set"),
        ("hosts", ["a.example", ".b.example"], "ALLOWED_HOSTS holds the wildcard '.b.example'"),
        ("database", "django.db.backends.sqlite3", "DATABASE_URL names no PostgreSQL"),
        ("broker", "", "REDIS_URL is not set"),
    ],
)
def test_each_fault_alone_is_refused(safe, name, value, said):
    with pytest.raises(ImproperlyConfigured) as refused:
        production.refuse(**safe | {name: value})
    lines = str(refused.value).splitlines()
    assert len(lines) == 2
    assert lines[1].startswith(f"  - {said}")


def test_a_key_that_was_generated_for_the_embedded_default_is_refused(safe, tmp_path):
    key = generated(tmp_path / "trail.key")
    with pytest.raises(ImproperlyConfigured, match="LAUNCHKIT_TRAIL_KEY is the key that an embedded installation"):
        production.refuse(**safe | {"trail_key": key})


def test_nobody_else_on_the_machine_looks_into_an_embedded_installation(tmp_path):
    """The database holds the sessions of who is signed in; a backup of it is the owner's alone too."""
    before = os.umask(0o022)
    try:
        started = check(tmp_path / "var", LAUNCHKIT_ENV_FILE=os.devnull)
    finally:
        os.umask(before)
    assert (tmp_path / "var" / "secret.key").exists(), started.stderr
    assert stat.filemode((tmp_path / "var").stat().st_mode) == "drwx------"


def test_nothing_to_refuse(safe):
    assert production.refuse(**safe) is None


@pytest.fixture
def demo_person(db, settings) -> User:
    settings.DEMO = False  # as in production
    return User.objects.create_user(f"manager@{settings.DEMO_DOMAIN}", settings.DEMO_PASSWORD, name="Manager")


def test_demo_accounts_stop_every_command_that_checks_the_database(demo_person):
    with pytest.raises(SystemCheckError, match=f"There are demo accounts: {demo_person.email}"):
        call_command("check", databases=["default"])


def test_a_demo_account_that_cannot_sign_in_is_no_danger(demo_person):
    demo_person.is_active = False
    demo_person.save()
    assert run_checks(tags=["database"], databases=["default"]) == []


def test_the_embedded_default_keeps_its_demo(demo_person, settings):
    settings.DEMO = True
    assert run_checks(tags=["database"], databases=["default"]) == []


def test_a_missing_table_for_attempts_to_sign_in_is_named(db, settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "missing"}}
    with pytest.raises(SystemCheckError, match="The table missing is missing"):
        call_command("check", databases=["default"])
