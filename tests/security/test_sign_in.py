"""At the door: guessing gets nowhere, nobody learns who has an account, and no link leads to somebody else's site."""

import re

import pytest
from django.core import mail
from django.urls import reverse

from accounts.models import User
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db
LOGIN, FORGOTTEN = reverse("account_login"), reverse("account_reset_password")


def told(response) -> str:
    """The page without what differs each time: its token, and what was typed."""
    return "\n".join(line for line in response.content.decode().splitlines() if "csrf" not in line and "@" not in line)


def test_guessing_a_password_is_throttled_even_for_who_then_knows_it(cast, client_for):
    client, who = client_for(), cast.designer.email
    for attempt in range(6):
        page = client.post(LOGIN, {"login": who, "password": f"guess {attempt}"}).content.decode()
    assert "Too many failed login attempts" in page
    assert client.post(LOGIN, {"login": who, "password": PASSWORD}).status_code == 200
    assert client.get("/").status_code == 302


def test_guessing_is_counted_by_account_whatever_else_changes(cast, client_for):
    """The port in the name of the site, the place it comes from, the letters' case: all of them are the guesser's."""
    who = cast.designer.email
    told = [
        client_for()
        .post(
            LOGIN,
            {"login": who.upper() if n % 2 else who, "password": "guess"},
            HTTP_HOST=f"{('localhost', '127.0.0.1', 'localhost.')[n % 3]}:{8000 + n}",
            REMOTE_ADDR=f"192.0.2.{n}",
            HTTP_X_FORWARDED_FOR=f"198.51.100.{n}",
        )
        .content.decode()
        for n in range(6)
    ]
    assert ["Too many failed login attempts" in page for page in told] == [False] * 5 + [True]


@pytest.mark.parametrize("key", ["abcdefgh\x00", "abcdefgh\xff", "' OR 1=1; --", "../../../etc"])
def test_a_cookie_that_is_no_session_of_ours_is_not_even_looked_for(client_for, key, django_assert_num_queries):
    client = client_for()
    client.cookies["sessionid"] = key
    with django_assert_num_queries(0):
        assert client.get("/").status_code == 302


def test_many_addresses_from_one_place_are_throttled_too(cast, client_for):
    client = client_for()
    told = [client.post(LOGIN, {"login": f"{n}@example.org", "password": "x"}).status_code for n in range(40)]
    assert (told[0], told[-1]) == (200, 429)


def test_signing_in_does_not_say_who_has_an_account(cast, client_for):
    answers = [
        client_for().post(LOGIN, {"login": who, "password": "guessed"})
        for who in (cast.designer.email, "no@example.org")
    ]
    assert answers[0].status_code == answers[1].status_code == 200
    assert told(answers[0]) == told(answers[1])


def test_a_forgotten_password_does_not_say_who_has_an_account(cast, client_for):
    answers = [
        client_for().post(FORGOTTEN, {"email": who}, follow=True) for who in (cast.designer.email, "no@example.org")
    ]
    assert told(answers[0]) == told(answers[1])
    assert [one.to for one in mail.outbox] == [[cast.designer.email]]


@pytest.mark.parametrize("sent", [{"HTTP_HOST": "evil.example"}, {"HTTP_X_FORWARDED_HOST": "evil.example"}])
def test_a_foreign_host_gets_into_no_mail(cast, client_for, sent):
    response = client_for().post(FORGOTTEN, {"email": cast.designer.email}, **sent)
    assert response.status_code == (400 if "HTTP_HOST" in sent else 302)
    assert [one for one in mail.outbox if "evil.example" in one.body] == []


@pytest.mark.parametrize("host", ["testserver:4444", "localhost.", "other.example.org:8000"])
def test_no_mail_leads_to_where_it_was_asked_for(cast, client_for, settings, host):
    """A host that is allowed is not yet the installation: a port of it, or a name beside it, may be somebody else's."""
    settings.ADDRESS = "https://launchkit.example.org"
    settings.ALLOWED_HOSTS = ["testserver", "localhost", ".example.org"]
    assert client_for().post(FORGOTTEN, {"email": cast.designer.email}, HTTP_HOST=host).status_code == 302
    [link] = re.findall(r"https?://\S+", mail.outbox[0].body)
    assert link.startswith("https://launchkit.example.org/accounts/password/reset/key/")
    client = client_for()
    form = client.get(link.removeprefix(settings.ADDRESS), follow=True)
    new = {"password1": "another-Secret-8", "password2": "another-Secret-8"}
    assert client.post(form.redirect_chain[-1][0], new).status_code == 302
    cast.designer.refresh_from_db()
    assert cast.designer.check_password("another-Secret-8")


@pytest.mark.parametrize("meanwhile", [{"is_active": False}, {"email": "elsewhere@example.org"}])
def test_a_link_for_a_new_password_ends_with_the_account_and_with_the_address(cast, client_for, meanwhile):
    client_for().post(FORGOTTEN, {"email": cast.designer.email})
    [link] = re.findall(r"https?://[^/]+(\S+)", mail.outbox[0].body)
    User.objects.filter(pk=cast.designer.pk).update(**meanwhile)
    client = client_for()
    followed = client.get(link, follow=True)
    new = {"password1": "another-Secret-8", "password2": "another-Secret-8"}
    client.post(followed.redirect_chain[-1][0] if followed.redirect_chain else link, new)
    cast.designer.refresh_from_db()
    assert cast.designer.check_password(PASSWORD)


@pytest.mark.parametrize(
    "next_page", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_after_signing_in_nobody_is_sent_elsewhere(cast, client_for, next_page):
    response = client_for().post(LOGIN, {"login": cast.designer.email, "password": PASSWORD, "next": next_page})
    assert (response.status_code, response.url) == (302, "/")


def test_a_form_from_another_site_is_refused(cast, client_for):
    client = client_for(cast.designer, enforce_csrf_checks=True)
    assert client.post(reverse("accounts:profile"), {"name": "Other"}).status_code == 403
    cast.designer.refresh_from_db()
    assert cast.designer.name == "Designer"


def test_the_session_cannot_be_read_by_a_script_nor_sent_by_another_site(cast, client_for):
    client = client_for()
    client.post(LOGIN, {"login": cast.designer.email, "password": PASSWORD})
    for cookie in (client.cookies["sessionid"], client.cookies["csrftoken"]):
        assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
