"""Narrowing the workbench: by state, kind and words, together, in the address, and after a tick."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from checklists import planning
from checklists.models import Answer
from checklists.planning import Care
from reviews import filters
from reviews.filters import Filter
from stages import assigning
from tests.reviews import walking
from tests.reviews.bench import row

pytestmark = pytest.mark.django_db


def shown(desk, query):
    return re.findall(r'<li class="entry[^"]*" id="([^"]+)">', desk.page(desk.bench + query))


def count(page, key):
    return int(re.search(rf'id="count-{key}" data-number="(\d+)"', page)[1])


def entrust(service, requirement, by, care):
    planning.entrust(by=by, service=service, requirement=requirement, care=care, seen=Care())


class TestTheAddress:
    @pytest.mark.parametrize("query", ["", "show=nonsense&kind=nonsense", "show=all&kind=any&q=%20", "&" * 40])
    def test_what_is_not_on_offer_narrows_nothing(self, query):
        assert not filters.read(query).narrows

    def test_it_holds_all_three_and_leads_back(self):
        narrow = Filter("mine", "rule", "data & law")
        assert narrow.query == "?show=mine&kind=rule&q=data+%26+law"
        assert filters.read(narrow.query[1:]) == narrow
        assert filters.EVERYTHING.query == ""


class TestWhatFits:
    def test_mine_by_role_or_by_name(self, desk, service, sheet, cast):
        of_role = [one.slug for one in sheet.requirements if one.role.slug == "test-lead"]
        assigning.assign(by=cast.designer, service=service, people={"test-lead": cast.designer}, seen={})
        assert shown(desk, "?show=mine") == of_role
        other = next(one for one in sheet.requirements if one.slug not in of_role)
        entrust(service, other, cast.manager, Care(cast.designer))
        assert set(shown(desk, "?show=mine")) == {*of_role, other.slug}

    def test_overdue(self, desk, service, sheet, cast):
        late, due = sheet.of_kind("rule")[:2]
        for one in (late, due):
            entrust(service, one, cast.designer, Care(None, timezone.localdate()))
        Answer.objects.filter(requirement=late).update(due_on=timezone.localdate() - timedelta(days=1))
        assert shown(desk, "?show=overdue") == [late.slug]

    def test_recheck(self, desk, service, sheet, cast):
        rule = sheet.of_kind("rule")[0]
        answer = walking.say(service, rule, cast.designer, **walking.FULL["rule"])
        answer.evidence.clear()
        assert shown(desk, "?show=recheck") == [rule.slug]

    def test_of_one_kind(self, desk, sheet):
        assert shown(desk, "?kind=item") == [one.slug for one in sheet.of_kind("item")]

    def test_together(self, desk, service, sheet, cast):
        done, other = sheet.of_kind("item")[:2]
        walking.say(service, done, cast.designer, state="done")
        open_items = [one.slug for one in sheet.of_kind("item") if one != done]
        assert shown(desk, "?show=open&kind=item") == open_items
        assert shown(desk, f"?show=open&kind=item&q={other.number}") == [
            one.slug for one in sheet.of_kind("item") if other.number in f"{one.number} {one.title} {one.guidance}"
        ]

    def test_the_name_of_who_does_it_is_found(self, desk, service, sheet, cast):
        rule = sheet.of_kind("rule")[0]
        entrust(service, rule, cast.designer, Care(cast.second_manager))
        assert shown(desk, "?q=second+manager") == [rule.slug]


class TestWhatIsSaid:
    def test_each_choice_counts_what_it_would_show_beside_the_others(self, desk, service, sheet, cast):
        items = sheet.of_kind("item")
        walking.say(service, items[0], cast.designer, state="done")
        page = desk.page(desk.bench + "?show=open&kind=item")
        assert (count(page, "open"), count(page, "all")) == (len(items) - 1, len(items))
        assert (count(page, "item"), count(page, "any")) == (len(items) - 1, len(sheet.requirements) - 1)
        assert f"{len(items) - 1} of {len(sheet.requirements)} entries are shown." in page

    def test_a_choice_keeps_the_others(self, desk):
        page = desk.page(desk.bench + "?show=open&kind=item&q=data")
        assert f'href="{desk.bench}?show=open&amp;kind=rule&amp;q=data#entries"' in page
        assert f'href="{desk.bench}?show=mine&amp;kind=item&amp;q=data#entries"' in page
        assert '<input type="hidden" name="kind" value="item">' in page
        assert f'<a id="clear-filter" href="{desk.bench}#entries">' in page

    def test_where_nothing_is_narrowed_there_is_nothing_to_clear(self, desk):
        assert 'id="clear-filter"' not in desk.page()

    def test_nothing_found_says_so_and_leads_back(self, desk):
        page = desk.page(desk.bench + "?kind=item&show=recheck")
        assert "No entry of this stage fits what you chose." in page
        assert f'href="{desk.bench}">Show all entries</a>' in page

    def test_nothing_of_ones_own_says_what_to_do(self, desk):
        assert "Say who fills the roles of this service" in desk.page(desk.bench + "?show=mine")


class TestAfterATick:
    def test_the_row_stays_and_the_counts_follow_the_filter(self, desk, sheet):
        item = sheet.of_kind("item")[0]
        behind = f"{desk.bench}?show=open&kind=item"
        fragment = desk.post(item, behind=behind, seen="0", state="done").content.decode()
        page = desk.page(behind)
        assert row(fragment, item.slug)
        assert item.slug not in shown(desk, "?show=open&kind=item")
        assert count(fragment, "open") == count(page, "open") == len(sheet.of_kind("item")) - 1
        assert count(fragment, "item") == count(page, "item")

    @pytest.mark.parametrize("header", ["Referer", "HX-Current-URL"])
    def test_where_it_was_sent_from_need_be_no_address(self, desk, sheet, header):
        item, sent = sheet.of_kind("item")[0], {"seen": "0", "state": "done", "panel": "open"}
        hurried = {} if header == "Referer" else {"HX-Request": "true"}
        for nowhere in ("http://[::1", "http://[x]/", f"//[{desk.bench}"):
            response = desk.client.post(desk.url(item, "answer/"), sent, headers={header: nowhere} | hurried)
            assert response.status_code in (200, 302), nowhere
        assert (
            desk.client.post(desk.url(item, "answer/"), {}, headers={header: "http://[::1"} | hurried).status_code
            == 422
        )

    def test_without_javascript_it_leads_back_to_the_same_view(self, desk, sheet):
        item, sent = sheet.of_kind("item")[0], {"seen": "0", "state": "done"}
        behind = f"http://testserver{desk.bench}?kind=item&nonsense=1"
        response = desk.client.post(desk.url(item, "answer/"), sent, headers={"Referer": behind})
        assert response.url == f"{desk.bench}?kind=item#{item.slug}"


def test_a_filter_costs_no_query(desk, service, sheet, cast):
    assigning.assign(by=cast.designer, service=service, people={"test-lead": cast.designer}, seen={})
    counted = []
    for query in ("", "?show=mine", "?show=open&kind=item"):
        with CaptureQueriesContext(connection) as queries:
            desk.page(desk.bench + query)
        counted.append(len(queries))
    assert len(set(counted)) == 1
