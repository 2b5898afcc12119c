"""Waivers on the workbench: asked for, answered, taken back in place; and what each person is offered."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.utils import timezone

from checklists import waiving
from checklists.models import Waiver
from tests.reviews import walking

pytestmark = pytest.mark.django_db
RULE = "build-accessible"
SAID = {"waiver-reason": "The map comes in March.", "waiver-measure": "By telephone."}


@pytest.fixture
def rule(service, cast):
    rule = walking.requirement(service, RULE)
    walking.say(service, rule, cast.designer, state="not_met")
    return rule


@pytest.fixture
def base(service):
    return f"/services/{service.slug}/build/"


@pytest.fixture
def url(base, rule):
    return f"{base}{rule.slug}/"


@pytest.fixture
def asked(service, rule, cast):
    return walking.ask_waiver(service, rule, cast.designer)


def day(days=20) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def htmx(client, address, **said):
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{address}"}
    return client.post(address, said, headers=headers)


def test_asking_answers_with_the_row_and_what_it_changed(url, base, cast, client_for, service):
    response = client_for(cast.designer).post(
        f"{url}waiver/",
        SAID | {"waiver-expires_on": day(), "panel": "open"},
        headers={"HX-Request": "true", "HX-Current-URL": f"http://testserver{base}"},
    )
    page = response.content.decode()
    assert response.status_code == HTTPStatus.OK
    assert f'id="{RULE}"' in page
    assert "Waiver asked for" in page
    assert 'id="gate"' in page
    waiver = Waiver.objects.get()
    assert (waiver.reason, waiver.measure, waiver.expires_on.isoformat()) == (*SAID.values(), day())


def test_without_htmx_it_leads_back_to_the_row(url, base, cast, client_for):
    response = client_for(cast.designer).post(f"{url}waiver/", SAID | {"waiver-expires_on": day()})
    assert (response.status_code, response.url) == (HTTPStatus.FOUND, f"{base}#{RULE}")


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"waiver-reason": ""}, "Say why the rule cannot be met now."),
        ({"waiver-measure": " "}, "Say what is done instead."),
        ({"waiver-expires_on": ""}, "Say until which day."),
        ({"waiver-expires_on": "2020-01-01"}, "A waiver ends on a day to come."),
        ({"waiver-expires_on": "2099-01-01"}, "At most 12 months"),
        ({"waiver-expires_on": "soon"}, "Enter a valid date."),
        ({"waiver-reason": "x" * 1001}, "This is too long"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(url, cast, client_for, said, sentence):
    told = {**SAID, "waiver-expires_on": day(), "panel": "open", "note": "Typed meanwhile."} | said
    response = client_for(cast.designer).post(f"{url}waiver/", told)
    page = response.content.decode()
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert sentence in page
    assert "Typed meanwhile." in page
    assert all(value in page for name, value in told.items() if value.strip() and name != "waiver-expires_on")
    assert not Waiver.objects.exists()


def test_the_day_proposed_is_a_quarter_away(url, cast, client_for):
    page = client_for(cast.designer).get(f"{url}?panel=waiver").content.decode()
    assert f'value="{day(90)}"' in page
    assert page.index("Ask for the waiver") < page.index("Add evidence")


def test_granting_in_place(url, base, asked, cast, client_for):
    page = client_for(cast.manager).get(base).content.decode()
    assert "Grant or refuse it" in page
    response = htmx(client_for(cast.manager), f"{url}waiver/{asked.pk}/grant/", **{"waiver-word": "Agreed."})
    page = response.content.decode()
    assert "granted by Manager" in page
    assert "1 golden rule waived until" in page
    asked.refresh_from_db()
    assert (asked.state, asked.answered_by, asked.word) == ("granted", cast.manager, "Agreed.")


def test_refusing_asks_for_a_word(url, asked, cast, client_for):
    manager = client_for(cast.manager)
    response = manager.post(f"{url}waiver/{asked.pk}/refuse/", {"panel": "open"})
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Say why, so that the team knows what to do instead." in response.content.decode()
    assert manager.post(f"{url}waiver/{asked.pk}/refuse/", {"waiver-word": "Too long."}).status_code == HTTPStatus.FOUND
    assert "Too long." in manager.get(url).content.decode()


def test_answered_meanwhile_shows_what_is_there_and_what_was_typed(url, asked, cast, client_for):
    waiving.grant(by=cast.second_manager, waiver=asked)
    typed = {"waiver-word": "Not before March.", "panel": "open"}
    response = client_for(cast.manager).post(f"{url}waiver/{asked.pk}/refuse/", typed)
    page = response.content.decode()
    assert response.status_code == HTTPStatus.CONFLICT
    assert "does not wait any more" in page
    assert "granted by Second manager" in page
    assert "Not before March." in page


def test_asked_by_a_colleague_meanwhile(url, asked, cast, client_for):
    told = SAID | {"waiver-expires_on": day(), "panel": "open"}
    response = client_for(cast.second_designer).post(f"{url}waiver/", told)
    assert response.status_code == HTTPStatus.CONFLICT
    assert all(
        words in response.content.decode() for words in ("has been asked for already", "The map comes in March.")
    )


def test_a_double_click_asks_once(url, cast, client_for):
    for _ in range(2):
        client_for(cast.designer).post(f"{url}waiver/", SAID | {"waiver-expires_on": day()})
    assert Waiver.objects.count() == 1


def test_taking_it_back_and_ending_it(url, asked, service, rule, cast, client_for):
    client_for(cast.designer).post(f"{url}waiver/{asked.pk}/withdraw/")
    asked.refresh_from_db()
    assert asked.state == "withdrawn"
    waiver = walking.waive(service, rule, cast.designer, cast.manager)
    manager = client_for(cast.manager)
    refused = manager.post(f"{url}waiver/{waiver.pk}/end/", {"panel": "open"})
    assert "Say why the waiver ends before its day." in refused.content.decode()
    manager.post(f"{url}waiver/{waiver.pk}/end/", {"waiver-reason": "Nobody answers the telephone."})
    waiver.refresh_from_db()
    assert (waiver.state, waiver.closing) == ("ended", "Nobody answers the telephone.")


OFFERS = {
    "designer": {"Take the request back"},
    "second_designer": set(),
    "manager": {"Grant the waiver", "Refuse it"},
    "viewer": set(),
    "auditor": set(),
    "administrator": set(),
}


@pytest.mark.parametrize("who", OFFERS)
def test_each_is_offered_what_they_may_do(url, asked, cast, client_for, who):
    page = client_for(getattr(cast, who)).get(url).content.decode()
    assert "Waiver asked for" in page
    offered = {"Take the request back", "Grant the waiver", "Refuse it", "Ask for the waiver"}
    assert {words for words in offered if words in page} == OFFERS[who]


@pytest.mark.parametrize("who", ["viewer", "outsider", "designer"])
def test_who_may_not_answer_is_refused(url, asked, cast, client_for, who):
    response = client_for(getattr(cast, who)).post(f"{url}waiver/{asked.pk}/grant/")
    assert response.status_code == (HTTPStatus.NOT_FOUND if who == "outsider" else HTTPStatus.FORBIDDEN)
    asked.refresh_from_db()
    assert asked.state == "asked"


@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_only_by_post(url, asked, cast, client_for, method):
    answer = getattr(client_for(cast.manager), method)(f"{url}waiver/{asked.pk}/grant/")
    assert answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED


def test_a_waiver_of_another_rule_is_not_found(base, asked, cast, client_for):
    other = f"{base}build-reuse-data/waiver/{asked.pk}/grant/"
    assert client_for(cast.manager).post(other).status_code == HTTPStatus.NOT_FOUND


def test_an_item_offers_none(base, service, cast, client_for):
    item = walking.first(service, "item")
    assert "Waiver" not in client_for(cast.designer).get(f"{base}{item.slug}/").content.decode()
    told = SAID | {"waiver-expires_on": day(), "panel": "open"}
    response = client_for(cast.designer).post(f"{base}{item.slug}/waiver/", told)
    assert response.status_code == HTTPStatus.NOT_FOUND


def test_the_decision_form_points_to_the_way(service, rule, base, cast, client_for):
    walking.fulfil(service, cast.designer, cast.second_designer, without=[RULE])
    walking.ask(service, cast.designer)
    page = client_for(cast.manager).get(f"{base}review/").content.decode()
    assert "A designer may ask for a waiver where the rule stands" in page
    assert f"/build/{RULE}/#{RULE}-waiver" in page
    walking.waive(service, rule, cast.designer, cast.second_manager)
    page = client_for(cast.manager).get(f"{base}review/").content.decode()
    assert "A designer may ask for a waiver where the rule stands" not in page
    assert page.index("Waived until") < page.index("The whole picture")
