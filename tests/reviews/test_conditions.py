"""Closing a condition: by a manager, with what shows it."""

import pytest
from django.urls import reverse

from accounts.models import TrailEntry
from accounts.refusals import Conflict, Refusal
from reviews import deciding
from reviews.models import Condition, Outcome
from tests.reviews import walking

pytestmark = pytest.mark.django_db


@pytest.fixture
def condition(review, cast):
    demands = [walking.demand(cast.designer)]
    return walking.sign(review, cast.manager, Outcome.GO_WITH_CONDITIONS, demands).conditions.get()


def address(condition):
    return reverse("reviews:close_condition", args=[condition.service.slug, condition.pk])


def note(condition, text="Rehearsed on Tuesday."):
    return {f"condition-{condition.pk}-note": text}


def test_it_is_met_with_what_shows_it(condition, cast):
    deciding.close_condition(by=cast.second_manager, condition=condition, note=" Rehearsed. ")
    condition.refresh_from_db()
    assert (condition.state, condition.closing_note) == (Condition.State.MET, "Rehearsed.")
    assert condition.closed_by == cast.second_manager
    assert TrailEntry.objects.get(verb="close").after == {"state": "met", "note": "Rehearsed."}


def test_a_closed_one_is_not_closed_again(condition, cast):
    deciding.close_condition(by=cast.manager, condition=condition, note="Rehearsed.")
    with pytest.raises(Conflict, match="closed already"):
        deciding.close_condition(by=cast.second_manager, condition=condition, note="Again.")
    condition.refresh_from_db()
    assert condition.closed_by == cast.manager


def test_without_what_shows_it_nothing_is_closed(condition, cast):
    with pytest.raises(Refusal, match="what shows"):
        deciding.close_condition(by=cast.manager, condition=condition, note=" ")
    condition.refresh_from_db()
    assert condition.state == Condition.State.OPEN


def test_the_page_closes_it(condition, cast, client_for):
    response = client_for(cast.manager).post(address(condition), note(condition), follow=True)
    content = response.content.decode()
    assert "Condition 1 is met." in content
    assert "Rehearsed on Tuesday." in content
    assert "It is met</button>" not in content


def test_the_page_says_what_is_missing(condition, cast, client_for):
    response = client_for(cast.manager).post(address(condition), note(condition, ""))
    assert response.status_code == 422
    assert b"Say what shows that the condition is met." in response.content


def test_the_page_says_when_it_is_closed_already(condition, cast, client_for):
    deciding.close_condition(by=cast.second_manager, condition=condition, note="Rehearsed.")
    response = client_for(cast.manager).post(address(condition), note(condition))
    assert response.status_code == 409
    assert b"closed already" in response.content


@pytest.mark.parametrize(
    ("name", "status"),
    [("viewer", 403), ("designer", 403), ("auditor", 403), ("administrator", 403), ("outsider", 404)],
)
def test_only_managers_close(name, status, condition, cast, client_for):
    assert client_for(getattr(cast, name)).post(address(condition), note(condition)).status_code == status
    condition.refresh_from_db()
    assert condition.state == Condition.State.OPEN


def test_only_managers_are_offered_it(condition, cast, client_for):
    review = condition.decision.review
    stage = walking.passage_of(condition.service).stage.slug
    path = reverse("reviews:past_review", args=[condition.service.slug, stage, review.number])
    assert b"It is met</button>" in client_for(cast.manager).get(path).content
    assert b"It is met</button>" not in client_for(cast.designer).get(path).content


def test_a_condition_of_another_service_is_not_found(condition, cast, client_for):
    path = reverse("reviews:close_condition", args=["no-such-service", condition.pk])
    assert client_for(cast.manager).post(path, note(condition)).status_code == 404
