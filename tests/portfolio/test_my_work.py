"""My work: what waits for a person and what they owe, by date, of services they see; and nothing else."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership
from checklists import documenting, evidencing, planning, waiving
from checklists.evidencing import Proof
from portfolio import my_work
from reviews.models import Condition, Outcome
from stages import assigning, keeping
from stages.models import Passage
from tests.reviews import walking

pytestmark = pytest.mark.django_db
URL = reverse("portfolio:my_work")


@pytest.fixture
def sees(client_for):
    """What a person's page shows: under each heading the duties."""

    def sees(person) -> dict[str, list[str]]:
        html = client_for(person).get(URL).content.decode()
        sections = re.findall(r"<section.*?<h2[^>]*>(.*?)</h2>(.*?)</section>", html, re.DOTALL)
        duty = re.compile(r'<span class="soft">(.*?):</span> <a[^>]*>(.*?)</a>')
        return {heading: [f"{what}: {title}" for what, title in duty.findall(rows)] for heading, rows in sections}

    return sees


@pytest.fixture
def send(cast):
    def send(service, by=None):
        plan = walking.first(service, "deliverable")
        by = by or cast.designer
        draft = documenting.add(by=by, service=service, requirement=plan, address="https://docs.example.org/x")
        return documenting.send(by=by, version=draft)

    return send


def attach(service, by, ends):
    proof = Proof(form="note", text=f"Until {ends}.", title="Test report", valid_until=ends)
    return evidencing.attach(by=by, service=service, requirement=walking.first(service, "rule"), proof=proof)


def test_nothing_to_do_says_what_will_stand_here(client_for, cast):
    html = client_for(cast.viewer).get(URL).content.decode()
    assert "Nothing waits for you" in html
    assert f'href="{URL}" aria-current="page"' in html


def test_a_document_waits_for_those_who_may_approve_it(sees, send, service, cast):
    version = send(service)
    waits = {"Waiting for you": [f"Approve or send back: {version.document.requirement}"]}
    for person in (cast.second_designer, cast.manager):
        assert sees(person) == waits
    for person in (cast.designer, cast.viewer, cast.outsider, cast.administrator):
        assert sees(person) == {}
    documenting.approve(by=cast.manager, version=version)
    assert sees(cast.second_designer) == {}


def test_a_version_that_a_newer_one_has_overtaken_waits_for_nobody(sees, send, service, cast):
    send(service)
    plan = walking.first(service, "deliverable")
    newer = documenting.add(by=cast.designer, service=service, requirement=plan, address="https://docs.example.org/y")
    documenting.send(by=cast.designer, version=newer)
    assert sees(cast.manager) == {"Waiting for you": [f"Approve or send back: {plan}"]}


def test_a_waiver_waits_for_the_managers_who_did_not_ask(sees, service, cast, today):
    rule = walking.first(service, "rule")
    said = {"reason": "The test is in March.", "measure": "Logins are looked at.", "expires_on": today + timedelta(9)}
    waiver = waiving.ask(by=cast.designer, service=service, requirement=rule, **said)
    assert sees(cast.manager) == {"Waiting for you": [f"Grant or refuse the waiver: {rule}"]}
    assert sees(cast.designer) == {}
    waiving.grant(by=cast.manager, waiver=waiver)
    assert sees(cast.second_manager) == {}


def test_evidence_that_ends_stands_under_its_day(sees, service, cast, today):
    for days in (0, 7, 8, 30, 31):
        attach(service, cast.designer, today + timedelta(days=days))
    renew = "Renew the evidence: Test report"
    assert sees(cast.designer) == {"This week": [renew] * 2, "Later": [renew] * 2}
    assert sees(cast.second_designer) == {}


def test_an_entry_is_mine_by_name_or_by_role_with_its_day_or_without(sees, service, cast, today):
    item, other = [one for one in walking.asked(service) if one.kind == "item"][:2]
    care = planning.Care(cast.viewer, today + timedelta(days=30))
    planning.entrust(by=cast.designer, service=service, requirement=item, care=care, seen=planning.Care())
    role = other.role.slug
    assigning.assign(by=cast.designer, service=service, people={role: cast.viewer}, seen={role: None})
    mine = sees(cast.viewer)
    assert mine["Later"] == [f"checklist item: {item}"]
    assert f"checklist item: {other}" in mine["No date"]


def test_a_round_is_brought_to_its_gate_by_those_who_ask(sees, service, cast, today):
    Passage.objects.filter(service=service, state="open").update(due_on=today + timedelta(days=3))
    assert sees(cast.designer) == {"This week": ["Ask for the review of the round: Build"]}
    assert sees(cast.manager) == {}


def test_a_review_waits_for_a_manager_and_a_condition_for_its_owner(sees, service, cast):
    walking.fulfil(service, cast.designer, cast.second_designer)
    Membership.objects.create(user=cast.second_designer, team=cast.team, role="manager")
    first = walking.first(service, "item")
    walking.say(service, first, cast.second_designer, state="open")
    walking.say(service, first, cast.second_designer, state="done")
    review = walking.ask(service, cast.designer)
    assert sees(cast.manager) == {"Waiting for you": ["Decide: Build"]}
    assert sees(cast.second_designer) == {"For another manager to decide": ["Decide: Build"]}
    walking.sign(review, cast.manager, Outcome.GO_WITH_CONDITIONS, [walking.demand(cast.designer, "Rehearse", days=3)])
    assert sees(cast.manager) == {}
    assert sees(cast.designer) == {"This week": ["Meet the condition: Rehearse"]}
    Condition.objects.update(said_met_by=cast.designer, said_met_at=timezone.now())
    assert sees(cast.designer) == {}
    assert sees(cast.manager) == {"Waiting for you": ["Confirm that the condition is met: Rehearse"]}
    keeping.archive(by=cast.manager, service=service, reason="Given up.")
    assert sees(cast.manager) == {}


def test_who_left_the_team_is_asked_for_nothing(sees, send, service, cast, today):
    send(service)
    attach(service, cast.second_designer, today)
    Membership.objects.filter(user=cast.second_designer).delete()
    assert sees(cast.second_designer) == {}


def test_the_same_queries_for_one_and_three(client_for, send, service, add_service, cast, today):
    client, counts = client_for(cast.second_designer), []
    for one in (service, add_service("Address change"), add_service("Zoo ticket")):
        send(one)
        attach(one, cast.second_designer, today)
        client.get(URL)
        with CaptureQueriesContext(connection) as queries:
            client.get(URL)
        counts.append(len(queries))
    assert counts == [counts[0]] * 3


def test_a_bounded_number_and_more_on_request(client_for, send, service, add_service, cast, monkeypatch):
    monkeypatch.setattr(my_work, "PAGE", 1)
    for one in (service, add_service("Address change"), add_service("Zoo ticket")):
        send(one)
    client = client_for(cast.manager)
    shown = [client.get(URL, {"more": more}).content.decode() for more in ("", "2", "3", "x", "0")]
    assert [html.count("Approve or send back") for html in shown] == [1, 2, 3, 1, 1]
    assert ["Show more" in html for html in shown] == [True, True, False, True, True]
    assert 'href="?more=2"' in shown[0]
