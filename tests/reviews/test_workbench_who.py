"""Who does it, and until when: shown on each row, and set in place."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.formats import date_format

from checklists import planning
from checklists.models import Answer
from checklists.planning import Care, care_of
from stages import assigning, catalogue, keeping
from tests.reviews import walking
from tests.reviews.bench import Browser, row, without_tokens

pytestmark = pytest.mark.django_db


@pytest.fixture
def today() -> date:
    return timezone.localdate()


def words(html, slug):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row(html, slug)))


def assign(service, rule, user, by):
    assigning.assign(by=by, service=service, people={rule.role.slug: user}, seen={})


def entrust(service, rule, by, care):
    planning.entrust(by=by, service=service, requirement=rule, care=care, seen=Care())


def test_nobody_is_named_the_role_is(desk, rule):
    assert f"{rule.role}" in words(desk.page(), rule.slug)


def test_the_role_brings_its_person_and_the_entry_may_have_another(desk, service, rule, cast):
    assign(service, rule, cast.viewer, cast.designer)
    assert f"{rule.role}: Viewer" in words(desk.page(), rule.slug)
    entrust(service, rule, cast.designer, Care(cast.second_designer))
    assert "Second designer" in words(desk.page(), rule.slug)
    assert "Viewer" not in words(desk.page(), rule.slug)


def test_a_day_that_passed_is_said_in_words_until_nothing_more_is_needed(desk, service, rule, cast, today):
    entrust(service, rule, cast.designer, Care(None, today))
    assert f"due {date_format(today)}" in words(desk.page(), rule.slug)
    Answer.objects.update(due_on=today - timedelta(days=1))
    said = f"since {date_format(today - timedelta(days=1))}"
    assert f"overdue {said}" in words(desk.page(), rule.slug)
    walking.say(service, rule, cast.designer, **walking.FULL["rule"])
    assert "overdue" not in words(desk.page(), rule.slug)


def test_whoever_left_is_marked(desk, service, rule, cast):
    entrust(service, rule, cast.designer, Care(cast.viewer))
    cast.viewer.memberships.all().delete()
    assert "to be handed over" in words(desk.page(), rule.slug)


def test_it_is_set_in_place_and_the_row_is_as_after_a_reload(desk, service, rule, cast, today):
    sent = {"responsible": cast.viewer.pk, "due_on": today.isoformat()}
    response = desk.post(rule, "who/", **sent)
    assert response.status_code == 200
    assert care_of(Answer.objects.get()) == Care(cast.viewer, today)
    assert without_tokens(row(response.content.decode(), rule.slug)) == without_tokens(row(desk.page(), rule.slug))


def test_without_javascript_it_leads_back_to_the_row(desk, rule, cast):
    page = desk.page(desk.url(rule) + "?panel=who")
    assert f'<option value="{cast.viewer.pk}">Viewer</option>' in page
    assert "autofocus" in page
    response = desk.post_plainly(rule, "who/", responsible=cast.viewer.pk)
    assert response.url == f"{desk.bench}#{rule.slug}"


def test_what_was_typed_into_the_answer_stays_and_the_other_way_round(desk, rule, cast, today):
    typed = {"panel": "open", "seen": "0", "note": "Half a sentence"}
    page = desk.post(rule, "who/", due_on=today.isoformat(), **typed).content.decode()
    assert "Half a sentence" in page
    assert f'name="seen_due_on" value="{today.isoformat()}"' in page
    typed = {"panel": "open", "seen": "0", "responsible": cast.viewer.pk, "seen_due_on": today.isoformat()}
    page = desk.post(rule, note="Whole", due_on=today.isoformat(), **typed).content.decode()
    assert f'<option value="{cast.viewer.pk}" selected>' in page
    assert care_of(Answer.objects.get()) == Care(None, today)


def test_a_stale_tab_sees_what_is_there_and_may_save_again(desk, service, rule, cast, today):
    entrust(service, rule, cast.second_designer, Care(cast.manager, today))
    response = desk.post(rule, "who/", responsible=cast.viewer.pk, panel="open")
    page = response.content.decode()
    assert response.status_code == 409
    assert f"Now: Manager, {date_format(today)}." in page
    assert f'<option value="{cast.viewer.pk}" selected>' in page
    sent = {"responsible": cast.viewer.pk, "due_on": today.isoformat(), "seen_due_on": today.isoformat()}
    assert desk.post(rule, "who/", seen_responsible=cast.manager.pk, **sent).status_code == 200
    assert care_of(Answer.objects.get()) == Care(cast.viewer, today)


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"responsible": "999999"}, "Choose somebody who is on the team now."),
        ({"due_on": "2001-01-01"}, "Choose today or a later day."),
        ({"due_on": "soon"}, "Enter a valid date."),
    ],
)
def test_what_cannot_be_is_said_at_its_field(desk, rule, sent, sentence):
    response = desk.post(rule, "who/", panel="open", **sent)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not Answer.objects.exists()


def test_a_stage_that_is_not_open_is_planned_too(client_for, cast, service, today):
    sheet = catalogue.of(service.edition_id).sheet("go-live")
    desk, rule = Browser(client_for(cast.designer), service, sheet), sheet.of_kind("rule")[0]
    assert "Save who and when" in desk.page(desk.url(rule))
    assert desk.post(rule, "who/", due_on=today.isoformat()).status_code == 200
    assert care_of(Answer.objects.get()) == Care(None, today)


@pytest.mark.parametrize("who", ["viewer", "manager", "auditor", "administrator"])
def test_others_read_it(client_for, cast, service, sheet, rule, who):
    reader = Browser(client_for(getattr(cast, who)), service, sheet)
    assert "Save who and when" not in reader.page(reader.url(rule))
    assert reader.post(rule, "who/", responsible=cast.viewer.pk).status_code == 403


def test_an_archived_service_is_left_alone(desk, service, rule, cast):
    keeping.archive(by=cast.manager, service=service, reason="The law changed.")
    assert "Save who and when" not in desk.page(desk.url(rule))
    assert desk.post(rule, "who/", responsible=cast.viewer.pk).status_code == 409


def test_the_page_takes_the_same_queries_whoever_does_what(desk, service, sheet, cast, today):
    counted = []
    for some in (sheet.of_kind("rule")[:1], sheet.of_kind("rule")[1:4]):
        for one in some:
            entrust(service, one, cast.designer, Care(cast.viewer, today))
            assign(service, one, cast.second_designer, cast.designer)
        with CaptureQueriesContext(connection) as queries:
            desk.page()
        counted.append(len(queries))
    assert counted[0] == counted[1]
    assert counted[0] - 2 <= 12
