"""One's own page: name, language, time zone, and where one is signed in."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts import sessions
from accounts.models import TrailEntry
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db
PROFILE, END = reverse("accounts:profile"), reverse("accounts:end_sessions")
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Mobile Safari/604.1"


@pytest.fixture
def signed_in(cast, client_for):
    """A browser in which the designer has signed in by the page."""

    def browser(agent: str = FIREFOX):
        client = client_for(headers={"user-agent": agent})
        client.post(reverse("account_login"), {"login": cast.designer.email, "password": PASSWORD})
        return client

    return browser


@pytest.mark.usefixtures("nothing_published")
def test_a_person_changes_name_language_and_zone(cast, client_for):
    sent = {"name": "Ieva Kazlauskienė", "language": "en", "time_zone": "Europe/Vilnius"}
    page = client_for(cast.designer).post(PROFILE, sent, follow=True).content.decode()
    assert "Your profile is saved." in page
    cast.designer.refresh_from_db()
    person = cast.designer
    assert (person.name, person.language, person.time_zone) == tuple(sent.values())
    entry = TrailEntry.objects.get()
    assert (entry.who, entry.verb) == (person, "renamed")
    assert (entry.before, entry.after) == ({"name": "Designer"}, {"name": "Ieva Kazlauskienė"})


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"name": ""}, "This field is required."),
        ({"name": "A\u202eB"}, "U+202E"),
        ({"language": "tlh"}, "Select a valid choice."),
        ({"time_zone": "Europe/Atlantis"}, "Select a valid choice."),
    ],
)
def test_what_is_not_on_offer(cast, client_for, changed, sentence):
    sent = {"name": "Ieva", "language": "", "time_zone": ""} | changed
    response = client_for(cast.designer).post(PROFILE, sent)
    assert (response.status_code, sentence in response.content.decode()) == (422, True)
    cast.designer.refresh_from_db()
    assert cast.designer.name == "Designer"


def test_the_page_lists_where_one_is_signed_in(signed_in):
    here = signed_in(FIREFOX)
    signed_in(SAFARI)
    page = here.get(PROFILE).content.decode()
    assert "Firefox on Linux" in page
    assert "Safari on iOS" in page
    assert page.count("this one") == 1


def test_signing_out_everywhere_else(signed_in):
    here, there, elsewhere = signed_in(), signed_in(SAFARI), signed_in(SAFARI)
    page = here.post(END, follow=True).content.decode()
    assert "Signed out on 2 devices." in page
    assert [client.get("/").status_code for client in (here, there, elsewhere)] == [200, 302, 302]


def test_signing_out_of_one(cast, signed_in):
    here, there, elsewhere = signed_in(), signed_in(SAFARI), signed_in(SAFARI)
    [one] = [row for row in sessions.of(cast.designer, key=there.session.session_key) if row.here]
    assert "Signed out on 1 device." in here.post(END, {"session": one.pk}, follow=True).content.decode()
    assert [client.get("/").status_code for client in (here, there, elsewhere)] == [200, 302, 200]


def test_the_sessions_of_others_stay_as_they_are(cast, signed_in, client_for):
    theirs = signed_in()
    [one] = sessions.of(cast.designer, key=None)
    client_for(cast.manager).post(END, {"session": one.pk})
    client_for(cast.manager).post(END)
    assert theirs.get("/").status_code == 200


def test_a_session_that_is_no_number_ends_nothing(cast, signed_in):
    here, there = signed_in(), signed_in(SAFARI)
    here.post(END, {"session": "all"})
    assert there.get("/").status_code == 200


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Linux"),
        (SAFARI, "Safari on iOS"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Chrome/140.0 Safari/537.36", "Chrome on macOS"),
        ("curl/8.1", "A browser that does not say which"),
        ("", "A browser that does not say which"),
    ],
)
def test_a_browser_in_words(agent, words):
    assert sessions.browser(agent) == words


def test_times_are_shown_in_the_persons_zone_and_only_to_them(cast, signed_in, client_for):
    cast.designer.time_zone = "Pacific/Auckland"
    cast.designer.save()
    with time_machine.travel(datetime(2026, 11, 22, 23, 30, tzinfo=UTC)):
        assert "since 23 November 2026, 12:30" in signed_in().get(PROFILE).content.decode()
        assert timezone.get_current_timezone_name() == "UTC"


def test_days_are_counted_as_the_installation_counts_them(cast, client_for, edition):
    cast.designer.time_zone = "Pacific/Auckland"
    cast.designer.save()
    sent = {"name": "Ferry", "team": cast.team.pk, "edition": edition.pk, "planned_on": "2026-11-22"}
    with time_machine.travel(datetime(2026, 11, 22, 23, 30, tzinfo=UTC)):
        assert client_for(cast.designer).post(reverse("portfolio:service_new"), sent).status_code == 302


def test_the_chosen_language_comes_before_the_browsers(cast, client_for, settings):
    settings.LANGUAGES = [("en", "English"), ("el", "Ελληνικά")]
    client = client_for(cast.designer, headers={"accept-language": "en"})
    assert '<html lang="en">' in client.get(PROFILE).content.decode()
    cast.designer.language = "el"
    cast.designer.save()
    response = client.get(PROFILE)
    assert '<html lang="el">' in response.content.decode()
    assert response["Content-Language"] == "el"


def test_a_language_that_is_no_longer_offered_does_no_harm(cast, client_for):
    cast.designer.language = "xx"
    cast.designer.save()
    assert '<html lang="en">' in client_for(cast.designer).get(PROFILE).content.decode()
