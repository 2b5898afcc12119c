"""How much is done for a tick, a stage page and the list: counted in calls of functions, the same on any machine.

A timing depends on the machine and who else is at work there; `make bench` measures those. What is counted here are
calls of Python's and of built-in functions, each page and tick taken before. A limit lies a tenth above what was
counted; where something worth it needs more, it is raised, and the CHANGELOG says what for.
"""

import sys
from collections.abc import Callable

import pytest
from django.urls import reverse

from checklists import starting
from stages import catalogue
from tests.reviews import walking
from tests.reviews.bench import Browser

pytestmark = pytest.mark.django_db
TICK, PAGE, LIST = 22_500, 112_000, 58_000


def calls(act: Callable[[], object]) -> int:
    """The calls of functions that an act makes in this thread."""
    made = 0

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal made
        made += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        act()
    finally:
        sys.setprofile(before)
    return made


@pytest.fixture
def desk(client_for, cast, service) -> Browser:
    """A designer at a stage of which everything but the first item is answered, with evidence."""
    item = walking.first(service, "item")
    walking.fulfil(service, cast.designer, cast.second_designer, without=[item.slug])
    return Browser(client_for(cast.designer), service, catalogue.of(service.edition_id).sheet("build"))


def test_a_tick(desk, service):
    item = walking.first(service, "item")
    for seen in range(3):
        assert desk.post(item, seen=seen, state="done" if seen % 2 == 0 else "open").status_code == 200
    assert calls(lambda: desk.post(item, seen=3, state="open")) < TICK


def test_a_stage_page(desk):
    desk.page()
    assert calls(desk.page) < PAGE


def test_the_list(client_for, cast, edition, planned_on):
    told = {"by": cast.designer, "team": cast.team, "edition": edition, "planned_on": planned_on}
    for number in range(50):
        starting.start(name=f"Service {number}", **told)
    client = client_for(cast.designer)
    client.get(reverse("portfolio:services"))
    assert calls(lambda: client.get(reverse("portfolio:services"))) < LIST
