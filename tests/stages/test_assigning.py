"""Who fills the roles of the playbook on a service."""

import pytest

from accounts import leaving
from accounts.models import TrailEntry
from accounts.refusals import Conflict, Refusal
from stages import assigning, assignments, catalogue, keeping
from stages.chains import Archived
from stages.models import Assignment
from tests.accounts.crowd import crowd

pytestmark = pytest.mark.django_db
LEAD, OWNER = "design-lead", "service-owner"


def filled(service) -> dict[str, object]:
    return {row.role.slug: row.user for row in Assignment.objects.filter(service=service)}


def assign(service, by, seen=None, **people):
    named = {slug.replace("_", "-"): user for slug, user in people.items()}
    return assigning.assign(by=by, service=service, people=named, seen=seen or {})


def test_several_roles_a_person_and_nobody_where_nobody_is_named(service, cast):
    told = assign(service, cast.designer, design_lead=cast.viewer, service_owner=cast.viewer, test_lead=None)
    assert filled(service) == {LEAD: cast.viewer, OWNER: cast.viewer}
    assert {slug: user for slug, user in told.items() if user} == {LEAD: cast.viewer, OWNER: cast.viewer}


def test_the_trail_names_who_and_from_whom_to_whom(service, cast):
    assign(service, cast.designer, design_lead=cast.viewer)
    assign(service, cast.second_designer, {LEAD: cast.viewer}, design_lead=None)
    entries = TrailEntry.objects.filter(scope=service.scope, verb="assigned", subject=f"role:{LEAD}")
    nobody, viewer = {"user": None, "name": ""}, {"user": cast.viewer.pk, "name": "Viewer"}
    assert [(one.who, one.before, one.after) for one in entries.order_by("sequence")] == [
        (cast.designer, nobody, viewer),
        (cast.second_designer, viewer, nobody),
    ]


def test_saying_it_twice_leaves_one_trace(service, cast):
    for _press in range(2):
        assign(service, cast.designer, design_lead=cast.viewer)
    assert TrailEntry.objects.filter(scope=service.scope, verb="assigned").count() == 1


def test_only_members_who_can_sign_in(service, cast):
    leaving.deactivate(by=cast.administrator, person=cast.second_designer)
    for somebody in (cast.outsider, cast.auditor, cast.second_designer):
        with pytest.raises(Refusal, match="Not on the team"):
            assign(service, cast.designer, design_lead=somebody)
    assert filled(service) == {}


def test_only_roles_of_the_playbook(service, cast):
    with pytest.raises(Refusal, match="no role"):
        assign(service, cast.designer, head_of_everything=cast.viewer)


def test_a_stale_tab_overwrites_nothing(service, cast):
    assign(service, cast.designer, design_lead=cast.viewer)
    with pytest.raises(Conflict) as refused:
        assign(service, cast.second_designer, design_lead=cast.manager)
    assert refused.value.detail["now"] == {LEAD: cast.viewer}
    assert filled(service) == {LEAD: cast.viewer}


def test_a_stale_tab_may_change_what_nobody_else_changed(service, cast):
    assign(service, cast.designer, design_lead=cast.viewer)
    assign(service, cast.second_designer, design_lead=None, service_owner=cast.manager)  # the first: as it was shown
    assert filled(service) == {LEAD: cast.viewer, OWNER: cast.manager}


def test_an_archived_service_takes_nobody(service, cast):
    keeping.archive(by=cast.manager, service=service, reason="The law changed.")
    with pytest.raises(Archived):
        assign(service, cast.designer, design_lead=cast.viewer)


def test_who_left_the_team_or_cannot_sign_in_is_marked(service, cast):
    assign(service, cast.designer, design_lead=cast.viewer, service_owner=cast.manager, test_lead=cast.designer)
    cast.viewer.memberships.all().delete()
    leaving.deactivate(by=cast.administrator, person=cast.manager)
    roles = {role.pk: role.slug for role in catalogue.of(service.edition_id).roles}
    gone = {roles[pk]: one.gone for pk, one in assignments.of(service).items()}
    assert gone == {LEAD: True, OWNER: True, "test-lead": False}
    assert cast.viewer not in assignments.members(service)
    assert cast.manager not in assignments.members(service)


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_is_told(service, cast):
    told = crowd(lambda who: assign(service, who, design_lead=who), [cast.designer, cast.second_designer])
    assert sorted(type(one).__name__ for one in told) == ["Conflict", "dict"]
    assert len(filled(service)) == 1


def test_a_stage_is_read_together_with_who_fills_the_roles(service, cast, django_assert_num_queries):
    stage = catalogue.of(service.edition_id).sheets[0].stage
    with django_assert_num_queries(1):
        alone = assignments.setting(service, stage.pk)
    assert (alone.state, alone.archived_at, dict(alone.roles)) == ("open", None, {})
    assign(service, cast.designer, design_lead=cast.viewer, service_owner=cast.manager)
    cast.viewer.memberships.all().delete()
    with django_assert_num_queries(1):
        found = assignments.setting(service, stage.pk)
    assert (found.state, found.roles) == ("open", assignments.of(service))
    assert assignments.setting(service, 0).state is None


def told(person) -> list[str]:
    return [str(notice.sentence) for notice in person.notices.filter(read_at=None)]


def test_who_gets_a_role_is_told_once_and_who_loses_it_no_more(service, cast):
    slug = catalogue.of(service.edition_id).roles[0].slug
    for _click in range(2):
        assigning.assign(by=cast.designer, service=service, people={slug: cast.viewer}, seen={slug: None})
    title = catalogue.of(service.edition_id).roles[0].title
    assert told(cast.viewer) == [f"Birth certificate online: role given to you by Designer: {title}"]
    assigning.assign(by=cast.viewer, service=service, people={slug: cast.designer}, seen={slug: cast.viewer})
    assert (told(cast.viewer), len(told(cast.designer))) == ([], 1)


def test_nobody_is_told_of_a_role_they_took_themselves(service, cast):
    slug = catalogue.of(service.edition_id).roles[0].slug
    assigning.assign(by=cast.designer, service=service, people={slug: cast.designer}, seen={slug: None})
    assert told(cast.designer) == []
