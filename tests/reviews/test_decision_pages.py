"""Signing on the page: what is typed is never lost, what is stale is never signed. No JavaScript anywhere."""

import html
import re
from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains

from accounts.acts import Role
from accounts.models import Membership
from checklists.proofs import Proof
from reviews import canonical, submitting
from reviews.models import Condition, Decision, Outcome, Review
from stages.models import Kind
from tests.accounts import tampering
from tests.reviews import walking

pytestmark = pytest.mark.django_db
WHY = "The way back was tried twice."


def address(service, name="decide_review", stage="build", **more):
    return reverse(f"reviews:{name}", kwargs={"slug": service.slug, "stage": stage, **more})


def shown(client, service) -> dict[str, str]:
    """The hidden fields and defaults of the form as the page shows it."""
    page = client.get(address(service, "review")).content.decode()
    return {name: value for name, value in hidden(page).items() if name.startswith(("seen_", "conditions-"))}


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of a page, as a browser would send them."""
    found = re.findall(r'<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?', page)
    return {name: html.unescape(value) for name, value in found}


def filled(client, service, outcome=Outcome.GO, **more):
    return shown(client, service) | {"outcome": outcome, "rationale": WHY, "looked": "on"} | more


def condition(owner, row=0, text="Rehearse", days=10, **more):
    due = (timezone.localdate() + timedelta(days=days)).isoformat()
    told = {"text": text, "owner": owner.pk, "due_on": due, **more}
    return {f"conditions-{row}-{name}": value for name, value in told.items()}


@pytest.fixture
def manager(cast, client_for):
    return client_for(cast.manager)


def test_signing_leads_to_the_record(review, ready, manager):
    response = manager.post(address(ready), filled(manager, ready), follow=True)
    assert response.redirect_chain == [(address(ready, "past_review", number=1), 302)]
    content = response.content.decode()
    assert "Signed: Go." in content
    assert WHY in content
    assert "Both texts still have these digests" in content
    decision = Decision.objects.get()
    for digest in (decision.sha256, review.snapshot.sha256):
        assert " ".join(digest[place : place + 4] for place in range(0, 64, 4)) in content


def test_a_record_says_the_same_to_readers_on_both_sides_of_midnight(service, cast, client_for):
    """Where it was decided it was the last day of evidence and condition; elsewhere the next one had begun."""
    evening = datetime.combine(timezone.localdate(), time(22), UTC)
    with time_machine.travel(evening, tick=False):
        rule, proof = walking.first(service, Kind.RULE), Proof(form="note", text="Seen.", valid_until=evening.date())
        walking.fulfil(service, cast.designer, cast.second_designer, without=[rule.slug])
        walking.say(service, rule, cast.designer, state="met", proof=proof)
        owed = walking.demand(cast.designer, days=0)
        decision = walking.sign(walking.ask(service, cast.designer), cast.manager, Outcome.GO_WITH_CONDITIONS, [owed])
        cast.viewer.time_zone = "Pacific/Auckland"
        cast.viewer.save()
        record = address(service, "past_review", number=1)
        pages = [client_for(who).get(record).content.decode() for who in (cast.designer, cast.viewer)]
    told = [re.findall(r'class="state state-(\w+)"', page) for page in pages]
    assert told[0] == told[1]
    assert {"recheck", "overdue", "changed", "stale"} & {*told[1]} == set()
    assert decision.conditions.get().text in pages[1]


def test_signing_with_conditions(incomplete, service, cast, manager):
    rule = walking.first(service, Kind.RULE)
    told = condition(cast.designer) | condition(cast.viewer, row=1, text="Train", about=rule.slug)
    response = manager.post(address(service), filled(manager, service, Outcome.GO_WITH_CONDITIONS, **told))
    assert response.status_code == 302
    first, second = Condition.objects.order_by("number")
    assert (first.text, first.owner, list(first.requirements.all())) == ("Rehearse", cast.designer, [])
    assert (second.text, second.owner, list(second.requirements.all())) == ("Train", cast.viewer, [rule])


def test_everything_wrong_is_said_at_once(incomplete, service, cast, manager):
    told = condition(cast.designer, text="", days=1) | condition(cast.designer, row=1, due_on="soon")
    told = shown(manager, service) | told | {"rationale": ""}
    response = manager.post(address(service), told)
    content = response.content.decode()
    assert response.status_code == 422
    summary = content[content.index('id="decision-errors"') : content.index("<h1>")]
    for sentence in (
        "Choose go, go with conditions or no-go.",
        "Condition 1, What is demanded: Say what is demanded.",
        "Condition 2, Due:",
        "Say why",
        "Confirm that you have looked",
    ):
        assert sentence in summary
    assert 'value="soon"' in content
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    ("outcome", "told", "sentence"),
    [
        (Outcome.GO, {}, "A plain go is possible only when the rules suggest it"),
        (Outcome.GO_WITH_CONDITIONS, {}, "at least one condition"),
        (Outcome.NO_GO, {"conditions-0-text": "x", "conditions-0-due_on": "2099-01-01"}, "Only “go with conditions”"),
        (
            Outcome.GO_WITH_CONDITIONS,
            {"conditions-0-text": "x", "conditions-0-due_on": "2001-01-01"},
            "Condition 1, Due: A condition is due today or later, not in the past.",
        ),
    ],
)
def test_what_the_domain_refuses_is_said_and_nothing_is_lost(
    outcome, told, sentence, incomplete, service, cast, manager
):
    if told:
        told = {**told, "conditions-0-owner": cast.designer.pk}
    response = manager.post(address(service), filled(manager, service, outcome, **told))
    content = response.content.decode()
    assert response.status_code == 422
    assert sentence in content[content.index('id="decision-errors"') : content.index("<h1>")]
    assert WHY in content
    assert not Decision.objects.exists()


def test_one_condition_more_keeps_what_was_typed(incomplete, service, cast, manager):
    told = filled(manager, service, Outcome.GO_WITH_CONDITIONS, **condition(cast.designer)) | {"add": "1"}
    response = manager.post(address(service), told)
    content = response.content.decode()
    assert response.status_code == 200
    assert content.count('class="condition ') == 3
    assert 'class="field-error"' not in content
    assert 'id="decision-errors"' not in content
    assert WHY in content
    assert "Rehearse" in content
    assert not Decision.objects.exists()


def test_ten_conditions_are_the_most(incomplete, service, manager):
    told = filled(manager, service) | {"add": "1", "conditions-TOTAL_FORMS": "10"}
    content = manager.post(address(service), told).content.decode()
    assert content.count('class="condition ') == 10
    assert "Add a condition" not in content


def test_what_is_new_is_shown_beside_what_was_typed(incomplete, service, cast, manager):
    rules = [one for one in walking.asked(service) if one.kind == Kind.RULE]
    walking.say(service, rules[0], cast.designer, state="not_met")
    told = filled(manager, service, Outcome.GO_WITH_CONDITIONS, **condition(cast.designer))
    walking.say(service, rules[1], cast.designer, state="not_met")
    response = manager.post(address(service), told)
    content = response.content.decode()
    assert response.status_code == 409
    new = content[content.index('class="conflict"') : content.index("<h1>")]
    assert rules[1].number in new
    assert rules[0].number not in new
    assert "2 things changed since" in content
    for typed in (WHY, "Rehearse"):
        assert typed in content
    assert 'name="looked" required id="id_looked" checked' not in content
    assert not Decision.objects.exists()
    again = told | {name: value for name, value in hidden(content).items() if name.startswith("seen_")}
    assert manager.post(address(service), again).status_code == 302
    assert len(canonical.load(Decision.objects.get().content)["changes"]) == 2


@pytest.mark.parametrize(
    "forged",
    [
        {"seen_changes": ""},
        {"seen_changes": "f" * 64},
        {"seen_snapshot": ""},
        {"seen_snapshot": "0" * 64},
        {"seen_changes": "f" * 65},
        {"conditions-TOTAL_FORMS": "x"},
        {"conditions-TOTAL_FORMS": "1000"},
        {"outcome": "maybe"},
    ],
)
def test_forged_fields_sign_nothing(forged, review, ready, manager):
    response = manager.post(address(ready), filled(manager, ready) | forged)
    assert response.status_code in (409, 422)
    assert WHY in response.content.decode()
    assert not Decision.objects.exists()


def test_forged_owners_and_requirements_are_refused(review, ready, cast, manager):
    elsewhere = walking.first(ready, Kind.RULE, "go-live").slug
    for told in (condition(cast.outsider), condition(cast.designer, about=elsewhere)):
        response = manager.post(address(ready), filled(manager, ready, Outcome.GO_WITH_CONDITIONS, **told))
        assert response.status_code == 422
    assert not Decision.objects.exists()


def test_signing_twice_shows_the_decision_made(review, ready, manager):
    told = filled(manager, ready)
    manager.post(address(ready), told)
    response = manager.post(address(ready), told, follow=True)
    assert response.redirect_chain == [(address(ready, "past_review", number=1), 302)]
    assert "You have signed this decision already." in response.content.decode()
    assert Decision.objects.count() == 1


def test_who_comes_second_reads_the_record_and_keeps_the_words(review, ready, cast, manager, client_for):
    second = client_for(cast.second_manager)
    told = filled(second, ready, Outcome.NO_GO, rationale="I would have waited.")
    manager.post(address(ready), filled(manager, ready))
    response = second.post(address(ready), told)
    content = response.content.decode()
    assert response.status_code == 409
    assert "I would have waited." in content
    assert "Decided by Manager" in content
    assert "Sign the decision" not in content
    assert Decision.objects.get().decided_by == cast.manager


def test_a_withdrawn_review_signs_nothing(review, ready, cast, manager):
    told = filled(manager, ready)
    submitting.withdraw(by=cast.designer, review=review)
    response = manager.post(address(ready), told)
    assert response.status_code == 409
    assert WHY in response.content.decode()
    assert manager.post(address(ready), told | {"seen_snapshot": ""}).status_code == 404


def test_a_picture_taken_again_is_shown_with_what_was_typed(review, ready, cast, manager):
    told = filled(manager, ready)
    submitting.withdraw(by=cast.designer, review=review)
    walking.ask(ready, cast.designer)
    response = manager.post(address(ready), told)
    assert response.status_code == 409
    assert "another picture" in response.content.decode()
    assert WHY in response.content.decode()


@pytest.mark.parametrize("name", ["viewer", "designer", "auditor", "administrator"])
def test_only_managers_reach_it(name, review, ready, cast, manager, client_for):
    told = filled(manager, ready)
    assert client_for(getattr(cast, name)).post(address(ready), told).status_code == 403
    assert client_for(cast.outsider).post(address(ready), told).status_code == 404


def test_a_manager_who_asked_is_refused_however_the_form_was_made(ready, cast, client_for):
    Membership.objects.create(user=cast.manager, team=cast.team, role=Role.DESIGNER)
    walking.ask(ready, cast.manager)
    told = filled(client_for(cast.second_manager), ready)
    response = client_for(cast.manager).post(address(ready), told)
    assert response.status_code == 403
    assert b"whoever asked for this review does not decide on it" in response.content
    assert not Decision.objects.exists()


def test_the_record_tells_what_changed_since_and_back(review, ready, cast, manager):
    manager.post(address(ready), filled(manager, ready))
    path, item = address(ready, "past_review", number=1), walking.first(ready, Kind.ITEM)
    assert b"Changed since this decision" not in manager.get(path).content
    walking.say(ready, item, cast.designer, state="done", proof=walking.NOTE, note="x")
    assert b"Changed since this decision" in manager.get(path).content
    assert b"This decision is stale" not in manager.get(path).content


def test_what_the_manager_saw_when_signing_is_not_news_afterwards(review, ready, cast, manager):
    item = walking.first(ready, Kind.ITEM)
    walking.say(ready, item, cast.designer, state="open")
    manager.post(address(ready), filled(manager, ready))
    content = manager.get(address(ready, "past_review", number=1)).content
    assert b"Changed between the picture and the decision" in content
    assert b"Changed since this decision" not in content


def test_the_record_says_who_asked_and_with_what_note(ready, cast, manager):
    walking.ask(ready, cast.designer, note="One thing is thin.")
    manager.post(address(ready), filled(manager, ready))
    content = " ".join(manager.get(address(ready, "past_review", number=1)).content.decode().split())
    assert f"Asked for by {cast.designer}" in content
    assert "One thing is thin." in content


def test_the_record_says_when_it_is_stale_and_when_it_is_not_any_more(review, ready, cast, manager):
    manager.post(address(ready), filled(manager, ready))
    path, rule = address(ready, "past_review", number=1), walking.first(ready, Kind.RULE)
    walking.say(ready, rule, cast.designer, state="not_met")
    content = manager.get(path).content.decode()
    assert "This decision is stale" in content
    assert "1 of 7 golden rules is not met." in content
    walking.say(ready, rule, cast.designer, state="met")
    content = manager.get(path).content.decode()
    assert "This decision is stale" not in content
    assert "Changed since this decision" not in content


def test_an_altered_record_says_so(review, ready, cast, manager):
    decision = walking.sign(review, cast.manager)
    altered = decision.content.replace("The picture is sound.", "The picture is perfect.")
    tampering.lift()
    Decision.objects.filter(pk=decision.pk).update(content=altered)
    content = manager.get(address(ready, "past_review", number=1)).content
    assert b"does not have its digest any more" in content


def test_the_next_stage_shows_what_was_demanded(incomplete, service, cast, manager):
    demand = walking.demand(cast.designer, "Rehearse the way back", days=0)
    walking.sign(incomplete, cast.manager, Outcome.GO_WITH_CONDITIONS, [demand])
    walking.ask(service, cast.designer, "go-live")
    content = manager.get(address(service, "review", "go-live")).content.decode()
    unmet = content[content.index('id="unmet"') : content.index('id="whole"')]
    assert "Rehearse the way back" in unmet
    assert Review.objects.count() == 2


def test_an_unmet_rule_leads_to_where_its_waiver_is_asked_for(service, cast, manager):
    """Before the decision, and where a mistaken one is superseded."""
    rule = walking.first(service, Kind.RULE)
    walking.fulfil(service, cast.designer, cast.second_designer, without=[rule.slug])
    review = walking.ask(service, cast.designer)
    asked_for = f'href="/services/{service.slug}/build/{rule.slug}/#{rule.slug}-waiver">{rule.number}</a>'
    assertContains(manager.get(address(service, "review")), asked_for)
    walking.sign(review, cast.manager, Outcome.NO_GO)
    assertContains(manager.get(address(service, "supersede", number=1)), asked_for)
