"""What every test stands on: its own state, a real database, and, where asked for, real processes and a browser.

`make test` chooses the engine by DATABASE_URL and starts the servers (`tests/run.py`). A plain `pytest` runs on
SQLite; what needs Redis or PostgreSQL of its own starts it through `servers`.
"""

import gc
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connections
from django.template import Template
from django.test import override_settings
from django.test.utils import _TestState, instrumented_test_render
from django.utils import translation
from hypothesis import settings as hypothesis
from playwright.sync_api import Browser, Page, sync_playwright

from launchkit.pace import PACE
from stages import catalogue
from tests import servers

pytest_plugins = ["tests.nothing_hidden", "tests.ending", "tests.cast", "tests.emptying"]

ENGINES = ("postgresql", "sqlite")

gc.set_threshold(100_000, 50, 100)  # a suite's heap is large and lives long: looked through less often
hypothesis.register_profile("launchkit", deadline=None)  # a busy machine is no fault of what is tested
hypothesis.register_profile("fuzz", deadline=None, max_examples=1250)
hypothesis.load_profile("launchkit")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--engine", choices=ENGINES, help="only what is to run on this database engine")
    parser.addoption("--tenth", action="store_true", help="a tenth of the counts of `make faults`")
    parser.addoption("--fuzz", action="store_true", help="the full number of made-up inputs, from a seed of the day")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--fuzz"):
        hypothesis.load_profile("fuzz")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if engine := config.getoption("--engine"):
        config.hook.pytest_deselected(items=[item for item in items if engine not in engines(item)])
        items[:] = [item for item in items if engine in engines(item)]


def engines(item: pytest.Item) -> tuple[str, ...]:
    """Where a test runs; never nowhere. What asks no database says the same on every engine: once is enough."""
    if item.get_closest_marker("any_engine"):
        return ("sqlite",)
    if item.get_closest_marker("stricter_engine") or not uses_data(item):
        return ("postgresql",)
    return ENGINES


def pytest_collection_finish(session: pytest.Session) -> None:
    """What is loaded by now stays; nobody need look through it for garbage."""
    gc.collect()
    gc.freeze()


def uses_data(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    return bool(fixtures & {"db", "transactional_db"}) or item.get_closest_marker("django_db") is not None


@pytest.fixture(scope="session", autouse=True)
def own_state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Files and keys of this run only; static files as they are, for there is no `collectstatic` before tests."""
    var = tmp_path_factory.mktemp("var")
    (var / "static").mkdir()
    storages = {
        "default": {**settings.STORAGES["default"], "OPTIONS": {"location": str(var / "files"), "base_url": None}},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    with override_settings(
        VAR_DIR=var,
        STATIC_ROOT=var / "static",
        STORAGES=storages,
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],  # the suite signs in a thousand times
    ):
        yield var


@pytest.fixture(scope="session", autouse=True)
def _render_as_installed(django_test_environment: None) -> None:
    """Django's test environment copies the context of every template rendered, of every row of a page: not asked for.

    Tests look at pages, as people do; one that must look at `response.context` puts `contexts` back.
    """
    Template._render = _TestState.saved_data.template_render


@pytest.fixture
def contexts(monkeypatch: pytest.MonkeyPatch) -> None:
    """`response.context` of the test client is filled in."""
    monkeypatch.setattr(Template, "_render", instrumented_test_render)


@pytest.fixture(autouse=True)
def _speak_as_installed() -> Iterator[None]:
    """A language that a test has chosen is not that of the next one."""
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def _forget_attempts() -> None:
    """Sign-in attempts are counted in the cache; a test must not be throttled by the one before it."""
    cache.clear()
    PACE.forget()


@pytest.fixture(autouse=True)
def _forget_other_editions(request: pytest.FixtureRequest) -> None:
    """SQLite gives the keys of what was taken back away again: another edition may come under the key of the last.

    The one of the fixture looks after its own key; whoever published more beside it leaves their keys to the next.
    """
    others = catalogue.of.cache_info().currsize > 1
    if uses_data(request.node) and (others or "edition" not in request.fixturenames):
        catalogue.forget()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """SQLite in a file, as installed: in memory, two connections would not see the same data."""
    database = connections["default"].settings_dict
    if database["ENGINE"].endswith("sqlite3"):
        database["TEST"]["NAME"] = str(tmp_path_factory.mktemp("sqlite") / "test.sqlite3")


@pytest.fixture
def measured(request: pytest.FixtureRequest) -> Callable[..., None]:
    """What a proof measured, told to the table of `make faults`: a figure, its limit, and that it keeps to it."""

    def tell(what: str, figure: float, limit: float, unit: str = "s") -> None:
        request.node.user_properties.append(("measured", json.dumps([what, figure, limit, unit])))
        assert figure <= limit, f"{figure:g} {unit}".strip() + f", not {limit:g}: {what}"

    return tell


@pytest.fixture(scope="session")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[servers.Redis]:
    """A real Redis that a test may stop, kill and start again."""
    with servers.Redis(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all journeys. Playwright's loop makes Django suspect asynchronous code; there is none."""
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(**servers.browser_options())
        yield chromium
        chromium.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh window of a person with JavaScript."""
    with browser.new_context(viewport={"width": 1280, "height": 900}) as window:
        yield window.new_page()


@pytest.fixture
def plain_page(browser: Browser) -> Iterator[Page]:
    """The same with JavaScript off."""
    with browser.new_context(java_script_enabled=False) as window:
        yield window.new_page()
