"""A service at the gate, and reviews of it."""

from collections.abc import Callable

import pytest

from reviews import rendering
from reviews.models import Report, Review
from stages import catalogue
from stages.models import Kind, Service
from tests.cast import Cast
from tests.reviews import walking
from tests.reviews.bench import Browser


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


@pytest.fixture(scope="session")
def printed() -> list[rendering.Made]:
    """The first report that `printed_before` has made."""
    return []


@pytest.fixture
def printed_before(printed: list[rendering.Made], monkeypatch: pytest.MonkeyPatch) -> None:
    """What is asked for is the first report that was made here: for whoever keeps, fetches or loses a file, and does
    not read in it. It takes more than a second to make one.
    """
    made = rendering.render

    def render(report: Report, *, hold: Callable[[], bool]) -> rendering.Made:
        if not printed:
            printed.append(made(report, hold=hold))
        return printed[0]

    monkeypatch.setattr(rendering, "render", render)


def waiting() -> Review:
    """The one review there is, as asking for it gives it."""
    return Review.objects.select_related("passage__stage", "passage__service__team", "snapshot", "asked_by").get()


@pytest.fixture
def sheet(service):
    return catalogue.of(service.edition_id).sheets[0]


@pytest.fixture
def desk(client_for, cast, service, sheet):
    return Browser(client_for(cast.designer), service, sheet)


@pytest.fixture
def colleague(client_for, cast, service, sheet):
    return Browser(client_for(cast.second_designer), service, sheet)


@pytest.fixture
def rule(sheet):
    return sheet.of_kind("rule")[0]


@pytest.fixture
def item(sheet):
    return sheet.of_kind("item")[0]


@pytest.fixture
def question(sheet):
    return next(one for one in sheet.of_kind("question") if one.required)
