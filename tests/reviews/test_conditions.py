"""Settling a condition: met with what shows it, extended or dropped with a reason; by a manager."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import TrailEntry
from accounts.refusals import Conflict, Refusal
from reviews import settling
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
    settling.close(by=cast.second_manager, condition=condition, note=" Rehearsed. ")
    condition.refresh_from_db()
    assert (condition.state, condition.closing_note) == (Condition.State.MET, "Rehearsed.")
    assert condition.closed_by == cast.second_manager
    assert TrailEntry.objects.get(verb="close").after == {"state": "met", "note": "Rehearsed."}


def test_a_closed_one_is_not_closed_again(condition, cast):
    settling.close(by=cast.manager, condition=condition, note="Rehearsed.")
    with pytest.raises(Conflict, match="closed already"):
        settling.close(by=cast.second_manager, condition=condition, note="Again.")
    condition.refresh_from_db()
    assert condition.closed_by == cast.manager


def test_without_what_shows_it_nothing_is_closed(condition, cast):
    with pytest.raises(Refusal, match="what shows"):
        settling.close(by=cast.manager, condition=condition, note=" ")
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
    settling.close(by=cast.second_manager, condition=condition, note="Rehearsed.")
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


def extension(condition, days: int = 14, **other):
    told = {
        "due_on": condition.due_on + timedelta(days=days),
        "reason": "The supplier is late.",
        "seen": condition.due_on,
    }
    return {**told, **other}


def form_of(condition, days: int = 14, **other):
    return {f"extend-{condition.pk}-{name}": str(value) for name, value in extension(condition, days, **other).items()}


def to(condition, act: str) -> str:
    return reverse(f"reviews:{act}", args=[condition.service.slug, condition.pk])


def test_it_is_extended_and_no_longer_overdue(condition, cast):
    late = timezone.now() + timedelta(days=31)
    assert condition.overdue(timezone.localdate(late))
    before = condition.due_on.isoformat()
    settling.extend(by=cast.manager, condition=condition, at=late, **extension(condition))
    condition.refresh_from_db()
    assert condition.due_on == timezone.localdate() + timedelta(days=44)
    assert not condition.overdue(timezone.localdate(late))
    entry = TrailEntry.objects.get(verb="extend")
    assert (entry.before, entry.after) == (
        {"due_on": before},
        {"due_on": condition.due_on.isoformat(), "reason": "The supplier is late."},
    )


@pytest.mark.parametrize(
    ("days", "other", "field"), [(0, {}, "due_on"), (-3, {}, "due_on"), (9, {"reason": " "}, "reason")]
)
def test_extending_is_to_a_later_day_with_a_reason(condition, cast, days, other, field):
    with pytest.raises(Refusal) as refused:
        settling.extend(by=cast.manager, condition=condition, **extension(condition, days, **other))
    assert refused.value.detail["field"] == field
    assert not TrailEntry.objects.filter(verb="extend").exists()


def test_a_day_that_is_past_is_no_extension(condition, cast):
    late = timezone.now() + timedelta(days=90)
    with pytest.raises(Refusal, match="not in the past"):
        settling.extend(by=cast.manager, condition=condition, at=late, **extension(condition))


def test_two_managers_do_not_extend_past_each_other(condition, cast):
    told = extension(condition)
    settling.extend(by=cast.manager, condition=condition, **told)
    with pytest.raises(Conflict, match="moved this date"):
        settling.extend(by=cast.second_manager, condition=condition, **told)


def test_it_is_dropped_with_a_reason_and_for_good(condition, cast):
    settling.drop(by=cast.manager, condition=condition, reason="The register took it over.")
    condition.refresh_from_db()
    assert (condition.state, condition.closing_note) == (Condition.State.DROPPED, "The register took it over.")
    assert condition.closed_by == cast.manager
    with pytest.raises(Conflict, match="closed already"):
        settling.extend(by=cast.manager, condition=condition, **extension(condition))
    with pytest.raises(Conflict, match="closed already"):
        settling.close(by=cast.manager, condition=condition, note="Met.")


def test_nothing_is_dropped_without_a_reason(condition, cast):
    with pytest.raises(Refusal, match="Say why"):
        settling.drop(by=cast.manager, condition=condition, reason=" ")
    condition.refresh_from_db()
    assert condition.state == Condition.State.OPEN


def test_its_page_tells_its_history(condition, cast, client_for):
    client = client_for(cast.manager)
    before = condition.due_on
    page = client.post(to(condition, "extend_condition"), form_of(condition), follow=True).content.decode()
    assert "Condition 1 has more time." in page
    after = date_format(before + timedelta(days=14))
    assert f"<del>{date_format(before)}</del> → <ins>{after}</ins>" in page
    sent = {f"drop-{condition.pk}-reason": "No longer needed."}
    client.post(to(condition, "drop_condition"), sent)
    page = client_for(cast.viewer).get(to(condition, "condition")).content.decode()
    assert page.index("Manager dropped it") < page.index("Manager moved the date") < page.index("Manager set it")
    assert '<form class="form"' not in page


def test_the_page_keeps_what_was_typed(condition, cast, client_for):
    client = client_for(cast.manager)
    response = client.post(to(condition, "extend_condition"), form_of(condition, reason=""))
    assert response.status_code == 422
    assert (condition.due_on + timedelta(days=14)).isoformat() in response.content.decode()
    response = client.post(to(condition, "extend_condition"), form_of(condition, days=-1))
    assert response.status_code == 422
    assert "Extending means a later day" in response.content.decode()
    assert client.post(to(condition, "drop_condition"), {}).status_code == 422


def test_dropped_is_said_on_the_service_page(condition, cast, client_for):
    settling.drop(by=cast.manager, condition=condition, reason="No longer needed.")
    page = client_for(cast.viewer).get(reverse("portfolio:service", args=[condition.service.slug])).content.decode()
    assert "Dropped by Manager on" in page
    assert "No longer needed." in page


@pytest.mark.parametrize("act", ["extend_condition", "drop_condition"])
@pytest.mark.parametrize(("name", "status"), [("designer", 403), ("viewer", 403), ("outsider", 404)])
def test_only_managers_extend_and_drop(act, name, status, condition, cast, client_for):
    sent = form_of(condition) | {f"drop-{condition.pk}-reason": "x"}
    assert client_for(getattr(cast, name)).post(to(condition, act), sent).status_code == status
