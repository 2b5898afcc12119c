"""The list of services in the order asked for: page by page, forth and back, each service met exactly once."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse

from portfolio import listing
from portfolio.wanted import Order, Place, Wanted
from stages.models import Service
from tests.portfolio.test_services import LIST, link, shown

pytestmark = pytest.mark.django_db
ORDERS = {
    "": ["alpha", "beta", "beta-2", "delta", "gamma"],
    "name": ["alpha", "beta", "beta-2", "delta", "gamma"],
    "soonest": ["delta", "beta", "beta-2", "gamma", "alpha"],
    "latest": ["alpha", "gamma", "beta-2", "beta", "delta"],
    "newest": ["gamma", "delta", "beta-2", "alpha", "beta"],
    "nonsense": ["alpha", "beta", "beta-2", "delta", "gamma"],
}


@pytest.fixture
def five(add_service, today, monkeypatch):
    """Pages of two; the days of the two Betas are the same, and Delta is live since yesterday."""
    monkeypatch.setattr(listing, "PAGE", 2)
    for name, days in (("Beta", 20), ("Alpha", 40), ("Beta", 20), ("Delta", 90), ("Gamma", 30)):
        add_service(name, planned=today + timedelta(days=days))
    Service.objects.filter(slug="delta").update(went_live_on=today - timedelta(days=1))


@pytest.mark.parametrize("sort", ORDERS)
def test_every_service_once_forth_and_back(client_for, cast, five, sort):
    client = client_for(cast.viewer)
    pages = [client.get(LIST, {"sort": sort})]
    while further := link(pages[-1], "Next"):
        pages.append(client.get(LIST + further))
    assert [slug for page in pages for slug in shown(page)] == ORDERS[sort]
    back = [pages[-1]]
    while earlier := link(back[-1], "Previous"):
        back.append(client.get(LIST + earlier))
    assert [shown(page) for page in reversed(back)] == [shown(page) for page in pages]


def heading(response, words: str) -> tuple[str, str]:
    """How a heading says that it sorts, and where it leads."""
    found = re.search(
        rf'<th scope="col"(?: aria-sort="(\w+)")?><a href="([^"]*)">{words}</a>', response.content.decode()
    )
    return found[1] or "", found[2].replace("&amp;", "&")


def test_the_headings_sort_and_turn_round(client_for, cast, five):
    client = client_for(cast.viewer)
    by_name = client.get(LIST, {"team": cast.team.slug, "sort": "name"})
    assert heading(by_name, "Service")[0] == "ascending"
    (sorted_so, to_soonest) = heading(by_name, "Goes live")
    assert (sorted_so, to_soonest) == ("", f"?team={cast.team.slug}&sort=soonest")
    soonest = client.get(LIST + to_soonest)
    assert (shown(soonest), heading(soonest, "Goes live")[0]) == (ORDERS["soonest"][:2], "ascending")
    latest = client.get(LIST + heading(soonest, "Goes live")[1])
    assert (shown(latest), heading(latest, "Goes live")[0]) == (ORDERS["latest"][:2], "descending")
    assert heading(latest, "Service") == ("", f"?team={cast.team.slug}")


def test_sorted_otherwise_it_begins_at_its_beginning(client_for, cast, five):
    """A place among names is none among days; nor does a heading take along where a page was cut off."""
    client = client_for(cast.viewer)
    for sort in ("soonest", "latest", "newest"):
        for cut in ("after", "before"):
            for place in ("3~Beta", "3~", "3~" + "9" * 30, "3~²", "~", "3~-1", "3~2026-13-01"):
                assert shown(client.get(LIST, {"sort": sort, cut: place})) == ORDERS[sort][:2], (sort, place)
    second = client.get(LIST, {"after": str(Place("Beta", 3))})
    assert "after" not in heading(second, "Goes live")[1]


def test_the_choice_stays_with_what_narrows_the_list(client_for, cast, five):
    page = client_for(cast.viewer).get(LIST, {"sort": "latest", "q": "beta"})
    assert shown(page) == ["beta-2", "beta"]
    assert '<option value="latest" selected>' in page.content.decode()
    assert reverse("portfolio:services") == LIST
    assert 'href="?sort=latest"' in page.content.decode(), "taking a filter away leaves the order"


@pytest.mark.parametrize("order", [Order.NAME, Order.SOONEST, Order.LATEST])
def test_an_index_carries_each_order(cast, five, order):
    """Asked for the page in the middle of thousands, the engine walks the index from there and sorts nothing."""
    begin = {Order.NAME: Place("Beta", 1)}.get(order, Place(Service.objects.get(slug="gamma").planned_on, 1))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_sort = off")
    plan = listing.ordered(Service.objects.all(), Wanted(order=order, after=begin)).explain()
    assert {Order.NAME: "service_by_name"}.get(order, "service_by_day") in plan, plan
    assert "TEMP B-TREE" not in plan
    assert "Sort" not in plan
