import pytest

from accounts import access
from accounts.acts import ACTS_OF_ROLE, ACTS_OF_SITE_ROLE, Act, Role, SiteRole

pytestmark = pytest.mark.django_db


def test_several_roles_add_up(cast):
    from accounts.models import Membership

    Membership.objects.create(user=cast.designer, team=cast.team, role=Role.MANAGER)
    who = access.standing_of(cast.designer)
    assert who.may(Act.ANSWER, cast.team.pk)
    assert who.may(Act.DECIDE, cast.team.pk)
    assert not who.may(Act.ANSWER, cast.other_team.pk)


def test_an_outsider_may_nothing_on_the_team(cast):
    who = access.standing_of(cast.outsider)
    assert not any(who.may(act, cast.team.pk) for act in Act)


def test_site_roles_read_everywhere_but_neither_answer_nor_decide(cast):
    for person in (cast.auditor, cast.administrator):
        who = access.standing_of(person)
        assert who.sees_all
        assert who.may(Act.EXPORT, cast.team.pk)
        assert not {Act.ANSWER, Act.DECIDE, Act.SUBMIT, Act.APPROVE} & who.site_acts


def test_an_editor_sees_no_service(cast):
    who = access.standing_of(cast.editor)
    assert Act.PUBLISH in who.site_acts
    assert not who.sees_all


def test_every_role_has_its_row_in_the_table():
    assert set(ACTS_OF_ROLE) == set(Role)
    assert set(ACTS_OF_SITE_ROLE) == set(SiteRole)


def test_every_act_belongs_to_somebody():
    given = frozenset().union(*ACTS_OF_ROLE.values(), *ACTS_OF_SITE_ROLE.values())
    assert given == set(Act)


def test_roles_are_read_once_a_request(cast, rf, django_assert_num_queries):
    request = rf.get("/")
    request.user = cast.designer
    with django_assert_num_queries(1):
        access.standing(request)
        access.standing(request)
