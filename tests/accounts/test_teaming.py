"""Teams and roles: who may change them, whose, and what a stale tab gets."""

import pytest
from django.urls import reverse

from accounts import teaming
from accounts.acts import Role
from accounts.models import Membership, Team, TrailEntry
from accounts.refusals import Conflict, NotAllowed, Refusal
from tests.accounts.crowd import crowd

pytestmark = pytest.mark.django_db


@pytest.fixture
def url(cast):
    return reverse("accounts:member", args=[cast.team.slug, cast.viewer.pk])


def roles(cast, person) -> set[str]:
    return set(teaming.roles_of(person, cast.team))


def test_a_manager_gives_and_takes_roles(cast, client_for, url):
    response = client_for(cast.manager).post(url, {"roles": ["viewer", "designer"], "seen": "viewer"}, follow=True)
    assert "The roles of Viewer are saved." in response.content.decode()
    assert roles(cast, cast.viewer) == {"viewer", "designer"}
    entry = TrailEntry.objects.get(scope=cast.team.scope)
    assert (entry.who, entry.verb, entry.subject) == (cast.manager, "roles", f"person:{cast.viewer.pk}")
    assert (entry.before, entry.after) == ({"roles": ["viewer"]}, {"roles": ["designer", "viewer"]})


def test_without_any_role_the_person_leaves(cast, client_for, url):
    response = client_for(cast.administrator).post(url, {"seen": "viewer"}, follow=True)
    assert "Viewer is no longer on the team." in response.content.decode()
    assert roles(cast, cast.viewer) == set()
    page = reverse("accounts:team", args=[cast.team.slug])
    assert client_for(cast.viewer).get(page).status_code == 404


@pytest.mark.usefixtures("nothing_published")
def test_saving_what_is_there_leaves_no_trail(cast):
    teaming.set_roles(by=cast.manager, team=cast.team, person=cast.viewer, roles=["viewer"], seen=["viewer"])
    assert not TrailEntry.objects.exists()


def test_nobody_changes_their_own_roles(cast, client_for):
    url = reverse("accounts:member", args=[cast.team.slug, cast.manager.pk])
    assert "Nobody changes their own roles" in client_for(cast.manager).get(url).content.decode()
    response = client_for(cast.manager).post(url, {"roles": ["manager", "designer"], "seen": "manager"})
    assert response.status_code == 403
    assert roles(cast, cast.manager) == {"manager"}


def test_a_stale_tab_shows_how_it_is_now_and_keeps_the_ticks(cast, client_for, url):
    Membership.objects.create(team=cast.team, user=cast.viewer, role=Role.DESIGNER)
    response = client_for(cast.manager).post(url, {"roles": ["viewer", "manager"], "seen": "viewer"})
    page = response.content.decode()
    assert response.status_code == 409
    assert "have changed meanwhile. Now: designer, viewer. What you ticked is kept." in page
    assert '<input type="hidden" name="seen" value="designer,viewer"' in page
    assert roles(cast, cast.viewer) == {"viewer", "designer"}


def test_the_last_manager_goes_only_when_that_is_meant(cast, client_for):
    Membership.objects.filter(user=cast.second_manager).delete()
    url, sent = reverse("accounts:member", args=[cast.team.slug, cast.manager.pk]), {"seen": "manager"}
    response = client_for(cast.administrator).post(url, sent)
    assert response.status_code == 422
    assert "Manager is the last manager of Civil registration" in response.content.decode()
    assert '<input type="checkbox" name="leave_without_manager"' in response.content.decode()
    assert roles(cast, cast.manager) == {"manager"}
    assert client_for(cast.administrator).post(url, sent | {"leave_without_manager": "on"}).status_code == 302
    assert roles(cast, cast.manager) == set()


def test_a_manager_whose_account_is_closed_does_not_count(cast):
    cast.second_manager.is_active = False
    cast.second_manager.save()
    with pytest.raises(teaming.NoManagerLeft):
        teaming.set_roles(by=cast.administrator, team=cast.team, person=cast.manager, roles=[], seen=["manager"])


def test_somebody_not_on_the_team_is_invited_and_not_added(cast, client_for):
    url = reverse("accounts:member", args=[cast.team.slug, cast.outsider.pk])
    assert client_for(cast.manager).post(url, {"roles": ["viewer"], "seen": ""}).status_code == 404
    with pytest.raises(Refusal, match="send an invitation"):
        teaming.set_roles(by=cast.manager, team=cast.team, person=cast.outsider, roles=["viewer"], seen=[])


@pytest.mark.parametrize("who", ["viewer", "designer", "auditor", "editor", "outsider"])
def test_the_domain_asks_again_who_acts(cast, who):
    with pytest.raises(NotAllowed):
        teaming.set_roles(
            by=getattr(cast, who), team=cast.team, person=cast.second_designer, roles=[], seen=["designer"]
        )
    assert roles(cast, cast.second_designer) == {"designer"}


def test_a_role_that_does_not_exist(cast, client_for, url):
    assert client_for(cast.manager).post(url, {"roles": ["owner"], "seen": "viewer"}).status_code == 422


def test_an_administrator_adds_a_team(cast, client_for):
    response = client_for(cast.administrator).post(reverse("accounts:team_new"), {"name": "  Ūkis ir turtas "})
    team = Team.objects.get(name="Ūkis ir turtas")
    assert (response.url, team.slug) == (reverse("accounts:team", args=["ukis-ir-turtas"]), "ukis-ir-turtas")
    entry = TrailEntry.objects.get(scope="site")
    assert (entry.who, entry.verb, entry.subject) == (cast.administrator, "created", team.scope)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("", "This field is required"), ("civil REGISTRATION", "of this name already"), ("A\u202eB", "U+202E")],
)
def test_a_name_that_will_not_do(cast, client_for, name, sentence):
    response = client_for(cast.administrator).post(reverse("accounts:team_new"), {"name": name})
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert Team.objects.count() == 2


def test_a_team_named_new_does_not_take_the_page(cast):
    assert teaming.create(by=cast.administrator, name="New").slug == "new-2"


@pytest.mark.parametrize(
    ("who", "names"),
    [("designer", {"Civil registration"}), ("editor", set()), ("administrator", {"Civil registration", "Transport"})],
)
def test_the_list_shows_ones_own_teams(cast, client_for, who, names):
    page = client_for(getattr(cast, who)).get(reverse("accounts:teams")).content.decode()
    assert {name for name in ("Civil registration", "Transport") if name in page} == names


def test_addresses_are_for_those_who_invite(cast, client_for):
    url = reverse("accounts:team", args=[cast.team.slug])
    assert "designer@example.org" in client_for(cast.manager).get(url).content.decode()
    assert "designer@example.org" not in client_for(cast.viewer).get(url).content.decode()


def test_pages_ask_as_much_for_one_as_for_three(cast, client_for, django_assert_num_queries):
    lone = Team.objects.create(name="Lone", slug="lone")
    Membership.objects.create(team=lone, user=cast.viewer, role=Role.VIEWER)
    client = client_for(cast.administrator)
    for slug in ("lone", cast.team.slug):
        with django_assert_num_queries(6):
            client.get(reverse("accounts:team", args=[slug]))


@pytest.mark.django_db(transaction=True)
def test_two_managers_taking_the_role_from_each_other_leave_one(cast):
    pairs = [(cast.manager, cast.second_manager), (cast.second_manager, cast.manager)]

    def take(pair) -> object:
        by, person = pair
        return teaming.set_roles(by=by, team=cast.team, person=person, roles=[], seen=["manager"])

    told = crowd(take, pairs)
    assert sorted(type(one).__name__ for one in told) == ["NotAllowed", "frozenset"]
    assert Membership.objects.filter(team=cast.team, role=Role.MANAGER).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_tabs_at_once_make_one_change(cast):
    def give(role) -> object:
        return teaming.set_roles(by=cast.manager, team=cast.team, person=cast.viewer, roles=[role], seen=["viewer"])

    told = crowd(give, ["designer", "manager"])
    assert sorted(isinstance(one, Conflict) for one in told) == [False, True]
    assert len(roles(cast, cast.viewer)) == 1
