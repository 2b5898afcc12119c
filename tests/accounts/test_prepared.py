"""A prepared query gives what the queryset gives, whoever it is asked for."""

import pytest
from django.db.models import F

from accounts.models import Membership, User
from accounts.prepared import Prepared

pytestmark = pytest.mark.django_db


def members(team: int):
    return User.objects.filter(memberships__team=team).annotate(as_role=F("memberships__role")).order_by("name")


@pytest.fixture
def prepared():
    return Prepared(members, int)


def told(users) -> list[tuple[User, str, object]]:
    return [(user, user.as_role, user.joined_at) for user in users]


def test_it_gives_rows_and_annotations_of_each_one_that_is_asked_for(prepared, cast):
    teams = set(Membership.objects.values_list("team", flat=True))
    assert len(teams) > 1
    for team in teams:
        assert told(prepared(team)) == told(members(team)) != []


def test_it_is_built_once(cast, django_assert_num_queries):
    built = []
    prepared = Prepared(lambda team: built.append(team) or members(team), int)
    with django_assert_num_queries(2):
        list(prepared(1))
        list(prepared(2))
    assert len(built) == 1


def test_it_wants_as_many_ids_as_it_was_made_for(prepared):
    with pytest.raises(ValueError, match="shorter"):
        prepared()


def test_a_list_of_ids_may_be_of_any_length_and_of_none(cast, django_assert_num_queries):
    def named(ids):
        return User.objects.filter(pk__in=ids).order_by("pk").values_list("pk", "name")

    prepared, ids = Prepared(named, list), sorted(User.objects.values_list("pk", flat=True))
    assert len(ids) > 3
    for wanted in (ids[:1], ids, ids[1:3]):
        assert prepared(wanted) == list(named(wanted)) != []
    with django_assert_num_queries(0):
        assert prepared([]) == []


def test_rows_come_with_what_is_joined_to_them_and_by_words(cast, django_assert_num_queries):
    def held(email):
        return Membership.objects.filter(user__email=email).select_related("team", "user").order_by("pk")

    prepared = Prepared(held, str)
    with django_assert_num_queries(2):
        for person in (cast.designer, cast.outsider):
            (first, *_further) = prepared(person.email)
            assert (first.user, first.user.joined_at, first.team.name) == (person, person.joined_at, first.team.name)
            assert first._state.adding is False


def test_nobody_is_found_for_an_id_that_is_not_there(prepared, cast):
    assert list(prepared(10**9)) == []
