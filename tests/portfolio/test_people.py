"""The page that says who does what."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from stages import assigning, keeping
from stages.models import Assignment

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(service) -> str:
    return reverse("portfolio:people", args=[service.slug])


@pytest.fixture
def act(service) -> str:
    return reverse("portfolio:assign", args=[service.slug])


def read(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def fill(service, by, **people) -> None:
    named = {slug.replace("_", "-"): user for slug, user in people.items()}
    assigning.assign(by=by, service=service, people=named, seen={})


def test_a_designer_says_who_fills_a_role(client_for, cast, service, address, act):
    client = client_for(cast.designer)
    assert "0 of 14 roles are filled." in read(client, address)
    sent = {"design-lead": cast.viewer.pk, "seen-design-lead": ""}
    page = client.post(act, sent, follow=True).content.decode()
    assert "1 of 14 roles is filled." in page
    assert f'<option value="{cast.viewer.pk}" selected>Viewer</option>' in page
    assert Assignment.objects.get().user == cast.viewer


def test_others_read_it(client_for, cast, service, address, act):
    fill(service, cast.designer, design_lead=cast.second_designer)
    for who in (cast.viewer, cast.manager, cast.auditor, cast.administrator):
        page = read(client_for(who), address)
        assert '<span class="person">Second designer</span>' in page
        assert "<select" not in page
    assert client_for(cast.manager).post(act).status_code == 403
    assert client_for(cast.outsider).get(address).status_code == 404
    assert client_for(cast.outsider).post(act).status_code == 404
    assert client_for(cast.designer).get(act).status_code == 405


def test_only_members_are_offered_and_taken(client_for, cast, service, address, act):
    client = client_for(cast.designer)
    page = read(client, address)
    assert ">Second manager</option>" in page
    assert ">Outsider</option>" not in page
    response = client.post(act, {"design-lead": cast.outsider.pk})
    assert response.status_code == 422
    assert "Choose somebody who is on the team now." in response.content.decode()
    assert not Assignment.objects.exists()


def test_a_stale_tab_sees_who_it_is_now_and_may_save_again(client_for, cast, service, act):
    fill(service, cast.second_designer, design_lead=cast.manager)
    client, sent = client_for(cast.designer), {"design-lead": cast.viewer.pk, "seen-design-lead": ""}
    response = client.post(act, sent)
    page = response.content.decode()
    assert response.status_code == 409
    assert "Now it is Manager. Your choice is kept: save it if it is right." in page
    assert f'<option value="{cast.viewer.pk}" selected>Viewer</option>' in page
    assert f'name="seen-design-lead" value="{cast.manager.pk}"' in page
    assert client.post(act, sent | {"seen-design-lead": cast.manager.pk}).status_code == 302
    assert Assignment.objects.get().user == cast.viewer


def test_what_a_person_leaves_behind_has_to_be_handed_over(client_for, cast, service, address):
    fill(service, cast.designer, design_lead=cast.second_designer)
    cast.second_designer.memberships.all().delete()
    page = read(client_for(cast.designer), address)
    assert "Service designer / design lead has to be handed over: Second designer is no longer on the team." in page
    assert f'<option value="{cast.second_designer.pk}" selected>' in page


def test_an_archived_service_is_read(client_for, cast, service, address, act):
    keeping.archive(by=cast.manager, service=service, reason="The law changed.")
    client = client_for(cast.designer)
    assert "<select" not in read(client, address)
    assert client.post(act).status_code == 409


def test_the_queries_are_the_same_for_one_role_and_for_three(client_for, cast, service, address):
    client, counted = client_for(cast.designer), []
    for more in ({"design_lead": cast.viewer}, {"test_lead": cast.manager, "service_owner": cast.designer}):
        fill(service, cast.designer, **more)
        with CaptureQueriesContext(connection) as queries:
            read(client, address)
        counted.append(len(queries))
    assert counted[0] == counted[1]


def test_the_page_of_the_service_leads_there(client_for, cast, service, address):
    page = read(client_for(cast.viewer), reverse("portfolio:service", args=[service.slug]))
    assert f'<a href="{address}">Who does what</a>' in page
    assert "Nobody fills a role yet." in page
