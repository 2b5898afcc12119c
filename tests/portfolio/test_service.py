"""The page of one service: its way, its gate, and the day it went live."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import chaining
from accounts.models import TrailEntry
from stages import enrolling
from stages.models import Passage

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(service) -> str:
    return reverse("portfolio:service", args=[service.slug])


@pytest.fixture
def live_address(service) -> str:
    return reverse("portfolio:went_live", args=[service.slug])


@pytest.fixture
def pass_stages(cast, service):
    """Move the service past stages as decisions do, without the decisions."""

    def past(*slugs: str) -> None:
        for slug in slugs:
            with chaining.chain(service.scope) as trail:
                passage = Passage.objects.select_related("stage", "service").get(service=service, stage__slug=slug)
                enrolling.move(trail=trail, by=cast.designer, passage=passage, to="in_review")
                enrolling.open_next(trail=trail, by=cast.manager, passage=passage)

    return past


@pytest.mark.parametrize("who", ["viewer", "designer", "manager", "auditor", "administrator"])
def test_who_may_see_it_does(client_for, cast, address, who):
    assert client_for(getattr(cast, who)).get(address).status_code == 200


@pytest.mark.parametrize("who", ["outsider", "editor"])
def test_others_do_not_learn_that_it_exists(client_for, cast, address, who):
    assert client_for(getattr(cast, who)).get(address).status_code == 404


def test_nobody_signed_in_is_sent_to_the_door(client_for, address):
    assert client_for().get(address).status_code == 302


def test_it_is_only_read(client_for, cast, address):
    assert client_for(cast.designer).post(address).status_code == 405


def test_a_fresh_service(client_for, cast, service, address):
    page = client_for(cast.designer).get(address).content.decode()
    assert "Opens when “Build” is passed" in page
    assert "Opens when “Go-live” is passed" in page
    assert "Next gate: Release decision" in page
    assert "No-go today" in page
    assert "7 of 7 golden rules are not met." in page
    assert "Score 0 of 100" not in page
    assert "No decision has set a condition." in page
    assert "No review has been asked for yet." in page
    assert "No report has been made yet." in page
    assert "in 90 days" in page
    assert page.count('class="step is-locked"') == 2


def test_the_people_by_role(client_for, cast, address):
    page = client_for(cast.viewer).get(address).content.decode()
    order = [page.index(f'<span class="person">{name}</span>') for name in ("Manager", "Second manager", "Designer")]
    assert order == sorted(order)
    assert "Outsider" not in page


@pytest.mark.parametrize(
    ("who", "words"),
    [("designer", "Go on with Build"), ("viewer", "Open the workbench"), ("auditor", "Open the workbench")],
)
def test_one_strong_action_that_fits_the_person(client_for, cast, address, who, words):
    page = client_for(getattr(cast, who)).get(address).content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    assert main.count('class="button primary"') == 1
    assert words in page


def test_in_review_the_manager_is_led_to_the_decision(client_for, cast, service, address):
    with chaining.chain(service.scope) as trail:
        passage = service.passages.select_related("stage").get(state="open")
        enrolling.move(trail=trail, by=cast.designer, passage=passage, to="in_review")
    url = reverse("reviews:review", args=[service.slug, "build"])
    assert f'href="{url}">Review and decide</a>' in client_for(cast.manager).get(address).content.decode()
    assert f'href="{url}">Look at the review</a>' in client_for(cast.designer).get(address).content.decode()


def test_the_queries_do_not_grow_with_the_answers(client_for, cast, service, address, meet):
    client = client_for(cast.designer)
    meet(service, "build-accessible", by=cast.designer)
    client.get(address)
    with CaptureQueriesContext(connection) as before:
        client.get(address)
    meet(service, "build-reuse-data", "build-early-version", by=cast.designer)
    with CaptureQueriesContext(connection) as after:
        client.get(address)
    assert len(before) == len(after)
    assert len(after) <= 22


# -- the day it went live -------------------------------------------------------------------------------


def test_before_the_gate_is_passed_nothing_is_offered(client_for, cast, address, live_address, service):
    client = client_for(cast.designer)
    assert live_address not in client.get(address).content.decode()
    response = client.post(live_address, {"on": timezone.localdate().isoformat()})
    assert response.status_code == 422
    assert "must be passed first" in response.content.decode()
    service.refresh_from_db()
    assert service.went_live_on is None


def test_a_designer_records_the_day(client_for, cast, service, address, live_address, pass_stages):
    pass_stages("build", "go-live")
    client = client_for(cast.designer)
    page = client.get(address).content.decode()
    assert f'action="{live_address}"' in page
    assert "data-confirm=" in page
    assert f'value="{timezone.localdate().isoformat()}"' in page
    response = client.post(live_address, {"on": timezone.localdate().isoformat()})
    assert (response.status_code, response.url) == (302, address)
    service.refresh_from_db()
    assert service.went_live_on == timezone.localdate()
    entry = TrailEntry.objects.filter(scope=service.scope).last()
    assert (entry.verb, entry.who) == ("went_live", cast.designer)
    page = client.get(address).content.decode()
    assert "Recorded: Birth certificate online is live." in page
    assert f'action="{live_address}"' not in page


def test_once_recorded_it_stays(client_for, cast, service, live_address, pass_stages):
    pass_stages("build", "go-live")
    client = client_for(cast.designer)
    yesterday = timezone.localdate() - timedelta(days=1)
    client.post(live_address, {"on": yesterday.isoformat()})
    response = client.post(live_address, {"on": timezone.localdate().isoformat()})
    assert response.status_code == 409
    service.refresh_from_db()
    assert service.went_live_on == yesterday


@pytest.mark.parametrize(
    ("day", "sentence"),
    [("2999-01-01", "This day has not come yet"), ("", "This field is required."), ("x", "valid date")],
)
def test_a_wrong_day_is_said(client_for, cast, service, live_address, pass_stages, day, sentence):
    pass_stages("build", "go-live")
    response = client_for(cast.designer).post(live_address, {"on": day})
    assert response.status_code == 422
    assert sentence in response.content.decode()
    service.refresh_from_db()
    assert service.went_live_on is None


@pytest.mark.parametrize(
    ("who", "status"), [("viewer", 403), ("manager", 403), ("auditor", 403), ("administrator", 403), ("outsider", 404)]
)
def test_only_designers_record_it(client_for, cast, service, address, live_address, pass_stages, who, status):
    pass_stages("build", "go-live")
    client = client_for(getattr(cast, who))
    assert client.post(live_address, {"on": timezone.localdate().isoformat()}).status_code == status
    if status == 403:
        assert live_address not in client.get(address).content.decode()
