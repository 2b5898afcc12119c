"""Adding a service: by a designer, once, on the latest edition."""

import threading

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.acts import Role
from accounts.models import Membership, TrailEntry
from portfolio import adding
from stages.models import Edition, Service

NEW = reverse("portfolio:service_new")


@pytest.fixture
def filled(cast, edition, planned_on) -> dict[str, object]:
    return {
        "name": "Fishing permit",
        "summary": "Anglers buy a permit.",
        "team": cast.team.pk,
        "edition": edition.pk,
        "planned_on": planned_on.isoformat(),
    }


@pytest.mark.django_db
def test_it_starts_in_the_first_stage(client_for, cast, filled, planned_on):
    response = client_for(cast.designer).post(NEW, filled)
    service = Service.objects.get()
    assert response.status_code == 302
    assert response.url == reverse("reviews:workbench", args=["fishing-permit", "build"])
    assert (service.name, service.summary, service.team, service.planned_on) == (
        "Fishing permit",
        "Anglers buy a permit.",
        cast.team,
        planned_on,
    )
    assert [passage.state for passage in service.passages.all()] == ["open", "locked", "locked"]
    assert service.tallies.count() == 3
    entry = TrailEntry.objects.get(scope=service.scope, sequence=1)
    assert (entry.who, entry.verb) == (cast.designer, "created")


@pytest.mark.django_db
def test_the_next_page_says_what_to_do(client_for, cast, filled):
    page = client_for(cast.designer).post(NEW, filled, follow=True).content.decode()
    assert "Fishing permit is added. Begin with the golden rules below." in page


@pytest.mark.django_db
def test_the_form_chooses_what_there_is_only_one_of(client_for, cast, edition):
    page = client_for(cast.designer).get(NEW).content.decode()
    assert f'<option value="{cast.team.pk}" selected>Civil registration</option>' in page
    assert f'<option value="{edition.pk}" selected>Public service launch, edition 1</option>' in page
    assert "Transport" not in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "This field is required."),
        ("name", "   ", "This field is required."),
        ("name", "x" * 121, "Ensure this value has at most 120 characters (it has 121)."),
        ("summary", "x" * 501, "Ensure this value has at most 500 characters (it has 501)."),
        ("planned_on", "2001-02-03", "a planned go-live cannot be in the past"),
        ("planned_on", "soon", "Enter a valid date."),
        ("planned_on", "", "This field is required."),
        ("edition", "0", "Select a valid choice."),
        ("team", "", "This field is required."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_lost(client_for, cast, filled, field, value, sentence):
    response = client_for(cast.designer).post(NEW, filled | {field: value})
    page = response.content.decode()
    assert response.status_code == 422
    assert 'class="error-summary"' in page
    assert f'href="#id_{field}"' in page
    assert sentence in page
    assert field == "summary" or "Anglers buy a permit." in page
    assert not Service.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["viewer", "manager", "auditor", "editor", "administrator"])
def test_only_designers_may(client_for, cast, filled, who):
    client = client_for(getattr(cast, who))
    assert client.get(NEW).status_code == 403
    assert client.post(NEW, filled).status_code == 403
    assert not Service.objects.exists()


@pytest.mark.django_db
def test_nobody_signed_in_is_sent_to_the_door(client_for, filled):
    assert client_for().post(NEW, filled).status_code == 302
    assert not Service.objects.exists()


@pytest.mark.django_db
def test_not_for_another_team(client_for, cast, filled):
    """A designer elsewhere, or a viewer here, cannot smuggle the team in."""
    response = client_for(cast.outsider).post(NEW, filled)
    assert response.status_code == 422
    Membership.objects.create(user=cast.designer, team=cast.other_team, role=Role.VIEWER)
    response = client_for(cast.designer).post(NEW, filled | {"team": cast.other_team.pk})
    assert response.status_code == 422
    assert not Service.objects.exists()


@pytest.mark.django_db
def test_pressed_twice_it_is_added_once(client_for, cast, filled):
    client = client_for(cast.designer)
    first, second = client.post(NEW, filled), client.post(NEW, filled)
    assert first.url == second.url
    assert Service.objects.count() == 1


@pytest.mark.django_db
def test_the_same_name_by_another_person_is_another_service(client_for, cast, filled):
    client_for(cast.designer).post(NEW, filled)
    client_for(cast.second_designer).post(NEW, filled)
    assert sorted(Service.objects.values_list("slug", flat=True)) == ["fishing-permit", "fishing-permit-2"]


@pytest.mark.django_db
def test_a_minute_later_the_same_name_is_another_service(cast, edition, planned_on):
    told = {"by": cast.designer, "team": cast.team, "edition": edition, "name": "Ferry", "planned_on": planned_on}
    now = timezone.now()
    adding.add(**told, at=now - adding.SAME_PRESS)
    added = adding.add(**told, at=now)
    assert (added.new, added.service.slug) == (True, "ferry-2")


@pytest.mark.django_db
def test_only_the_latest_edition_is_on_offer(client_for, cast, edition, filled):
    newer = Edition.objects.get(pk=edition.pk)
    newer.pk, newer.number = None, 2
    newer.save()
    page = client_for(cast.designer).get(NEW).content.decode()
    assert "Public service launch, edition 2" in page
    assert "Public service launch, edition 1" not in page
    assert client_for(cast.designer).post(NEW, filled).status_code == 422


@pytest.mark.usefixtures("nothing_published")
@pytest.mark.django_db
def test_without_a_playbook_the_page_says_so(client_for, cast):
    page = client_for(cast.designer).get(NEW).content.decode()
    assert "No playbook yet" in page


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_make_one_service(cast, edition, planned_on):
    told = {"by": cast.designer, "team": cast.team, "edition": edition, "name": "Ferry", "planned_on": planned_on}
    gate, added = threading.Barrier(2), []

    def press() -> None:
        gate.wait()
        added.append(adding.add(**told))
        connection.close()

    threads = [threading.Thread(target=press) for _press in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one.new for one in added) == [False, True]
    assert Service.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("day", ["9999-12-31", "2999-01-01"])
def test_a_day_that_is_too_far_away_is_refused_at_its_field(client_for, cast, filled, day):
    response = client_for(cast.designer).post(NEW, filled | {"planned_on": day})
    assert response.status_code == 422
    assert "Choose a day within the next hundred years." in response.content.decode()
    assert not Service.objects.exists()
