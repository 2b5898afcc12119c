"""A service at the gate, and reviews of it."""

import pytest

from reviews.models import Review
from stages.models import Service
from tests.cast import Cast
from tests.reviews import walking


@pytest.fixture
def ready(service: Service, cast: Cast) -> Service:
    """Everything that build asks for is answered as well as can be, by the designer."""
    walking.lived(service, "ready", lambda: walking.fulfil(service, cast.designer, cast.second_designer))
    return service


@pytest.fixture
def review(ready: Service, cast: Cast) -> Review:
    """A review of build that waits for a decision, asked for by the designer."""
    walking.lived(ready, "review", lambda: walking.ask(ready, cast.designer))
    return Review.objects.select_related("passage__stage", "passage__service", "snapshot", "asked_by").get()
