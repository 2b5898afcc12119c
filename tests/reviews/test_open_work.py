"""What a person leaves behind: conditions, roles and entries, for whoever closes the account."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from checklists import planning
from checklists.models import Answer
from checklists.planning import Care
from stages import assigning
from tests.reviews import walking

pytestmark = pytest.mark.django_db


@pytest.fixture
def read(client_for, cast):
    client = client_for(cast.administrator)
    return lambda who: client.get(reverse("reviews:person_work", args=[who.pk])).content.decode()


def entrust(service, requirement, cast):
    care = Care(cast.designer, timezone.localdate())
    planning.entrust(by=cast.manager, service=service, requirement=requirement, care=care, seen=Care())


def test_roles_and_entries_are_listed(read, service, cast):
    rule = walking.first(service, "rule")
    assigning.assign(by=cast.designer, service=service, people={"test-lead": cast.designer}, seen={})
    entrust(service, rule, cast)
    Answer.objects.update(due_on=timezone.localdate() - timedelta(days=1))
    page = read(cast.designer)
    assert "Test lead" in page
    assert str(rule.title) in page
    assert "Overdue" in page


def test_what_belongs_to_a_role_is_listed_with_the_role_alone(read, service, cast):
    assigning.assign(by=cast.designer, service=service, people={"test-lead": cast.designer}, seen={})
    assert '<h2 id="entries">' not in read(cast.designer)


def test_who_leaves_nothing_behind(read, service, cast):
    assert "No condition, no role and no entry waits for this person." in read(cast.viewer)


def test_the_queries_are_the_same_for_one_entry_and_for_three(read, service, cast):
    rules, counted = [one for one in walking.asked(service) if one.kind == "rule"], []
    for some in (rules[:1], rules[1:4]):
        for one in some:
            entrust(service, one, cast)
        with CaptureQueriesContext(connection) as queries:
            read(cast.designer)
        counted.append(len(queries))
    assert counted[0] == counted[1]
