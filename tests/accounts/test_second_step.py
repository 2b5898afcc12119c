"""Signing in with a second step, and its pages on the profile."""

import re
import time
from datetime import timedelta
from urllib.parse import urlencode

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import authenticators, securing
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXP"
MADE_UP = [
    "",
    "null",
    "{}",
    "[]",
    '"x"',
    '{"id": "x", "response": {}}',
    '{"id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": {"userHandle": "MQ", "clientDataJSON": "e30",'
    ' "attestationObject": "oA", "authenticatorData": "AA", "signature": "AA"}, "clientExtensionResults": {}}',
]
LOGIN, STEP, AGAIN = reverse("account_login"), reverse("mfa_authenticate"), reverse("account_reauthenticate")
PROFILE, APP, CODES = reverse("accounts:profile"), reverse("accounts:app"), reverse("accounts:codes")
FILE, RENEW, PASSKEY_NEW = (reverse(f"accounts:{name}") for name in ("codes_file", "codes_new", "passkey_new"))


def code(secret: str = SECRET, *, steps: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


@pytest.fixture
def at_the_door(cast, client_for):
    """The designer, whose app is set up, has given the password."""
    securing.add_app(by=cast.designer, secret=SECRET)
    client = client_for()
    response = client.post(LOGIN, {"login": cast.designer.email, "password": PASSWORD, "next": "/playbooks/"})
    assert (response.status_code, response.url) == (302, STEP)
    return client


@pytest.fixture
def fresh(cast, client_for):
    """`fresh(person)` has just shown once more who they are."""

    def sign_in(person):
        client = client_for(person)
        client.post(AGAIN, {"password": PASSWORD})
        return client

    return sign_in


def test_the_password_alone_does_not_open_the_account(at_the_door):
    response = at_the_door.get("/")
    assert (response.status_code, response.url) == (302, f"{LOGIN}?next=/")


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_code_of_the_app_does_even_by_a_clock_that_is_off(at_the_door, steps):
    response = at_the_door.post(STEP, {"code": code(steps=steps)})
    assert (response.status_code, response.url) == (302, "/playbooks/")
    assert at_the_door.get("/").status_code == 200


@pytest.mark.parametrize("typed", ["000000", "", "12 34", "\x00"])
def test_another_code_does_not(at_the_door, typed):
    page = at_the_door.post(STEP, {"code": typed})
    assert 'class="error-summary"' in page.content.decode()
    assert at_the_door.get("/").status_code == 302


def test_a_code_works_once_even_while_the_clock_allows_it(cast, at_the_door, client_for):
    given = code(steps=1)
    at_the_door.post(STEP, {"code": given})
    other = client_for()
    other.post(LOGIN, {"login": cast.designer.email, "password": PASSWORD})
    with time_machine.travel(timezone.now() + timedelta(seconds=35), tick=False):
        page = other.post(STEP, {"code": given}).content.decode()
    assert "each code works once" in page
    assert other.get("/").status_code == 302


def test_a_recovery_code_opens_once_and_says_how_many_are_left(cast, at_the_door, client_for):
    given = authenticators.of(cast.designer).codes[3]
    page = at_the_door.post(STEP, {"code": f"{given[:4]} {given[4:]}"}, follow=True).content.decode()
    assert "That recovery code is used up. 9 recovery codes are left." in page
    other = client_for()
    other.post(LOGIN, {"login": cast.designer.email, "password": PASSWORD})
    other.post(STEP, {"code": given})
    assert other.get("/").status_code == 302


def test_guessing_is_throttled(at_the_door):
    for attempt in range(6):
        page = at_the_door.post(STEP, {"code": f"{attempt:06}"}).content.decode()
    assert "Too many failed login attempts" in page
    assert "Too many failed login attempts" in at_the_door.post(STEP, {"code": code()}).content.decode()


def test_the_second_step_is_nobodys_without_the_first(client_for):
    assert client_for().get(STEP).url == LOGIN


def test_a_closed_account_stays_closed(cast, at_the_door):
    cast.designer.is_active = False
    cast.designer.save()
    at_the_door.post(STEP, {"code": code()})
    assert at_the_door.get("/").status_code == 302


def test_setting_up_an_app(cast, fresh):
    client = fresh(cast.designer)
    page = client.get(APP).content.decode()
    key = re.search(r'class="secret">([A-Z2-7 ]+)<', page).group(1).replace(" ", "")
    assert f"secret={key}&amp;issuer=Launchkit" in page
    wrong = client.post(APP, {"code": "000000"})
    assert (wrong.status_code, key in wrong.content.decode().replace(" ", "")) == (422, True)
    done = client.post(APP, {"code": code(key)}, follow=True)
    assert done.redirect_chain == [(CODES, 302)]
    assert done.content.decode().count("<li><code>") == 10
    assert "Authenticator app" in client.get(PROFILE).content.decode()
    assert client.get(APP).url == PROFILE


@pytest.mark.parametrize("address", [APP, CODES, FILE, RENEW, PASSKEY_NEW])
def test_every_secret_asks_for_a_fresh_sign_in(cast, client_for, address):
    response = client_for(cast.designer).get(address)
    assert response.url == f"{AGAIN}?{urlencode({'next': address})}"


def test_a_sign_in_is_fresh_for_five_minutes(cast, fresh):
    client = fresh(cast.designer)
    assert client.get(APP).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        assert client.get(APP).status_code == 302


def test_a_code_shows_who_it_is_as_well_as_the_password(cast, client_for):
    securing.add_app(by=cast.designer, secret=SECRET)
    client = client_for(cast.designer)
    ways = client.get(AGAIN).content.decode()
    assert "Give a code of your authenticator app, or a recovery code" in ways
    client.post(reverse("mfa_reauthenticate"), {"code": code()})
    assert client.get(CODES).status_code == 200


def test_codes_as_a_file(cast, fresh):
    securing.add_app(by=cast.designer, secret=SECRET)
    file = fresh(cast.designer).get(FILE)
    told = file.content.decode()
    assert [one in told for one in authenticators.of(cast.designer).codes] == [True] * 10
    assert file["Content-Disposition"].startswith("attachment")
    assert "no-store" in file["Cache-Control"]


def test_codes_made_anew(cast, fresh):
    securing.add_app(by=cast.designer, secret=SECRET)
    client = fresh(cast.designer)
    former = authenticators.of(cast.designer).codes
    assert "stop working at once" in client.get(RENEW).content.decode()
    page = client.post(RENEW, follow=True).content.decode()
    now = authenticators.of(cast.designer).codes
    assert ([one in page for one in now], set(now) & set(former)) == ([True] * 10, set())


def test_no_codes_say_where_they_come_from(cast, fresh):
    client = fresh(cast.designer)
    assert "They come with a second step" in client.get(CODES).content.decode()
    assert client.post(RENEW).status_code == 422


def test_removing_asks_first_and_says_what_follows(cast, fresh):
    made = securing.add_app(by=cast.designer, secret=SECRET)
    address = reverse("accounts:remove_own", args=[made.pk])
    client = fresh(cast.designer)
    assert "It is the last one" in client.get(address).content.decode()
    page = client.post(address, follow=True).content.decode()
    assert "Your password alone opens your account now." in page
    assert Authenticator.objects.count() == 0
    assert client.get(address).status_code == 404


def test_renaming_a_passkey(cast, fresh):
    made = securing.add_passkey(by=cast.designer, name="Firefox on Linux", credential={})
    address = reverse("accounts:passkey", args=[made.pk])
    client = fresh(cast.designer)
    assert 'value="Firefox on Linux"' in client.get(address).content.decode()
    assert client.post(address, {"name": "A\u202eB"}).status_code == 422
    assert "Work laptop" in client.post(address, {"name": "Work laptop"}, follow=True).content.decode()


@pytest.mark.parametrize("name", ["passkey", "remove_own"])
def test_what_is_somebody_elses_is_not_found(cast, fresh, name):
    made = securing.add_passkey(by=cast.designer, name="Laptop", credential={})
    assert fresh(cast.manager).get(reverse(f"accounts:{name}", args=[made.pk])).status_code == 404


@pytest.mark.parametrize("credential", MADE_UP)
def test_a_browser_that_gives_no_passkey(cast, fresh, credential):
    client = fresh(cast.designer)
    client.get(PASSKEY_NEW)
    assert client.post(PASSKEY_NEW, {"name": "Laptop", "credential": credential}).status_code == 422
    response = client.post(reverse("mfa_reauthenticate_webauthn"), {"credential": credential})
    assert response.status_code == 302
    assert Authenticator.objects.count() == 0


@pytest.mark.parametrize("credential", MADE_UP[1:])
def test_a_made_up_passkey_is_no_second_step(at_the_door, credential):
    page = at_the_door.post(STEP, {"credential": credential})
    assert (page.status_code, at_the_door.get("/").status_code) == (200, 302)


@pytest.mark.parametrize("credential", MADE_UP)
def test_a_stranger_with_a_made_up_passkey(client_for, credential):
    client, address = client_for(), reverse("mfa_login_webauthn")
    assert client.get(address, headers={"accept": "application/json"}).json()["request_options"]["publicKey"]
    assert client.post(address, {"credential": credential}).url == LOGIN
    assert client.get("/").status_code == 302


@pytest.mark.parametrize(
    ("host", "works"),
    [("127.0.0.1:8000", False), ("[::1]:8000", False), ("localhost:8000", True), ("launchkit.example", True)],
)
def test_where_passkeys_work(host, works):
    assert authenticators.passkeys_work_at(host) == works


def test_an_administrator_removes_the_second_step_of_somebody(cast, fresh, client_for):
    securing.add_app(by=cast.designer, secret=SECRET)
    page = reverse("accounts:person", args=[cast.designer.pk])
    address = reverse("accounts:remove_second_step", args=[cast.designer.pk])
    assert client_for(cast.administrator).post(address).url.startswith(AGAIN)
    administrator = fresh(cast.administrator)
    assert "Remove the second step" in administrator.get(page).content.decode()
    told = administrator.post(address, follow=True).content.decode()
    assert "The second step of Designer is removed." in told
    assert "None: the password alone opens this account." in told


def test_the_profile_asks_as_much_for_three_passkeys_as_for_one(cast, client_for):
    client, asked = client_for(cast.designer), []
    for many in (1, 2):
        for number in range(many):
            securing.add_passkey(by=cast.designer, name=f"Key {number}", credential={})
        with CaptureQueriesContext(connection) as queries:
            client.get(PROFILE)
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_no_code_opens_everything():
    assert getattr(settings, "MFA_TOTP_INSECURE_BYPASS_CODE", None) is None
