"""The frame of every page, and the pages that must come even when nothing else works."""

import re

import pytest
from django.contrib.messages.storage.base import Message
from django.db import InterfaceError, OperationalError
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from launchkit import errors

BARE = ["400.html", "429.html", "500.html", "503.html"]
ALL = [*BARE, "403.html", "403_csrf.html", "404.html", "refused.html"]


def unreachable():
    raise OperationalError("the database is locked")


@pytest.mark.parametrize("name", ALL)
def test_an_error_page_needs_no_database_and_shows_no_menu(name):
    html = render_to_string(name)
    assert re.search(r"<title>[^·<]{8,} · Launchkit</title>", html)
    assert html.count("<h1>") == 1
    assert 'class="mainnav"' not in html
    assert "Traceback" not in html


@pytest.mark.parametrize("name", BARE)
def test_a_bare_page_does_not_even_ask_who_is_there(name, rf: RequestFactory):
    html = render_to_string(name, {"user": SimpleLazyObject(unreachable), "request": rf.get("/")})
    assert 'class="sorry"' in html


def test_a_database_out_of_reach_is_a_503_that_says_when_to_come_back(rf: RequestFactory):
    request = rf.get("/")
    request.user = SimpleLazyObject(unreachable)
    request.session = SimpleLazyObject(unreachable)
    response = errors.unavailable(request)
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert "so nothing was changed" in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fault", "status"), [(OperationalError, 503), (InterfaceError, 503), (ZeroDivisionError, 500)]
)
def test_a_session_that_cannot_be_read_is_that_too(client: Client, monkeypatch, fault, status):
    """Who is signed in is asked for before any view: what goes wrong there comes to no view's net."""

    def load(*_: object) -> None:
        raise fault("the connection was cut")

    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.load", load)
    client.cookies["sessionid"] = "somebody"
    client.raise_request_exception = False
    response = client.get("/")
    assert (response.status_code, response.get("Retry-After")) == (status, "5" if status == 503 else None)


def test_why_something_is_forbidden_is_said_and_escaped():
    html = render_to_string("403.html", {"exception": "Only a manager <decides>."})
    assert "Only a manager &lt;decides&gt;." in html


@pytest.mark.django_db
def test_what_does_not_exist_is_a_page_of_ours(client: Client):
    response = client.get("/nowhere/at/all")
    assert response.status_code == 404
    assert "There is nothing here" in response.content.decode()


@pytest.mark.django_db
def test_a_form_from_elsewhere_is_refused_with_a_sentence():
    response = Client(enforce_csrf_checks=True).post(reverse("account_login"))
    assert response.status_code == 403
    assert "The form was not accepted" in response.content.decode()


@pytest.mark.django_db
def test_the_frame_has_its_landmarks_and_nothing_inline(client: Client):
    html = client.get(reverse("account_login")).content.decode()
    for part in (
        '<html lang="en">',
        'href="#main"',
        'id="main"',
        '<header class="masthead">',
        '<footer class="footer">',
    ):
        assert html.count(part) == 1
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", html)
    assert html.count('rel="stylesheet"') == 1


def test_messages_are_read_out_and_escaped():
    messages = [Message(40, "No <b>."), Message(25, "Saved.")]
    html = render_to_string("components/_messages.html", {"messages": messages})
    assert html.count('role="status"') == 1
    assert re.findall(r'class="notice ([\w-]+)"', html) == ["is-block", "is-met"]
    assert "No &lt;b&gt;." in html


@pytest.mark.django_db
def test_sign_in_says_what_is_wrong(client: Client):
    response = client.post(reverse("account_login"), {"login": "nobody@example.org", "password": "wrong"})
    assert response.status_code == 200
    assert 'id="form-errors"' in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "heading"),
    [
        ("account_login", "Sign in"),
        ("account_signup", "Accounts come by invitation"),
        ("account_inactive", "This account is closed"),
        ("account_reset_password", "Set a new password"),
        ("account_reset_password_done", "Look into your mail"),
        ("account_reset_password_from_key_done", "Your password is changed"),
    ],
)
def test_every_page_before_sign_in_is_ours(client: Client, name, heading):
    html = client.get(reverse(name)).content.decode()
    assert f"<h1>{heading}</h1>" in html
    assert f"<title>{heading} · Launchkit</title>" in html


@pytest.mark.django_db
def test_a_used_link_for_a_password_leads_to_a_new_one(client: Client):
    url = reverse("account_reset_password_from_key", args=["1", "used-up"])
    html = client.get(url).content.decode()
    assert "This link no longer works" in html
    assert f'href="{reverse("account_reset_password")}"' in html


@pytest.mark.django_db
class TestSignedIn:
    @pytest.fixture
    def person(self, django_user_model):
        return django_user_model.objects.create_user(
            email="dana@org.example", name="Dana <D>", password="a long enough one"
        )

    @pytest.mark.parametrize(
        ("name", "heading"),
        [
            ("account_logout", "Sign out"),
            ("account_reauthenticate", "Is it still you?"),
            ("account_change_password", "Change your password"),
        ],
    )
    def test_pages_of_ones_own_account(self, client: Client, person, name, heading):
        client.force_login(person)
        html = client.get(reverse(name)).content.decode()
        assert f"<h1>{heading}</h1>" in html
        assert "Dana &lt;D&gt;" in html

    def test_signing_out_is_a_form_and_not_a_link(self, client: Client, person):
        client.force_login(person)
        html = client.get("/nowhere").content.decode()
        sign_out = reverse("account_logout")
        assert f'<form method="post" action="{sign_out}">' in html
        assert f'href="{sign_out}"' not in html


@pytest.mark.django_db
def test_the_people_of_the_demo_are_offered_only_in_a_demo(client: Client, django_user_model, settings):
    one = django_user_model.objects.create_user(
        email=f"designer@{settings.DEMO_DOMAIN}", name="Designer", password=settings.DEMO_PASSWORD
    )
    offered = client.get(reverse("account_login")).content.decode()
    assert (one.email in offered, settings.DEMO_PASSWORD in offered) == (True, True)
    settings.DEMO = False
    hidden = client.get(reverse("account_login")).content.decode()
    assert (one.email in hidden, settings.DEMO_PASSWORD in hidden) == (False, False)
