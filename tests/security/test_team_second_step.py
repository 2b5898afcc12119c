"""A team may ask everybody on it for a second step: then nothing opens before there is one."""

import re

import pytest
from django.urls import reverse

from accounts import securing, teaming
from accounts.models import Team, TrailEntry
from accounts.refusals import NotAllowed
from tests.accounts.test_second_step import SECRET, code
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db
PROFILE = reverse("accounts:profile") + "#second-step"


def rule(team: Team) -> str:
    return reverse("accounts:ask_second_step", args=[team.slug])


@pytest.fixture
def asking(cast) -> Team:
    return teaming.ask_second_step(by=cast.manager, team=cast.team, asked=True)


def test_a_manager_asks_and_no_longer_asks(cast, client_for):
    securing.add_app(by=cast.manager, secret=SECRET)
    manager, page = client_for(cast.manager), reverse("accounts:team", args=[cast.team.slug])
    assert "Ask for it from now on" in manager.get(page).content.decode()
    told = manager.post(rule(cast.team), {"asked": "on"}, follow=True).content.decode()
    assert "Civil registration asks for a second step now." in told
    assert "No longer ask for it" in told
    told = manager.post(rule(cast.team), {}, follow=True).content.decode()
    assert "Civil registration no longer asks for a second step." in told
    entries = TrailEntry.objects.filter(scope=cast.team.scope, verb="second_step").order_by("sequence")
    assert [(one.who, one.after) for one in entries] == [(cast.manager, {"asked": told}) for told in (True, False)]


def test_twice_is_once(cast, asking):
    teaming.ask_second_step(by=cast.administrator, team=cast.team, asked=True)
    assert TrailEntry.objects.filter(verb="second_step").count() == 1


@pytest.mark.parametrize("who", ["designer", "viewer", "auditor", "outsider"])
def test_nobody_else_asks(cast, who):
    with pytest.raises(NotAllowed):
        teaming.ask_second_step(by=getattr(cast, who), team=cast.team, asked=True)


def test_whoever_has_none_comes_to_where_it_is_set_up_and_then_goes_on(cast, service, client_for):
    designer, there = client_for(cast.designer), reverse("portfolio:service", args=[service.slug])
    assert designer.get(there).status_code == 200
    teaming.ask_second_step(by=cast.manager, team=cast.team, asked=True)
    assert designer.get(there).url == PROFILE
    assert "Civil registration asks everybody on it for a second step." in designer.get(PROFILE).content.decode()
    designer.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = designer.get(reverse("accounts:app")).content.decode()
    secret = re.search(r'<code class="secret">([A-Z2-7 ]+)</code>', page)[1].replace(" ", "")
    assert designer.post(reverse("accounts:app"), {"code": code(secret)}).url == reverse("accounts:codes")
    assert designer.get(reverse("accounts:codes")).status_code == 200
    assert designer.get(there).status_code == 200


def test_a_session_begun_by_password_alone_ends_when_the_first_step_is_set_up(cast, asking, client_for):
    here, elsewhere = client_for(), client_for()
    for browser in (here, elsewhere):
        browser.post(reverse("account_login"), {"login": cast.designer.email, "password": PASSWORD})
        assert browser.get("/").url == PROFILE
    here.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = here.get(reverse("accounts:app")).content.decode()
    secret = re.search(r'<code class="secret">([A-Z2-7 ]+)</code>', page)[1].replace(" ", "")
    done = here.post(reverse("accounts:app"), {"code": code(secret)}, follow=True)
    assert "Signed out on 1 device." in done.content.decode()
    assert here.get("/").status_code == 200
    assert elsewhere.get("/").url == f"{reverse('account_login')}?next=/"


def test_nothing_is_changed_before_either(cast, service, asking, client_for):
    answer = reverse("reviews:answer", args=[service.slug, "build", "build-accessible"])
    assert client_for(cast.designer).post(answer, {"seen": "0", "state": "not_met"}).url == PROFILE
    assert not service.answers.exists()


def test_whoever_removes_the_last_one_is_asked_again(cast, asking, client_for):
    securing.add_app(by=cast.designer, secret=SECRET)
    designer = client_for(cast.designer)
    assert designer.get("/").status_code == 200
    securing.remove_all(by=cast.administrator, person=cast.designer)
    assert designer.get("/").url == PROFILE


def test_other_teams_and_open_pages_are_as_before(cast, asking, client_for):
    assert client_for(cast.outsider).get("/").status_code == 200
    assert client_for(cast.auditor).get("/").status_code == 200
    designer = client_for(cast.designer)
    assert designer.get(reverse("reviews:verify")).status_code == 200
    assert designer.post(reverse("account_logout")).status_code == 302


def test_who_is_behind_a_session_still_takes_one_query(cast, asking, client_for, django_assert_num_queries):
    client = client_for(cast.designer)
    with django_assert_num_queries(2):  # the session, and the person with roles and second step
        assert client.get("/").url == PROFILE
