"""The language of a page: the person's, else the one chosen in this browser, else what the browser asks for."""

import pytest
from django.conf import settings
from django.urls import reverse

from accounts import languages
from accounts.models import TrailEntry

pytestmark = pytest.mark.django_db
LOGIN, CHOOSE, PROFILE, VERIFY = map(
    reverse, ("account_login", "accounts:language", "accounts:profile", "reviews:verify")
)


def lang(client, path: str = LOGIN, **headers: str) -> str:
    response = client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    page = response.content.decode()
    code = page.split('<html lang="', 1)[1].split('"', 1)[0]
    assert response["Content-Language"] == code
    return code


@pytest.mark.parametrize("code", languages.offered())
def test_the_browser_is_asked(client, code):
    assert lang(client, accept_language=f"tlh, {code}-XX;q=0.9, en;q=0.1") == code


def test_a_language_nobody_offers(client):
    assert lang(client, accept_language="tlh") == settings.LANGUAGE_CODE


def test_brazilian_readers_get_the_portuguese_there_is(client):
    assert lang(client, accept_language="pt-BR") == "pt"


def test_who_is_not_signed_in_chooses_in_this_browser(client):
    response = client.post(CHOOSE, {"language": "lt", "next": VERIFY})
    assert (response.status_code, response.url) == (302, VERIFY)
    assert lang(client, accept_language="fr") == "lt"


@pytest.mark.usefixtures("nothing_published")
def test_who_is_signed_in_chooses_everywhere(cast, client_for):
    client_for(cast.designer).post(CHOOSE, {"language": "el", "next": PROFILE})
    elsewhere = client_for(cast.designer)
    assert [lang(elsewhere, path, accept_language="fr") for path in (PROFILE, VERIFY)] == ["el", "el"]
    assert not TrailEntry.objects.exists()


def test_the_persons_language_comes_before_the_browsers_choice(cast, client_for):
    client = client_for(cast.designer)
    client.post(CHOOSE, {"language": "lt"})
    cast.designer.refresh_from_db()
    cast.designer.language = "pt"
    cast.designer.save()
    assert lang(client, PROFILE) == "pt"


def test_as_the_browser_asks_forgets_the_choice(cast, client_for):
    client = client_for(cast.designer)
    client.post(CHOOSE, {"language": "lt"})
    client.post(PROFILE, {"name": "Ieva", "language": "", "time_zone": ""})
    assert lang(client, PROFILE, accept_language="fr") == "fr"


@pytest.mark.parametrize(
    "back",
    [
        "https://elsewhere.example/",
        "//elsewhere.example",
        "javascript:alert(1)",
        "",
        "1",
        "portfolio:my_work",
        "/\\else.example",
    ],
)
def test_the_way_back_stays_here(client, back):
    assert client.post(CHOOSE, {"language": "fr", "next": back}).url == "/"


def test_a_language_that_is_not_on_offer(cast, client_for):
    response = client_for(cast.designer).post(CHOOSE, {"language": "tlh", "next": PROFILE})
    assert (response.url, settings.LANGUAGE_COOKIE_NAME in response.cookies) == ("/", False)
    cast.designer.refresh_from_db()
    assert cast.designer.language == ""


def test_the_switcher_names_each_language_in_itself(client):
    page = client.get(LOGIN, headers={"accept-language": "el"}).content.decode()
    for code, name in languages.offered().items():
        chosen = ' aria-current="true"' if code == "el" else ""
        assert f'value="{code}" lang="{code}"{chosen}>{name}</button>' in page
    assert f'name="next" value="{LOGIN}"' in page
