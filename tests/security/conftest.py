"""A service that has one of everything an address can point at, and a browser of each actor."""

import pytest
from django.test import Client

from tests.security import furnishing, visiting
from tests.security.furnishing import Furnished


@pytest.fixture
def furnished(service, cast, edition, planned_on) -> Furnished:
    return furnishing.furnish(service, cast, edition, planned_on)


@pytest.fixture
def arrived(cast, client_for, settings) -> dict[str, Client]:
    """A browser of each actor, whose session is read thousands of times; no answer hides behind “too many requests”."""
    settings.ACCOUNT_RATE_LIMITS, settings.ACTS_A_MINUTE = False, 0
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
    return visiting.browsers(cast, client_for)
