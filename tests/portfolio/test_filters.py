"""The list narrowed by when services go live and by their conditions; what is in force is shown and taken away."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from portfolio import listing
from portfolio.wanted import Filters, Wanted
from reviews.models import Condition, Outcome
from stages.models import Service
from tests.reviews import walking

pytestmark = pytest.mark.django_db
LIST = reverse("portfolio:services")
ROW = re.compile(r'<th scope="row"><a href="/services/([^/]+)/">')
IN_FORCE = re.compile(r'<a class="chip removes" href="([^"]*)"><span class="visually-hidden">[^<]*</span> ([^<]*)</a>')


@pytest.fixture
def finds(client_for, cast):
    """The slugs that the viewer's list holds when it is asked for something."""

    def finds(**asked) -> list[str]:
        return ROW.findall(client_for(cast.viewer).get(LIST, asked).content.decode())

    return finds


def in_force(response) -> dict[str, str]:
    """What the page says is in force (not what an empty page proposes to take away), and the address without it."""
    found = re.search(r'<nav class="in-force".*?</nav>', response.content.decode(), re.DOTALL)
    return {words: address.replace("&amp;", "&") for address, words in IN_FORCE.findall(found.group() if found else "")}


@pytest.fixture
def spread(add_service, today):
    """One service for each kind of day."""
    for name, days in (("Late", -1), ("Today", 0), ("Edge", 30), ("Next", 31), ("Far", 91)):
        add_service(name, planned=today + timedelta(days=days))
    live = add_service("Working", planned=today - timedelta(days=20))
    Service.objects.filter(pk=live.pk).update(went_live_on=today - timedelta(days=5))


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("overdue", ["late"]),
        ("30", ["edge", "today"]),
        ("90", ["edge", "next", "today"]),
        ("live", ["working"]),
        ("tomorrow", ["edge", "far", "late", "next", "today", "working"]),
    ],
)
def test_by_the_window_in_which_it_goes_live(finds, spread, asked, found):
    assert finds(live=asked) == found


def test_from_and_until_a_day_both_included(finds, spread, today):
    assert finds(live_from=today, live_to=today + timedelta(days=30)) == ["edge", "today"]
    assert finds(live_from=today + timedelta(days=31)) == ["far", "next"]


def test_what_is_live_goes_by_the_day_it_went(finds, spread, today):
    """It was planned for twenty days ago and went live five days ago."""
    day = today - timedelta(days=5)
    assert finds(live_from=day, live_to=day) == ["working"]
    assert finds(live_to=today - timedelta(days=6)) == []


@pytest.mark.parametrize("day", ["2026-02-30", "soon", "\x00", "99999-01-01"])
def test_a_day_that_is_none_is_left_aside(client_for, cast, spread, day):
    response = client_for(cast.viewer).get(LIST, {"live_from": day})
    assert (response.status_code, in_force(response)) == (200, {})
    assert len(ROW.findall(response.content.decode())) == 6


@pytest.fixture
def demanded(service, add_service, cast):
    """A service with one condition that is open, beside one without."""
    add_service("Address change")
    for one in walking.asked(service):
        if one.kind == "rule":
            walking.say(service, one, cast.designer, state="met", proof=walking.NOTE)
    review = walking.ask(service, cast.designer)
    walking.sign(review, cast.manager, Outcome.GO_WITH_CONDITIONS, [walking.demand(cast.designer)])
    return Condition.objects.get()


def due(condition: Condition, on, **changed) -> None:
    Condition.objects.filter(pk=condition.pk).update(due_on=on, **changed)


def test_by_open_and_by_overdue_conditions(finds, demanded, service, cast, today, yesterday):
    assert (finds(conditions="open"), finds(conditions="overdue")) == ([service.slug], [])
    due(demanded, today)
    assert finds(conditions="overdue") == []
    due(demanded, yesterday)
    assert finds(conditions="overdue") == [service.slug]
    assert finds(conditions="open") == [service.slug]
    due(demanded, yesterday, state="dropped", closed_by=cast.manager, closed_at=timezone.now())
    assert (finds(conditions="open"), finds(conditions="overdue")) == ([], [])


def test_a_service_with_two_overdue_conditions_stands_there_once(finds, demanded, service, yesterday):
    due(demanded, yesterday)
    Condition.objects.create(
        service=service,
        decision=demanded.decision,
        number=2,
        text="Write it down",
        owner=demanded.owner,
        due_on=yesterday,
    )
    assert finds(conditions="overdue") == [service.slug]


def test_all_filters_together(finds, demanded, service, today, yesterday):
    due(demanded, yesterday)
    asked = {
        "q": "birth",
        "team": service.team.slug,
        "stage": "go-live",
        "suggestion": "no_go",
        "live": "90",
        "conditions": "overdue",
        "live_from": today,
        "live_to": service.planned_on,
    }
    assert finds(**asked) == [service.slug]
    assert finds(**asked | {"live": "30"}) == []


# -- what is in force -----------------------------------------------------------------------------------


def test_each_filter_in_force_is_shown_and_taken_away(client_for, cast, spread, today):
    """Also the team of somebody who has only one: no field asks for it, and it is in the address."""
    client = client_for(cast.viewer)
    asked = {"q": "e", "team": cast.team.slug, "live": "90", "live_from": today, "archived": "", "after": "1~A"}
    shown = in_force(client.get(LIST, asked))
    assert list(shown) == [
        "Name: e",
        f"Team: {cast.team}",
        "Goes live: In the next 90 days",
        f"Goes live from: {date_format(today, 'SHORT_DATE_FORMAT')}",
    ]
    without = in_force(client.get(LIST + shown["Goes live: In the next 90 days"]))
    assert list(without) == [words for words in shown if words != "Goes live: In the next 90 days"]
    assert "after" not in shown["Name: e"]


def test_a_team_in_force_stays_so_when_something_else_is_asked_for(client_for, cast, service):
    client = client_for(cast.viewer)
    assert 'name="team"' not in client.get(LIST).content.decode()
    assert f'<option value="{cast.team.slug}" selected>' in client.get(LIST, {"team": cast.team.slug}).content.decode()


def test_whose_services_are_asked_for_is_kept(client_for, cast, service):
    cast.designer.is_auditor = True
    cast.designer.save()
    response = client_for(cast.designer).get(LIST, {"scope": "all", "q": "birth", "live": "90"})
    assert in_force(response)["Name: birth"] == "?scope=all&live=90"
    assert '<a href="?scope=all">Clear all</a>' in response.content.decode()


def test_what_a_person_typed_is_only_text(client_for, cast, service):
    html = client_for(cast.viewer).get(LIST, {"q": "<b>&x=1"}).content.decode()
    assert "Name: &lt;b&gt;&amp;x=1</a>" in html
    assert "<b>&x" not in html


@pytest.mark.parametrize(("asked", "opened"), [({}, False), ({"live": "30"}, False), ({"archived": "yes"}, True)])
def test_more_filters_are_unfolded_while_one_of_them_is_in_force(client_for, cast, service, asked, opened):
    html = client_for(cast.viewer).get(LIST, asked).content.decode()
    assert ('<details class="disclosure more" open>' in html) is opened


# -- nothing found --------------------------------------------------------------------------------------


def test_an_empty_result_says_which_filter_to_take_away(client_for, cast, spread):
    client = client_for(cast.viewer)
    response = client.get(LIST, {"q": "late", "live": "30", "team": cast.team.slug})
    html = response.content.decode()
    assert "Something is found without:" in html
    proposed = dict(map(reversed, IN_FORCE.findall(html[html.index('<div class="empty">') :])))
    assert list(proposed) == ["Name: late", "Goes live: In the next 30 days"]
    address = proposed["Goes live: In the next 30 days"].replace("&amp;", "&")
    assert ROW.findall(client.get(LIST + address).content.decode()) == ["late"]


def test_an_empty_result_says_when_one_filter_less_is_not_enough(client_for, cast, spread):
    html = client_for(cast.viewer).get(LIST, {"q": "zzz", "stage": "operate"}).content.decode()
    assert "Taking one of them away is not enough." in html
    assert "Something is found without:" not in html


def test_a_list_cut_off_behind_its_end_leads_back(client_for, cast, spread):
    html = client_for(cast.viewer).get(LIST, {"after": "1~Zulu"}).content.decode()
    assert "Nothing follows here." in html
    assert ">Back to the first page</a>" in html


def test_whoever_may_not_see_a_team_is_proposed_nothing_of_it(client_for, cast, add_service):
    add_service("Fishing permit", by=cast.outsider, team=cast.other_team)
    html = client_for(cast.viewer).get(LIST, {"q": "fishing", "live": "30"}).content.decode()
    assert "Something is found without:" not in html


# -- pages and queries ----------------------------------------------------------------------------------


def test_pages_by_keyset_keep_the_window(client_for, cast, add_service, today, yesterday, monkeypatch):
    monkeypatch.setattr(listing, "PAGE", 2)
    for name in ("Alpha", "Beta", "Beta", "Gamma", "Delta"):
        add_service(name, planned=today)
        add_service(f"{name} late", planned=yesterday)
    client, seen, following = client_for(cast.viewer), [], "?live=30"
    while following:
        html = client.get(LIST + following).content.decode()
        seen.append(ROW.findall(html))
        found = re.search(r'rel="next" href="([^"]*)"', html)
        following = found and found.group(1).replace("&amp;", "&")
    assert seen == [["alpha", "beta"], ["beta-2", "delta"], ["gamma"]]


def test_the_same_queries_for_one_and_three_and_none_of_answers(client_for, cast, add_service, today):
    asked = dict.fromkeys(("q", "suggestion"), "") | {"live": "30", "live_from": today, "stage": "build"}
    asked |= {"suggestion": "no_go", "team": cast.team.slug}
    client = client_for(cast.viewer)
    add_service("Alpha", planned=today)
    client.get(LIST, asked)
    counted = []
    for number in (1, 3):
        with CaptureQueriesContext(connection) as queries:
            assert len(ROW.findall(client.get(LIST, asked).content.decode())) == number
        counted.append(len(queries))
        assert not [one for one in queries if "checklists_answer" in one["sql"]]
        add_service("Beta", planned=today)
        add_service("Gamma", planned=today)
    assert counted[0] == counted[1]
    assert counted[0] <= 13


def test_each_filter_has_a_field_and_a_way_back():
    asked = Wanted(everything=True, filters=Filters(q="a", live="30"), after=listing.Place("A", 1))
    assert asked.without("live") == Wanted(everything=True, filters=Filters(q="a"))
    assert asked.filters.in_force == ["q", "live"]
