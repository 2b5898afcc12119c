"""Mine: entries that name a person, and entries of the roles that they fill."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.access import standing_of
from checklists import planning, responsibility, starting
from checklists.planning import Care
from stages import assigning, keeping
from stages.access import visible_services
from stages.models import Service
from tests.reviews import walking

pytestmark = pytest.mark.django_db


@pytest.fixture
def today() -> date:
    return timezone.localdate()


def assign(service, role, user, by):
    assigning.assign(by=by, service=service, people={role: user}, seen={})


def entrust(service, requirement, care, by):
    planning.entrust(by=by, service=service, requirement=requirement, care=care, seen=Care())


def mine(user):
    return responsibility.entries_of(user, visible_services(standing_of(user)))


def slugs(found):
    return [owed.row.requirement.slug for owed in found]


def of_role(service, role, stage="build"):
    return [one.slug for one in walking.asked(service, stage) if one.role.slug == role]


def test_a_role_brings_its_entries_of_the_stage_at_work(service, cast):
    assign(service, "test-lead", cast.designer, cast.designer)
    assert slugs(mine(cast.designer)) == of_role(service, "test-lead")
    assert mine(cast.second_designer) == []


def test_another_person_on_the_entry_takes_it_from_the_role(service, cast, today):
    assign(service, "test-lead", cast.designer, cast.designer)
    first, *others = of_role(service, "test-lead")
    entrust(service, walking.requirement(service, first), Care(cast.second_designer, today), cast.designer)
    assert slugs(mine(cast.designer)) == others
    assert [(owed.row.requirement.slug, owed.itself) for owed in mine(cast.second_designer)] == [(first, True)]


def test_the_most_urgent_stands_first_and_without_a_day_last(service, cast, today):
    assign(service, "test-lead", cast.designer, cast.designer)
    first, *between, last = of_role(service, "test-lead")
    entrust(service, walking.requirement(service, last), Care(None, today), cast.designer)
    found = mine(cast.designer)
    assert slugs(found) == [last, first, *between]
    assert (found[0].due_on, found[0].overdue(today), found[0].overdue(today + timedelta(days=1))) == (
        today,
        False,
        True,
    )


def test_what_is_done_is_not_owed(service, cast):
    assign(service, "test-lead", cast.designer, cast.designer)
    done = next(one for one in walking.asked(service) if one.role.slug == "test-lead" and one.kind in ("item", "rule"))
    walking.say(service, done, cast.designer, **walking.FULL[done.kind])
    assert done.slug not in slugs(mine(cast.designer))


def test_a_waived_rule_is_not_owed_until_its_waiver_ends(service, cast, today):
    rule, other = [one for one in walking.asked(service) if one.kind == "rule"][:2]
    for one in (rule, other):
        entrust(service, one, Care(cast.designer, today), cast.designer)
    waiver = walking.waive(service, rule, cast.designer, cast.manager)
    assert slugs(mine(cast.designer)) == [other.slug]
    after = waiver.expires_on + timedelta(days=1)
    found = responsibility.entries_of(cast.designer, Service.objects.all(), on=after)
    assert slugs(found) == [rule.slug, other.slug]


def test_locked_stages_and_archived_services_ask_for_nothing(service, cast, today):
    entrust(service, walking.first(service, "rule", "go-live"), Care(cast.designer, today), cast.designer)
    assert mine(cast.designer) == []
    entrust(service, walking.first(service, "rule"), Care(cast.designer, today), cast.designer)
    assert len(mine(cast.designer)) == 1
    keeping.archive(by=cast.manager, service=service, reason="The law changed.")
    assert mine(cast.designer) == []


def test_only_services_that_the_reader_sees(service, cast, today):
    entrust(service, walking.first(service, "rule"), Care(cast.designer, today), cast.designer)
    assert responsibility.entries_of(cast.designer, visible_services(standing_of(cast.outsider))) == []


def test_the_queries_are_few_and_constant(service, cast, edition, planned_on, today, django_assert_num_queries):
    services = [service]
    for number in range(3):
        told = {"team": cast.team, "edition": edition, "name": f"Service {number}", "planned_on": planned_on}
        services.append(starting.start(by=cast.designer, **told))
    counted = []
    for some in (services[:1], services[1:]):
        for one in some:
            assign(one, "test-lead", cast.designer, cast.designer)
            entrust(one, walking.first(one, "rule"), Care(cast.designer, today), cast.designer)
        with django_assert_num_queries(5):
            counted.append(len(responsibility.entries_of(cast.designer, Service.objects.all())))
    assert counted == [counted[0], 4 * counted[0]]
