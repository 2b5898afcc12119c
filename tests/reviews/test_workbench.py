"""The workbench as people see it: the whole stage, what stands in the way, and what each role may do."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from checklists import answering
from checklists.proofs import Proof
from reviews.models import Condition, Outcome
from tests.reviews import walking

NOTE = Proof(form="note", text="Seen in the test report.")
SESSION_AND_USER = 2


@pytest.fixture
def url(service, sheet):
    return reverse("reviews:workbench", args=[service.slug, sheet.stage.slug])


@pytest.fixture
def designer(client_for, cast):
    return client_for(cast.designer)


def read(client, url, **query):
    response = client.get(url, query)
    assert response.status_code == 200
    return response.content.decode()


def test_it_shows_every_entry_with_title_and_source(designer, url, sheet):
    page = read(designer, url)
    for requirement in sheet.requirements:
        assert f'id="{requirement.slug}"' in page
        assert escape(str(requirement.title)) in page
        assert escape(requirement.source) in page


def test_what_stands_in_the_way_comes_before_the_entries(designer, url):
    page = read(designer, url)
    assert 0 < page.index("What stands in the way") < page.index('class="entry"')
    assert "No-go today" in page


def test_roles_resources_and_criteria_are_there(designer, url, sheet):
    page = read(designer, url)
    for part in (*sheet.roles, *sheet.criteria, *sheet.resources):
        assert escape(str(part.title)) in page


def test_the_path_leads_to_the_rows(designer, url, sheet):
    first = sheet.of_kind("rule")[0]
    assert f'<a href="{url}#{first.slug}">{first.number}</a>' in read(designer, url)


@pytest.mark.parametrize("who", ["viewer", "auditor", "administrator", "manager"])
def test_who_does_not_answer_sees_everything_and_no_button(client_for, cast, url, sheet, who):
    page = read(client_for(getattr(cast, who)), url)
    assert all(f'id="{requirement.slug}"' in page for requirement in sheet.requirements)
    assert 'class="segment' not in page
    assert 'name="seen"' not in page


@pytest.mark.parametrize(("who", "status"), [("outsider", 404), ("editor", 404)])
def test_who_may_not_see_the_service_finds_nothing(client_for, cast, url, who, status):
    assert client_for(getattr(cast, who)).get(url).status_code == status


def test_a_stage_that_does_not_exist(designer, service):
    assert designer.get(reverse("reviews:workbench", args=[service.slug, "nowhere"])).status_code == 404


def test_a_locked_stage_is_read_only(designer, service):
    page = read(designer, reverse("reviews:workbench", args=[service.slug, "go-live"]))
    assert "This stage is not open yet." in page
    assert 'class="segment' not in page


def test_a_manager_who_also_designs_is_warned(client_for, cast, url, grant):
    grant(cast.manager, "designer")
    assert "if you record an answer, you cannot decide" in read(client_for(cast.manager), url)


def test_others_are_not_warned(designer, url):
    assert "you cannot decide" not in read(designer, url)


@pytest.fixture
def grant(cast):
    def give(user, role):
        user.memberships.create(team=cast.team, role=role)

    return give


def shown(page, sheet):
    return [requirement.slug for requirement in sheet.requirements if f'id="{requirement.slug}"' in page]


def test_filters(designer, url, sheet, service, cast):
    met, not_met = sheet.of_kind("rule")[:2]
    answering.record(by=cast.designer, service=service, requirement=met, seen=0, state="met", proof=NOTE)
    answering.record(by=cast.designer, service=service, requirement=not_met, seen=0, state="not_met")
    everything = [requirement.slug for requirement in sheet.requirements]
    blocking = shown(read(designer, url, show="blocking"), sheet)
    still_open = shown(read(designer, url, show="open"), sheet)
    unproven = shown(read(designer, url, show="unproven"), sheet)
    assert (met.slug in blocking, not_met.slug in blocking) == (False, True)
    assert (met.slug in still_open, not_met.slug in still_open) == (False, False)
    assert (met.slug in unproven, not_met.slug in unproven) == (False, True)
    assert shown(read(designer, url, show="nonsense"), sheet) == everything


def test_finding_an_entry(designer, url, sheet):
    asked = sheet.of_kind("question")[2]
    assert shown(read(designer, url, q=asked.number), sheet) == [asked.slug]
    assert "No entry of this stage fits" in read(designer, url, q="zzz no such thing")


def test_what_was_searched_for_is_shown_as_text(designer, url):
    assert "<script>alert" not in read(designer, url, q='"><script>alert(1)</script>')


def test_the_score_is_shown_only_when_all_required_questions_are_rated(designer, url, sheet, service, cast):
    assert "The score is shown when all required questions are rated." in read(designer, url)
    for question in sheet.of_kind("question"):
        answering.record(
            by=cast.designer, service=service, requirement=question, seen=0, state="rated", rating=3, proof=NOTE
        )
    assert "Score 100 of 100" in read(designer, url)


def count_queries(client, url):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries) - SESSION_AND_USER


def test_the_page_takes_the_same_few_queries_however_much_is_answered(designer, url, service, sheet, cast):
    first, second, third = sheet.of_kind("rule")[:3]
    answering.record(by=cast.designer, service=service, requirement=first, seen=0, state="met", proof=NOTE)
    with_one = count_queries(designer, url)
    for rule in (second, third):
        answering.record(by=cast.second_designer, service=service, requirement=rule, seen=0, state="met", proof=NOTE)
    assert count_queries(designer, url) == with_one
    assert with_one <= 12


def test_the_page_takes_the_same_queries_however_many_conditions_are_about_its_entries(
    incomplete, sheet, cast, url, designer
):
    first, second, third = sheet.of_kind("rule")[:3]
    about = [walking.demand(cast.designer, f"Condition on {one}", requirements=[one]) for one in (first, second, third)]
    walking.sign(incomplete, cast.manager, Outcome.GO_WITH_CONDITIONS, about)
    with_three = count_queries(designer, url)
    for condition in Condition.objects.filter(number__gt=1):
        walking.meet(condition, cast.designer, cast.manager)
    assert count_queries(designer, url) == with_three
