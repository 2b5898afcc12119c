"""The whole product, as `make run` starts it: web, worker and scheduler, on a database of its own."""

import os
import re
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser

from accounts.models import User
from tests import servers
from tests.journeys.story import Person, Session, arrives
from tests.site import Site, database_of_its_own


@pytest.fixture(scope="session")
def launch(tmp_path_factory: pytest.TempPathFactory, redis: servers.Redis) -> Iterator[Site]:
    """A running launchkit with its demo; its processes end with the journeys.

    Its broker is its own as well: a worker of another one would hear what it asks for, and find no such row.
    """
    folder = tmp_path_factory.mktemp("site")
    with Site(folder, dict(os.environ) | database_of_its_own() | {"REDIS_URL": redis.url}) as launched:
        yield launched


@pytest.fixture(scope="session")
def site(launch: Site) -> str:
    return launch.url


@pytest.fixture
def files_of_the_site(launch: Site, settings) -> None:
    """A page that is written here links to files as the site has them, under their hashed names."""
    settings.STATIC_ROOT = launch.var / "static"
    hashed = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": hashed}


@pytest.fixture(scope="session")
def mailed(launch: Site) -> Callable[[str, str], str]:
    """`mailed(address, pattern)`: what the pattern's group finds in the last mail to an address, on the console."""

    def find(address: str, pattern: str) -> str:
        def found() -> list[str]:
            return re.findall(rf"^To: {re.escape(address)}$.*?{pattern}", launch.output, re.DOTALL | re.MULTILINE)

        servers.wait_until(found, f"mail to {address}", seconds=10)
        return found()[-1]

    return find


@pytest.fixture(scope="session")
def sessions() -> dict[str, Session]:
    """Who has signed in at the site, by name: a page less and a password less for each who comes again soon."""
    return {}


@pytest.fixture
def somebody(browser: Browser, site: str, sessions: dict[str, Session]) -> Iterator[Callable[..., Person]]:
    """`somebody("designer")` is signed in; at the end nobody's browser may have complained."""
    people: list[Person] = []

    def arrive(who: str | None = None, **options: object) -> Person:
        people.append(arrives(browser, site, **options))
        if not who:
            return people[-1]
        if who in sessions and sessions[who].is_fresh:
            return people[-1].goes_on_with(sessions[who])
        sessions[who] = people[-1].signs_in(who).session
        return people[-1]

    yield arrive
    leave(people)


@pytest.fixture
def comes(browser: Browser, live_server, client_for: Callable[..., Client]) -> Iterator[Callable[..., Person]]:
    """`comes(user)` is signed in at a server in this very process: its data are made and its clock is moved here.

    With a session of now, for moving the clock ends the ones before.
    """
    people: list[Person] = []

    def come(user: User, **options: object) -> Person:
        people.append(arrives(browser, live_server.url, **options))
        cookie = client_for(user).cookies[settings.SESSION_COOKIE_NAME]
        told = {"name": cookie.key, "value": cookie.value, "url": live_server.url}
        people[-1].page.context.add_cookies([told])
        return people[-1]

    yield come
    leave(people)


def leave(people: list[Person]) -> None:
    complaints = [complaint for person in people for complaint in person.complaints]
    for person in people:
        person.page.context.close()
    assert complaints == []
