"""An invited person joins and makes their sign-in safe: an authenticator app, recovery codes, a passkey."""

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Page, expect

from tests.journeys.story import Person

pytestmark = pytest.mark.journey
PASSWORD = "a long walk along the river"
HEADING, EMAIL = {"level": 1}, re.compile("e-?mail", re.IGNORECASE)


def code(secret: str) -> str:
    """The six digits of the app, early enough in their half minute to be typed."""
    if time.time() % 30 > 25:
        time.sleep(30 - time.time() % 30)
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


@pytest.fixture
def newcomer(somebody, mailed):
    """`newcomer(address)` was invited by a manager, has followed the link of the mail, and is on the team."""

    def join(address: str) -> Person:
        page = somebody("manager").opens("/teams/").page
        page.locator("main .rows a").first.click()
        page.get_by_role("link", name="Invite somebody").click()
        page.get_by_label("E-mail address").fill(address)
        page.get_by_label("designer:").check()
        page.get_by_role("button", name="Send the invitation").click()
        expect(page.locator(".messages")).to_contain_text(address)
        person = somebody()
        person.site = person.site.replace("127.0.0.1", "localhost")  # browsers keep passkeys for names alone
        person.opens(mailed(address, r"https?://[^/\s]+(/join/\S+)")).looks()
        person.page.get_by_label("Your name").fill("Rasa Newcomer")
        person.page.get_by_label("Password", exact=True).fill(PASSWORD)
        person.page.get_by_label("The password once more").fill(PASSWORD)
        person.page.get_by_role("button", name="Accept and sign in").click()
        expect(person.page.locator(".messages")).to_contain_text("You are on the team")
        return person

    return join


def gives_password(person: Person, address: str) -> Page:
    page = person.opens("/accounts/login/").page
    page.get_by_label(EMAIL).fill(address)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    return page


def sees(person: Person, heading: str) -> Person:
    expect(person.page.get_by_role("heading", **HEADING)).to_have_text(heading)
    return person.looks()


def is_still_themselves(person: Person) -> None:
    """A fresh sign-in is asked for."""
    sees(person, "Is it still you?")
    person.page.get_by_label("Password").fill(PASSWORD)
    person.page.get_by_role("button", name="It is me, go on").click()


def test_an_invited_person_signs_in_with_a_code(newcomer, somebody, mailed):
    address = "rasa@journeys.example"
    rasa = newcomer(address).opens("/profile/").looks()
    page = rasa.page
    page.get_by_role("link", name="Set up an authenticator app").click()
    is_still_themselves(rasa)
    secret = sees(rasa, "Set up an authenticator app").page.locator(".secret").inner_text().replace(" ", "")
    page.get_by_label("Code", exact=True).fill("000000")
    page.get_by_role("button", name="Switch it on").click()
    expect(page.locator(".error-summary")).to_contain_text("This code does not fit")
    rasa.looks()
    page.get_by_label("Code", exact=True).fill(code(secret))
    page.get_by_role("button", name="Switch it on").click()
    codes = sees(rasa, "Recovery codes").page.locator(".codes code").all_inner_texts()
    assert len(set(codes)) == 10
    with page.expect_download() as file:
        page.get_by_role("link", name="Save the file").click()
    assert codes[0] in file.value.path().read_text()
    assert mailed(address, "(An authenticator app was set up)")

    rasa.signs_out()
    page = gives_password(rasa, address)
    sees(rasa, "The second step").page.get_by_label("Code", exact=True).fill(code(secret))
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", **HEADING)).to_have_text("Services")

    elsewhere = somebody(javascript=False)
    page = gives_password(elsewhere, address)
    page.get_by_label("Code", exact=True).fill(codes[0])
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.locator(".messages")).to_contain_text("9 recovery codes are left")
    elsewhere.opens("/profile/")
    page.get_by_role("link", name="Make new ones").click()
    is_still_themselves(elsewhere)
    elsewhere.follows(page.get_by_role("button", name="Make new ones"))
    new = page.locator(".codes code").all_inner_texts()
    assert len(new) == len(codes)
    assert not set(new) & set(codes)


def test_a_passkey_opens_the_account(newcomer):
    address = "jonas@journeys.example"
    jonas = newcomer(address)
    page = jonas.page
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    key = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    key |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    device.send("WebAuthn.addVirtualAuthenticator", {"options": key})

    jonas.opens("/profile/").page.get_by_role("link", name="Add a passkey").click()
    is_still_themselves(jonas)
    sees(jonas, "Add a passkey").page.get_by_label("Name").fill("Work laptop")
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("heading", **HEADING)).to_have_text("Recovery codes")
    jonas.opens("/profile/").looks()
    expect(page.locator("main")).to_contain_text("Passkey “Work laptop”")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("has a passkey for your account already")
    jonas.looks()

    jonas.signs_out()
    jonas.opens("/accounts/login/?next=/profile/").looks()
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", **HEADING)).to_have_text("Profile")

    jonas.signs_out()
    gives_password(jonas, address)
    sees(jonas, "The second step").page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", **HEADING)).to_have_text("Services")

    jonas.opens("/profile/").page.get_by_role("link", name="Rename Work laptop").click()
    page.get_by_role("link", name="Use a passkey").click()
    expect(page.get_by_role("button", name="Use a passkey")).to_be_visible()
    sees(jonas, "Is it still you?").page.get_by_role("button", name="Use a passkey").click()
    sees(jonas, "Rename a passkey").page.get_by_label("Name").fill("Old laptop")
    page.get_by_role("button", name="Save the name").click()
    page.get_by_role("link", name="Remove Old laptop").click()
    sees(jonas, "Remove the passkey “Old laptop”?").page.get_by_role("button", name="Remove").click()
    expect(page.locator(".messages")).to_contain_text("Your password alone opens your account now.")
