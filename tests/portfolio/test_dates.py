"""The page of due days: what is set, what is proposed, and accepting it; moving the planned day with them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from checklists import due_dates, planning
from checklists.models import Answer
from checklists.planning import Care
from stages import assigning, keeping
from tests.reviews import walking

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(service) -> str:
    return reverse("portfolio:dates", args=[service.slug])


@pytest.fixture
def act(service) -> str:
    return reverse("portfolio:accept_dates", args=[service.slug])


def read(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def entrust(service, requirement, by, days=0, who=None):
    care = Care(who, timezone.localdate() + timedelta(days=days))
    planning.entrust(by=by, service=service, requirement=requirement, care=care, seen=Care())


def test_it_proposes_and_one_button_sets_them_all(client_for, cast, service, address, act):
    client, plans = client_for(cast.designer), due_dates.of(service)
    page, number = read(client, address), sum(len(plan.proposed) for plan in plans)
    assert f"Set all {number} proposed days" in page
    assert f'value="{due_dates.digest(plans)}"' in page
    page = client.post(act, {"seen": due_dates.digest(plans)}, follow=True).content.decode()
    assert f"{number} due days are set." in page
    assert "proposed day" not in page
    assert Answer.objects.filter(due_on__isnull=False).count() == number


def test_or_stage_by_stage(client_for, cast, service, address, act):
    plan = due_dates.of(service)[1]
    sent = {"stage": "go-live", "seen": plan.digest}
    page = client_for(cast.designer).post(act, sent, follow=True).content.decode()
    assert f"{len(plan.proposed)} due days are set." in page
    assert "of Go-live</button>" not in page


def test_a_stale_tab_and_a_second_press(client_for, cast, service, act):
    client, seen = client_for(cast.designer), due_dates.digest(due_dates.of(service))
    entrust(service, walking.first(service, "rule"), cast.second_designer)
    response = client.post(act, {"seen": seen})
    assert response.status_code == 409
    assert "Nothing was set. Below are the proposals as they are now." in response.content.decode()
    sent = {"seen": due_dates.digest(due_dates.of(service))}
    client.post(act, sent)
    assert "every entry has its day" in client.post(act, sent, follow=True).content.decode()


def test_who_does_what_stands_beside_it(client_for, cast, service, address):
    rule = walking.first(service, "rule")
    entrust(service, rule, cast.designer, who=cast.second_designer)
    assigning.assign(by=cast.designer, service=service, people={"test-lead": cast.viewer}, seen={})
    page = read(client_for(cast.auditor), address)
    assert "<div>Second designer</div>" in page
    assert "<div>Viewer</div>" in page


def test_others_read_it(client_for, cast, service, address, act):
    for who in (cast.viewer, cast.manager, cast.auditor, cast.administrator):
        assert "<button" not in read(client_for(who), address).partition("<h1>Due days")[2].partition("</main>")[0]
        assert client_for(who).post(act).status_code == 403
    assert client_for(cast.outsider).get(address).status_code == 404
    assert client_for(cast.designer).get(act).status_code == 405
    assert client_for(cast.designer).post(act).status_code == 422


def test_an_archived_service_is_read(client_for, cast, service, address, act):
    keeping.archive(by=cast.manager, service=service, reason="The law changed.")
    client = client_for(cast.designer)
    assert "Set all" not in read(client, address)
    assert client.post(act, {"seen": "x"}).status_code == 409


def test_a_planned_day_that_passed_is_said(client_for, cast, service, address):
    type(service).objects.update(planned_on=timezone.localdate())
    assert "so no day can be proposed" in read(client_for(cast.designer), address)


def test_the_queries_are_the_same_for_one_day_and_for_three(client_for, cast, service, address):
    client, counted = client_for(cast.designer), []
    rules = [one for one in walking.asked(service) if one.kind == "rule"]
    for some in (rules[:1], rules[1:4]):
        for one in some:
            entrust(service, one, cast.designer, who=cast.viewer)
        with CaptureQueriesContext(connection) as queries:
            read(client, address)
        counted.append(len(queries))
    assert counted[0] == counted[1]


class TestMovingThePlannedDay:
    @pytest.fixture
    def plan(self, service) -> str:
        return reverse("portfolio:plan", args=[service.slug])

    def sent(self, planned_on, **more):
        later = planned_on + timedelta(days=14)
        return {"planned_on": later.isoformat(), "reason": "Audit first.", "seen": planned_on.isoformat(), **more}

    def test_the_due_days_are_offered_to_move_along(self, client_for, cast, service, plan, planned_on):
        client, today = client_for(cast.designer), timezone.localdate()
        assert "with_dates" not in read(client, plan)
        entrust(service, walking.first(service, "rule"), cast.designer)
        page = read(client, plan)
        assert "Move the 1 due day by as many days" in page
        assert "checked" not in page.partition('name="with_dates"')[2][:80]
        client.post(plan, self.sent(planned_on, with_dates="on"))
        assert Answer.objects.get().due_on == today + timedelta(days=14)

    def test_left_alone_they_stay(self, client_for, cast, service, plan, planned_on):
        entrust(service, walking.first(service, "rule"), cast.designer)
        client_for(cast.designer).post(plan, self.sent(planned_on))
        assert Answer.objects.get().due_on == timezone.localdate()

    def test_a_stale_tab_keeps_the_wish(self, client_for, cast, service, plan, planned_on):
        entrust(service, walking.first(service, "rule"), cast.designer)
        moved = planned_on + timedelta(days=1)
        keeping.plan(by=cast.second_designer, service=service, planned_on=moved, reason="One day.", seen=planned_on)
        response = client_for(cast.designer).post(plan, self.sent(planned_on, with_dates="on"))
        assert response.status_code == 409
        assert "checked" in response.content.decode().partition('name="with_dates"')[2][:80]
        assert Answer.objects.get().due_on == timezone.localdate()
