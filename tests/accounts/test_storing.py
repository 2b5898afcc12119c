"""Rows stored by statements that are put together once are what Django would have stored, and as guarded."""

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from accounts import storing
from accounts.models import Chain, Team, TrailEntry

pytestmark = pytest.mark.django_db


def entry(number: int, **said) -> TrailEntry:
    told = {"scope": "team:1", "verb": "said", "subject": "team:1", "at": timezone.now(), "digest": "0" * 64}
    return TrailEntry(sequence=number, **told | said)


def held(row) -> dict[str, object]:
    return {field.name: getattr(row, field.attname) for field in row._meta.concrete_fields if field.name != "id"}


def test_rows_are_inserted_as_they_are(cast):
    rows = [
        entry(1, before=None, after={"name": "“Ž” — \x7f 50 %", "of": [1, None, True]}, who=cast.manager),
        entry(2, before=[], after="%s"),
    ]
    storing.insert(rows)
    stored = list(TrailEntry.objects.filter(scope="team:1").order_by("sequence"))
    assert [held(row) for row in stored] == [held(row) for row in rows]


def test_what_a_constraint_forbids_is_not_stored():
    storing.insert([entry(1)])
    with pytest.raises(IntegrityError), transaction.atomic():
        storing.insert([entry(2), entry(1)])
    assert TrailEntry.objects.filter(scope="team:1").count() == 1


def test_a_row_is_changed_in_the_columns_named_and_in_no_other(cast):
    team = Team.objects.get(pk=cast.team.pk)
    team.name, team.slug = "Renamed", "elsewhere"
    storing.change(team, ("name",))
    team.refresh_from_db()
    assert (team.name, team.slug) == ("Renamed", cast.team.slug)
    assert Team.objects.filter(name="Renamed").count() == 1


def test_a_row_that_is_gone_is_not_changed():
    with pytest.raises(DatabaseError, match="team:0"):
        storing.change(Chain(scope="team:0"), ("head",))


def test_a_row_is_put_once(cast):
    for name in ("First", "Second"):
        storing.put(Team(slug="once", name=name), once=("slug",))
    assert Team.objects.get(slug="once").name == "Second"
