"""Nobody signs a decision from a desk that somebody left: the sign-in is fresh, and what was typed is kept."""

from urllib.parse import urlencode

import pytest
from django.urls import reverse

from accounts import securing
from reviews.models import Decision, Review
from tests.accounts.test_second_step import SECRET, code
from tests.cast import PASSWORD, signed_in
from tests.reviews import walking
from tests.reviews.test_decision_pages import WHY, address, condition, filled

pytestmark = pytest.mark.django_db
AGAIN = reverse("account_reauthenticate")


@pytest.fixture
def review(service, cast) -> Review:
    walking.fulfil(service, cast.designer, cast.second_designer)
    return walking.ask(service, cast.designer)


@pytest.fixture
def tired(cast, client_for):
    """A browser of the manager, who signed in six minutes ago."""
    client = client_for(cast.manager)
    signed_in(client, cast.manager, minutes_ago=6)
    return client


def ask(client, service, **more):
    """Sign, and be asked who one is."""
    told = filled(client, service, **more)
    response = client.post(address(service), told)
    assert response.url == f"{AGAIN}?{urlencode({'next': address(service)})}"
    assert not Decision.objects.exists()
    return response.url


def test_whoever_shows_who_they_are_signs_what_they_typed(tired, service, review, cast):
    told = ask(tired, service, outcome="go_with_conditions", **condition(cast.designer))
    assert "with everything you wrote" in tired.get(told).content.decode()
    response = tired.post(AGAIN, {"password": PASSWORD, "next": address(service)})
    assert response.url == address(service, "past_review", number=1)
    decision = Decision.objects.get()
    assert (decision.outcome, decision.rationale) == ("go_with_conditions", WHY)
    assert [one.text for one in decision.conditions.all()] == ["Rehearse"]


def test_a_wrong_password_signs_nothing_and_loses_nothing(tired, service, review):
    ask(tired, service)
    response = tired.post(AGAIN, {"password": "guessed", "next": address(service)})
    assert "Incorrect password" in response.content.decode()
    assert not Decision.objects.exists()
    tired.post(AGAIN, {"password": PASSWORD, "next": address(service)})
    assert Decision.objects.get().rationale == WHY


def test_guessing_the_password_again_and_again_is_throttled(tired, service, review):
    ask(tired, service)
    statuses = [tired.post(AGAIN, {"password": f"guess {n}", "next": address(service)}).status_code for n in range(12)]
    assert statuses[0] == 200
    assert statuses[-1] == 429


def test_a_code_of_the_app_does_as_well(tired, service, review, cast):
    securing.add_app(by=cast.manager, secret=SECRET)
    ask(tired, service)
    tired.post(reverse("mfa_reauthenticate"), {"code": code(), "next": address(service)})
    assert Decision.objects.get().rationale == WHY


def test_what_changed_meanwhile_is_shown_with_what_was_typed(tired, service, review, cast):
    ask(tired, service)
    walking.say(service, walking.first(service, "item"), cast.designer, state="open")
    response = tired.post(AGAIN, {"password": PASSWORD, "next": address(service)})
    assert response.status_code == 409
    assert WHY in response.content.decode()
    assert not Decision.objects.exists()


def test_what_is_wrong_is_said_before_anybody_is_asked(tired, service, review):
    response = tired.post(address(service), filled(tired, service) | {"rationale": ""})
    assert response.status_code == 422


def test_superseding_asks_too(tired, service, review, cast):
    first = walking.sign(review, cast.second_manager)
    there = reverse("reviews:supersede", args=[service.slug, "build", review.number])
    looked = walking.case(review)
    told = {"outcome": "no_go", "rationale": WHY, "mistake": "The wrong file.", "looked": "on"}
    told |= {"conditions-TOTAL_FORMS": "0", "conditions-INITIAL_FORMS": "0", "seen_decision": first.sha256}
    told |= {"seen_snapshot": looked.review.snapshot.sha256, "seen_changes": looked.changes_digest}
    assert tired.post(there, told).url == f"{AGAIN}?{urlencode({'next': there})}"
    assert Decision.objects.count() == 1
    tired.post(AGAIN, {"password": PASSWORD, "next": there})
    assert Decision.objects.count() == 2


def test_four_minutes_are_fresh(client_for, cast, service, review):
    client = client_for(cast.manager)
    signed_in(client, cast.manager, minutes_ago=4)
    assert client.post(address(service), filled(client, service)).url == address(service, "past_review", number=1)
