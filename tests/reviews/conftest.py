"""A service at the gate, and reviews of it."""

import pytest

from reviews.models import Review
from stages.models import Kind, Service
from tests.cast import Cast
from tests.reviews import walking


@pytest.fixture
def ready(service: Service, cast: Cast) -> Service:
    """Everything that build asks for is answered as well as can be, by the designer."""
    walking.lived(service, "ready", lambda: walking.fulfil(service, cast.designer, cast.second_designer))
    return service


@pytest.fixture
def incomplete(service: Service, cast: Cast) -> Review:
    """A review that the rules answer with "go with conditions": one required item is open."""

    def ask() -> None:
        left = walking.first(service, Kind.ITEM)
        walking.fulfil(service, cast.designer, cast.second_designer, without=[left.slug])
        walking.ask(service, cast.designer)

    walking.lived(service, "incomplete", ask)
    return waiting()


@pytest.fixture
def review(ready: Service, cast: Cast) -> Review:
    """A review of build that waits for a decision, asked for by the designer."""
    walking.lived(ready, "review", lambda: walking.ask(ready, cast.designer))
    return waiting()


def waiting() -> Review:
    """The one review there is, as asking for it gives it."""
    return Review.objects.select_related("passage__stage", "passage__service__team", "snapshot", "asked_by").get()
