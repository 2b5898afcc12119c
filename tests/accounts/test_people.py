"""Roles on the whole site; people who leave and come back; the first administrator."""

import re

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts import appointing, leaving
from accounts.models import TrailEntry, User
from accounts.refusals import NotAllowed, Refusal
from reviews.models import Outcome
from tests.accounts.crowd import crowd
from tests.cast import PASSWORD, person
from tests.reviews import walking

pytestmark = pytest.mark.django_db


def url(name: str, user: User) -> str:
    return reverse(f"accounts:{name}", args=[user.pk])


def sign_in(client, user: User):
    return client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})


def test_an_administrator_gives_a_role_on_the_site(cast, client_for):
    sent = {"roles": ["auditor", "editor"], "seen": ""}
    response = client_for(cast.administrator).post(url("person", cast.designer), sent, follow=True)
    assert "The roles of Designer are saved." in response.content.decode()
    cast.designer.refresh_from_db()
    assert cast.designer.site_roles == {"auditor", "editor"}
    entry = TrailEntry.objects.get(scope="site")
    assert (entry.who, entry.verb, entry.after) == (cast.administrator, "site_roles", {"roles": ["auditor", "editor"]})


def test_nobody_gives_themselves_a_role(cast, client_for):
    sent = {"roles": ["administrator", "auditor"], "seen": "administrator"}
    response = client_for(cast.administrator).post(url("person", cast.administrator), sent)
    assert response.status_code == 403
    cast.administrator.refresh_from_db()
    assert cast.administrator.site_roles == {"administrator"}


def test_a_stale_tab_gets_the_roles_as_they_are(cast, client_for):
    response = client_for(cast.administrator).post(url("person", cast.auditor), {"roles": ["editor"], "seen": ""})
    assert response.status_code == 409
    assert "Now: auditor. What you ticked is kept." in response.content.decode()


@pytest.mark.parametrize("who", ["manager", "auditor", "editor"])
def test_the_domain_asks_again_who_appoints(cast, who):
    with pytest.raises(NotAllowed):
        appointing.set_roles(by=getattr(cast, who), person=cast.viewer, roles=["editor"], seen=[])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", ["demote", "close"])
def test_of_two_administrators_removing_each_other_one_stays(cast, act):
    other = person("second_administrator", is_administrator=True)

    def remove(pair) -> object:
        by, whom = (User.objects.get(pk=one.pk) for one in pair)
        if act == "close":
            return leaving.deactivate(by=by, person=whom)
        return appointing.set_roles(by=by, person=whom, roles=[], seen=["administrator"])

    told = crowd(remove, [(cast.administrator, other), (other, cast.administrator)])
    assert sorted(isinstance(one, Refusal) for one in told) == [False, True]
    assert User.objects.filter(is_administrator=True, is_active=True).count() == 1


def test_who_leaves_is_signed_out_everywhere_at_once(cast, client):
    sign_in(client, cast.designer)
    assert client.get("/").status_code == 200
    leaving.deactivate(by=cast.administrator, person=cast.designer)
    assert client.get("/").url.startswith(reverse("account_login"))
    assert sign_in(client, cast.designer).url == reverse("account_inactive")
    leaving.reactivate(by=cast.administrator, person=cast.designer)
    assert client.get("/").status_code == 302, "an old session does not come back to life"
    assert sign_in(client, cast.designer).url == "/"


def test_closing_and_opening_again_from_the_page(cast, client_for):
    client = client_for(cast.administrator)
    page = client.post(url("deactivate", cast.designer), follow=True).content.decode()
    assert "Designer is signed out everywhere and cannot sign in any more." in page
    assert "This account is closed" in page
    client.post(url("deactivate", cast.designer))
    page = client.post(url("reactivate", cast.designer), follow=True).content.decode()
    assert "Designer can sign in again" in page
    verbs = list(TrailEntry.objects.filter(scope="site").values_list("verb", flat=True))
    assert verbs == ["deactivated", "reactivated"]
    assert cast.designer.memberships.count() == 1


def test_nobody_closes_their_own_account(cast, client_for):
    assert client_for(cast.administrator).post(url("deactivate", cast.administrator)).status_code == 403


def test_the_page_says_where_no_other_manager_is_left(cast, client_for):
    client = client_for(cast.administrator)
    assert "Nobody else is a manager" not in client.get(url("person", cast.manager)).content.decode()
    leaving.deactivate(by=cast.administrator, person=cast.second_manager)
    page = client.get(url("person", cast.manager)).content.decode()
    assert "Nobody else is a manager of: Civil registration." in page


def test_what_is_open_is_listed_for_handing_over(cast, client_for, service):
    walking.fulfil(service, cast.designer, cast.second_designer)
    demand = walking.demand(cast.designer)
    walking.sign(walking.ask(service, cast.designer), cast.manager, Outcome.GO_WITH_CONDITIONS, [demand])
    client = client_for(cast.administrator)
    page = client.get(reverse("reviews:person_work", args=[cast.designer.pk])).content.decode()
    assert demand.text in page
    assert f'href="{reverse("portfolio:service", args=[service.slug])}#condition-' in page
    page = client.get(reverse("reviews:person_work", args=[cast.viewer.pk])).content.decode()
    assert "Nothing is open" in page


def test_people_with_one_and_three_more_rows(cast, client_for, django_assert_num_queries):
    client, people = client_for(cast.administrator), reverse("accounts:people")
    for _round in range(2):
        with django_assert_num_queries(7):
            assert client.get(people).status_code == 200
        for name in ("ada", "bob", "cyd"):
            person(f"{name}{_round}", cast.other_team, "viewer")


def test_the_first_administrator_chooses_a_password_by_mail(client, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        call_command("create_administrator", "Ada@Example.org", "--name", "Ada Byron")
    user = User.objects.get()
    assert (user.email, user.name, user.site_roles) == ("ada@example.org", "Ada Byron", {"administrator"})
    assert not user.has_usable_password()
    [letter] = mail.outbox
    link = re.search(r"http://\S+", letter.body).group()
    assert (letter.to, link.startswith("http://127.0.0.1:8000/accounts/password/reset/key/")) == ([user.email], True)
    form = client.get(link.removeprefix("http://127.0.0.1:8000"), follow=True)
    sent = {"password1": "a-long-walk-home", "password2": "a-long-walk-home"}
    assert client.post(form.request["PATH_INFO"], sent).status_code == 302
    login = {"login": user.email, "password": "a-long-walk-home"}
    assert client.post(reverse("account_login"), login).url == "/"


def test_the_first_administrator_by_typing(monkeypatch):
    monkeypatch.setattr("getpass.getpass", lambda prompt: "a-long-walk-home")
    call_command("create_administrator", "ada@example.org", "--name", "Ada", "--ask")
    assert User.objects.get().check_password("a-long-walk-home")
    assert not mail.outbox


@pytest.mark.parametrize(
    ("email", "typed", "sentence"),
    [
        ("nobody", ["x", "x"], "Enter a valid email address"),
        ("ada@example.org", ["password", "password"], "too common"),
        ("ada@example.org", ["a-long-walk-home", "a-long-walk"], "differ"),
        ("viewer@example.org", ["a-long-walk-home", "a-long-walk-home"], "has an account already"),
    ],
)
def test_an_administrator_that_cannot_be_made(cast, monkeypatch, email, typed, sentence):
    monkeypatch.setattr("getpass.getpass", lambda prompt: typed.pop(0))
    before = User.objects.count()
    with pytest.raises(CommandError, match=sentence):
        call_command("create_administrator", email, "--name", "Ada", "--ask")
    assert User.objects.count() == before


def test_a_forgotten_password_is_told_in_our_words(cast, client):
    client.post(reverse("account_reset_password"), {"email": cast.viewer.email})
    [letter] = mail.outbox
    assert letter.subject == "Choose a new launchkit password"
    assert letter.body.startswith("Viewer, somebody asked for a new password for viewer@example.org.")


def test_no_mail_goes_to_an_address_that_nobody_has(db, client):
    response = client.post(reverse("account_reset_password"), {"email": "nobody@example.org"})
    assert (response.status_code, mail.outbox) == (302, [])
