"""Rows as lines that both engines give out and take in alike."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from django.db import IntegrityError, connection

from accounts.models import Chain, Membership, TrailEntry
from checklists.models import Evidence, Tally
from operations import tables
from operations.models import Heartbeat
from tests.accounts import tampering

# What no model names: which steps were taken (compared), attempts to sign in, SQLite's own count of keys.
BESIDE = {"django_migrations", "launchkit_cache", "sqlite_sequence"}
KINDS = {
    *("AutoField", "BigAutoField", "IntegerField", "BigIntegerField", "PositiveIntegerField", "ForeignKey"),
    *("PositiveSmallIntegerField", "SmallIntegerField", "PositiveBigIntegerField", "BooleanField", "OneToOneField"),
    *("CharField", "TextField", "SlugField", "EmailField", "URLField", "FileField"),  # EmailField and such are texts
    *("DateField", "DateTimeField", "UUIDField", "JSONField", "GenericIPAddressField"),
}


@pytest.mark.django_db
def test_every_table_is_kept_or_left_out_for_a_reason():
    there = set(connection.introspection.table_names()) - BESIDE
    left_out = {"django_session", "usersessions_usersession", "operations_heartbeat", "django_content_type"}
    left_out |= {"auth_group", "auth_group_permissions", "auth_permission"}
    assert {model._meta.db_table for model in tables.kept()} == there - left_out


def test_every_kind_of_column_is_known():
    """A new kind has to be thought about: how do both engines write it, and read it?"""
    found = {field.get_internal_type() for model in tables.kept() for field in model._meta.concrete_fields}
    assert found - KINDS == set()


@pytest.mark.usefixtures("nothing_published")
@pytest.mark.django_db
def test_a_line_is_the_same_on_both_engines():
    pk = TrailEntry.objects.create(
        scope="service:1",
        sequence=1,
        verb="tested",
        subject="a\ttab, a \\ and\na line",
        after={"z": [1, 2.5, None, True], "a": "Ναί"},
        at=datetime(2026, 11, 26, 21, 10, 0, tzinfo=UTC),
        digest="0" * 64,
    ).pk
    assert [line.decode() for line in tables.lines(TrailEntry)] == [
        f'[{pk},"service:1",1,null,"tested","a\\ttab, a \\\\ and\\na line",null,'
        '"{\\"a\\": \\"Ναί\\", \\"z\\": [1, 2.5, null, true]}","2026-11-26 21:10:00+00:00",'
        f'"{"0" * 64}"]\n'
    ]


@pytest.mark.django_db
def test_what_was_poured_is_what_was_told(service, cast):
    """Moments, days, UUIDs, truth values, characters that COPY escapes; looked at by Django, not by us."""
    Evidence.objects.create(
        series=UUID("0d4b5c5e-6d0f-4f0e-9d39-1f7b3ad0f111"),
        service=service,
        form="note",
        title="a\ttab, a \\ and\r\na line \\N",
        text="Ναί",
        added_by=cast.designer,
        added_at=datetime(2026, 11, 26, 21, 10, 0, 5, tzinfo=UTC),
        effective_from=date(2026, 1, 2),
        sha256="0" * 64,
    )
    for model in (Evidence, Membership, Tally):
        before, told = list(model.objects.order_by("pk").values()), list(tables.lines(model))
        model.objects.all()._raw_delete(using="default")
        tables.pour(model, told)
        assert list(model.objects.order_by("pk").values()) == before != []


@pytest.mark.django_db
def test_the_guard_of_the_trail_gives_way_to_a_restore_and_to_nothing_after_it(service):
    tampering.watch_emptying()
    tables.empty(tables.emptied())
    assert [model for model in tables.emptied() if model._base_manager.exists()] == []
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor, pytest.raises(IntegrityError, match="it is not emptied"):
            cursor.execute("TRUNCATE accounts_trailentry")


@pytest.mark.usefixtures("nothing_published")
@pytest.mark.django_db
def test_texts_are_in_the_order_of_their_characters():
    Chain.objects.bulk_create([Chain(pk=scope) for scope in ("b:1", "a:2", "B:1", "a:10")])
    assert [line.split(b'"')[1] for line in tables.lines(Chain)] == [b"B:1", b"a:10", b"a:2", b"b:1"]


@pytest.mark.django_db
@pytest.mark.parametrize("key", [0, 1, 417])
def test_keys_go_on_behind_the_last_that_was_given(key):
    tables.go_on_after(Heartbeat, key)
    assert tables.last_key(Heartbeat) == key
    row = Heartbeat.objects.create(part="web", name="here", since=datetime.now(UTC), seen_at=datetime.now(UTC))
    assert (row.pk, tables.last_key(Heartbeat)) == (key + 1, key + 1)
    row.delete()
    assert tables.last_key(Heartbeat) == key + 1
