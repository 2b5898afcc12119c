"""Adding a service that starts from an earlier one."""

import pytest
from django.urls import reverse

from checklists import starting
from checklists.proofs import Proof
from stages import keeping
from stages.models import Service
from tests.reviews import walking

pytestmark = pytest.mark.django_db
NEW = reverse("portfolio:service_new")


@pytest.fixture
def earlier(service, cast):
    proof = Proof(form="note", text="Seen on the live system.")
    walking.say(service, walking.first(service, "rule"), cast.designer, state="met", proof=proof)
    return service


@pytest.fixture
def sent(cast, edition, planned_on, earlier):
    return {
        "name": "Marriage certificate",
        "team": cast.team.pk,
        "edition": edition.pk,
        "planned_on": planned_on.isoformat(),
        "copy_of": earlier.slug,
    }


def test_it_starts_as_a_copy(client_for, cast, sent, earlier):
    client = client_for(cast.designer)
    page = client.post(NEW, sent, follow=True).content.decode()
    assert "Birth certificate online said:" in page
    new = Service.objects.get(name="Marriage certificate")
    assert (new.copied_from, new.answers.count()) == (earlier, 0)
    about = client.get(reverse("portfolio:service", args=[new.slug])).content.decode()
    assert f'<a href="{reverse("portfolio:service", args=[earlier.slug])}">Birth certificate online</a>' in about


def test_two_presses_make_one(client_for, cast, sent):
    client = client_for(cast.designer)
    for _press in range(2):
        assert client.post(NEW, sent).status_code == 302
    assert Service.objects.filter(name="Marriage certificate").count() == 1


def test_the_page_of_a_service_offers_it_to_designers_of_its_team(client_for, cast, earlier):
    address = reverse("portfolio:service", args=[earlier.slug])
    link = f"{NEW}?copy_of={earlier.slug}"
    assert link in client_for(cast.designer).get(address).content.decode()
    assert link not in client_for(cast.viewer).get(address).content.decode()
    page = client_for(cast.designer).get(link).content.decode()
    assert f'<option value="{earlier.slug}" selected>' in page


def test_an_archived_one_can_be_copied(client_for, cast, sent, earlier):
    keeping.archive(by=cast.manager, service=earlier, reason="Replaced.")
    assert client_for(cast.designer).post(NEW, sent).status_code == 302


def test_only_services_of_ones_own_teams_are_offered_and_taken(client_for, cast, edition, planned_on, sent, earlier):
    client = client_for(cast.outsider)
    assert f'value="{earlier.slug}"' not in client.get(f"{NEW}?copy_of={earlier.slug}").content.decode()
    response = client.post(NEW, sent | {"team": cast.other_team.pk})
    assert response.status_code == 422
    assert Service.objects.count() == 1


def test_not_across_the_teams_of_one_person(client_for, cast, edition, planned_on, sent):
    """Who designs for two teams does not carry what one of them said to the other."""
    cast.designer.memberships.create(team=cast.other_team, role="designer")
    told = {"team": cast.other_team, "edition": edition, "name": "Driving licence", "planned_on": planned_on}
    theirs = starting.start(by=cast.designer, **told)
    response = client_for(cast.designer).post(NEW, sent | {"copy_of": theirs.slug})
    assert response.status_code == 422
    assert "Choose a service of the same team" in response.content.decode()
    assert Service.objects.count() == 2
