"""The list of services: who sees what, filters, search, pages, and a query count that does not grow."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from checklists import waiving
from checklists.models import Tally
from portfolio import listing
from stages import catalogue
from stages.models import Service

pytestmark = pytest.mark.django_db
LIST = reverse("portfolio:services")
ROW = re.compile(r'<th scope="row"><a href="/services/([^/]+)/">')


def shown(response) -> list[str]:
    assert response.status_code == 200
    return ROW.findall(response.content.decode())


def link(response, words: str) -> str:
    found = re.search(rf'href="([^"]*)"[^>]*>{words}</a>', response.content.decode())
    return found.group(1).replace("&amp;", "&") if found else ""


def test_a_member_sees_the_services_of_the_team_by_name(client_for, cast, service, add_service):
    add_service("Address change")
    add_service("Fishing permit", by=cast.outsider, team=cast.other_team)
    for person in (cast.viewer, cast.designer, cast.manager):
        assert shown(client_for(person).get(LIST)) == ["address-change", "birth-certificate-online"]
    assert shown(client_for(cast.outsider).get(LIST)) == ["fishing-permit"]


def test_auditor_and_administrator_see_all(client_for, cast, service, add_service):
    add_service("Fishing permit", by=cast.outsider, team=cast.other_team)
    for person in (cast.auditor, cast.administrator):
        assert shown(client_for(person).get(LIST)) == ["birth-certificate-online", "fishing-permit"]


def test_an_editor_sees_nothing_and_is_told_why(client_for, cast, service):
    response = client_for(cast.editor).get(LIST)
    assert shown(response) == []
    assert "No services to see" in response.content.decode()


def test_nobody_signed_in_is_sent_to_the_door(client_for, db):
    response = client_for().get(LIST)
    assert response.status_code == 302
    assert response.url == f"{reverse('account_login')}?next=/"


def test_it_is_only_read(client_for, cast, service):
    assert client_for(cast.designer).post(LIST).status_code == 405


def test_who_sees_all_and_has_a_team_begins_with_its_own(client_for, cast, service, add_service):
    add_service("Fishing permit", by=cast.outsider, team=cast.other_team)
    cast.designer.is_auditor = True
    cast.designer.save()
    client = client_for(cast.designer)
    response = client.get(LIST)
    assert shown(response) == ["birth-certificate-online"]
    assert shown(client.get(LIST + link(response, "All I can see"))) == ["birth-certificate-online", "fishing-permit"]


def test_a_member_without_site_role_gets_no_such_choice(client_for, cast, service):
    assert "All I can see" not in client_for(cast.designer).get(LIST).content.decode()


def test_the_same_queries_for_one_and_three(client_for, cast, service, add_service):
    client = client_for(cast.designer)
    client.get(LIST)
    with CaptureQueriesContext(connection) as one:
        assert len(shown(client.get(LIST))) == 1
    add_service("Address change")
    add_service("Zoo ticket")
    with CaptureQueriesContext(connection) as three:
        assert len(shown(client.get(LIST))) == 3
    assert len(one) == len(three)
    assert len(three) <= 12


# -- what a row says ------------------------------------------------------------------------------------


def test_a_fresh_service_is_not_started(client_for, cast, service, today):
    page = client_for(cast.viewer).get(LIST).content.decode()
    assert "Not started" in page
    assert "0 of 44 judged" in page
    assert "in 90 days" in page
    assert "Civil registration" in page


def test_a_service_in_work_says_what_stands_in_the_way(client_for, cast, service, meet):
    meet(service, "build-accessible", "build-reuse-data", by=cast.designer)
    page = client_for(cast.viewer).get(LIST).content.decode()
    assert "No-go today" in page
    assert "2 of 44 judged; in the way: 5 golden rules, 7 deliverables, 11 questions, 15 checklist items" in page


def test_a_planned_day_that_has_passed_is_late(client_for, cast, add_service, yesterday):
    add_service("Address change", planned=yesterday)
    assert '<p class="late">1 day ago</p>' in client_for(cast.viewer).get(LIST).content.decode()


def test_what_the_clock_changed_is_counted_anew(client_for, cast, service, meet, yesterday):
    """A tally past its day is not believed: here its evidence ran out and the entry is to be checked again."""
    (answer,) = meet(service, "build-accessible", by=cast.designer)
    answer.evidence.update(effective_from=yesterday, valid_until=yesterday)
    Tally.objects.filter(service=service, stage__slug="build").update(fresh_until=yesterday)
    assert "0 of 44 judged" in client_for(cast.viewer).get(LIST).content.decode()


def test_the_filter_agrees_with_the_row_about_what_the_clock_changed(client_for, cast, service, yesterday):
    """The stored suggestion is go; a rule's evidence has run out since, and nobody has swept yet."""
    Tally.objects.filter(service=service, stage__slug="build").update(outcome="go", fresh_until=yesterday)
    client = client_for(cast.viewer)
    assert shown(client.get(LIST, {"suggestion": "go"})) == []
    assert shown(client.get(LIST, {"suggestion": "no_go"})) == ["birth-certificate-online"]


# -- filters and search ---------------------------------------------------------------------------------


@pytest.mark.parametrize("asked", ["BIRTH", "birth cert", "Certificate"])
def test_search_by_name_in_any_case(client_for, cast, service, add_service, asked):
    add_service("Address change")
    assert shown(client_for(cast.viewer).get(LIST, {"q": asked})) == ["birth-certificate-online"]


@pytest.mark.parametrize("asked", ["ΆΔΕΙΑ", "άδεια", "Άδεια"])
def test_search_in_another_script(client_for, cast, add_service, asked):
    wanted = add_service("Άδεια αλιείας")
    add_service("Address change")
    assert shown(client_for(cast.viewer).get(LIST, {"q": asked})) == [wanted.slug]


def test_filter_by_team(client_for, cast, service, add_service):
    add_service("Fishing permit", by=cast.outsider, team=cast.other_team)
    client = client_for(cast.auditor)
    assert shown(client.get(LIST, {"team": "transport"})) == ["fishing-permit"]


def test_the_team_filter_opens_no_other_team(client_for, cast, service, add_service):
    add_service("Fishing permit", by=cast.outsider, team=cast.other_team)
    response = client_for(cast.viewer).get(LIST, {"team": "transport", "scope": "all"})
    assert shown(response) == ["birth-certificate-online"]


def test_filter_by_stage(client_for, cast, service):
    client = client_for(cast.viewer)
    assert shown(client.get(LIST, {"stage": "build"})) == ["birth-certificate-online"]
    assert shown(client.get(LIST, {"stage": "operate"})) == []


@pytest.mark.parametrize("outcome", ["no_go", "go_with_conditions", "go"])
def test_filter_by_suggestion(client_for, cast, service, add_service, outcome):
    """The stored outcome decides as long as nothing else weighs on the gate."""
    other = add_service("Address change")
    Tally.objects.filter(service=other).update(outcome=outcome)
    Tally.objects.filter(service=service).update(outcome={"no_go": "go", "go": "no_go"}.get(outcome, "no_go"))
    assert shown(client_for(cast.viewer).get(LIST, {"suggestion": outcome})) == ["address-change"]


def test_nothing_found_offers_to_clear(client_for, cast, service):
    client = client_for(cast.viewer)
    response = client.get(LIST, {"q": "no such thing", "stage": "build"})
    assert shown(response) == []
    assert "No service found" in response.content.decode()
    assert shown(client.get(LIST + link(response, "Clear the filters"))) == ["birth-certificate-online"]


@pytest.mark.parametrize(
    "asked",
    [
        {"stage": "nowhere"},
        {"suggestion": "perhaps"},
        {"after": "x"},
        {"after": "~"},
        {"before": "99999999999999999999~x"},
        {"scope": "mine or all"},
        {"q": "\x00"},
        {"q": "x" * 121},
        {"colour": "blue"},
    ],
)
def test_what_is_not_on_offer_is_left_aside(client_for, cast, service, asked):
    assert shown(client_for(cast.viewer).get(LIST, asked)) == ["birth-certificate-online"]


# -- nothing there --------------------------------------------------------------------------------------


def test_a_designer_with_no_service_is_led_to_the_first(client_for, cast, edition):
    page = client_for(cast.designer).get(LIST).content.decode()
    assert "No services yet" in page
    assert page.count(f'href="{reverse("portfolio:service_new")}"') == 1


@pytest.mark.parametrize("who", ["viewer", "manager", "auditor", "editor", "administrator"])
def test_only_designers_are_offered_to_add(client_for, cast, service, who):
    page = client_for(getattr(cast, who)).get(LIST).content.decode()
    assert reverse("portfolio:service_new") not in page


# -- pages ----------------------------------------------------------------------------------------------


@pytest.fixture
def five(add_service, monkeypatch):
    monkeypatch.setattr(listing, "PAGE", 2)
    for name in ("Alpha", "Beta", "Beta", "Gamma", "Delta"):
        add_service(name)


def test_pages_forth_and_back(client_for, cast, five):
    client = client_for(cast.viewer)
    first = client.get(LIST)
    second = client.get(LIST + link(first, "Next"))
    third = client.get(LIST + link(second, "Next"))
    assert [shown(page) for page in (first, second, third)] == [["alpha", "beta"], ["beta-2", "delta"], ["gamma"]]
    assert (link(first, "Previous"), link(third, "Next")) == ("", "")
    back = client.get(LIST + link(third, "Previous"))
    assert shown(back) == ["beta-2", "delta"]
    start = client.get(LIST + link(back, "Previous"))
    assert shown(start) == ["alpha", "beta"]
    assert link(start, "Previous") == ""


def test_pages_keep_the_filter(client_for, cast, five, add_service):
    add_service("Beta three")
    client = client_for(cast.viewer)
    first = client.get(LIST, {"q": "beta"})
    assert shown(first) == ["beta", "beta-2"]
    assert shown(client.get(LIST + link(first, "Next"))) == ["beta-three"]


def test_every_service_is_met_exactly_once(client_for, cast, five):
    client, seen = client_for(cast.viewer), []
    response = client.get(LIST)
    while response:
        seen += shown(response)
        following = link(response, "Next")
        response = client.get(LIST + following) if following else None
    assert sorted(seen) == sorted(Service.objects.values_list("slug", flat=True))


def test_how_many_there_are(client_for, cast, five, monkeypatch):
    """On each of several pages, and wherever something was looked for."""
    client = client_for(cast.viewer)
    first = client.get(LIST)
    for page in (first, client.get(LIST + link(first, "Next"))):
        assert '<span class="soft">5 services</span>' in page.content.decode()
    assert '<p class="soft">2 services</p>' in client.get(LIST, {"q": "beta"}).content.decode()
    assert '<p class="soft">1 service</p>' in client.get(LIST, {"q": "alpha"}).content.decode()
    monkeypatch.setattr(listing, "COUNTED", 4)
    assert "More than 4 services" in client.get(LIST).content.decode()


def test_a_page_behind_the_last_says_so(client_for, cast, five):
    response = client_for(cast.viewer).get(LIST, {"after": str(listing.Place("Zulu", 1))})
    assert shown(response) == []
    assert "No service found" in response.content.decode()


def test_names_with_odd_letters_survive_the_cut(client_for, cast, add_service, monkeypatch):
    monkeypatch.setattr(listing, "PAGE", 1)
    add_service("A ~ & + ž?")
    add_service("B")
    client = client_for(cast.viewer)
    assert shown(client.get(LIST + link(client.get(LIST), "Next"))) == ["b"]


# -- waivers --------------------------------------------------------------------------------------------


def waive(service, cast, days=10):
    until = timezone.localdate() + timedelta(days=days)
    rule = catalogue.of(service.edition_id).sheets[0].of_kind("rule")[0]
    about = {"service": service, "requirement": rule, "reason": "No test yet.", "measure": "Watched by hand."}
    return waiving.grant(by=cast.manager, waiver=waiving.ask(by=cast.designer, expires_on=until, **about))


def test_a_waived_rule_is_counted_in_words_until_its_day(client_for, cast, service):
    waiver = waive(service, cast)
    told = f"1 golden rule waived until {date_format(waiver.expires_on)}"
    assert told in client_for(cast.viewer).get(LIST).content.decode()
    with time_machine.travel(timezone.now() + timedelta(days=11), tick=False):
        assert "waived" not in client_for(cast.viewer).get(LIST).content.decode()


def test_waivers_cost_no_more_questions(client_for, cast, service, add_service):
    client = client_for(cast.viewer)
    client.get(LIST)
    with CaptureQueriesContext(connection) as none:
        client.get(LIST)
    for one in (service, add_service("Address change"), add_service("Zoo ticket")):
        waive(one, cast)
    with CaptureQueriesContext(connection) as three:
        assert client.get(LIST).content.decode().count("1 golden rule waived until") == 3
    assert len(three) == len(none)
