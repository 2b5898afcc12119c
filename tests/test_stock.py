"""What tests stand on is laid down as rows with their keys: what comes after takes other keys."""

import pytest
from django.db import connection

from accounts.models import Team
from tests import stock

pytestmark = pytest.mark.django_db


def count_anew() -> None:
    """As after a restored backup, whose counters stand where they stood."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT setval(pg_get_serial_sequence('accounts_team', 'id'), 1, false)")


def test_new_keys_come_after_those_that_were_laid():
    for _time in range(3):  # built; written through the models; written as one text
        Team.objects.all().delete()
        count_anew()
        stock.lay("one team", lambda: Team.objects.create(name="Laid", slug="laid"))
        new = Team.objects.create(name="New", slug="new")
        assert new.pk > Team.objects.get(slug="laid").pk
