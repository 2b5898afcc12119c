"""Alive and ready: two questions that a machine asks without signing in."""

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from reviews import reporting
from reviews.models import Report


def test_alive_asks_nothing(client):
    assert client.get("/healthz").json() == {"status": "ok"}


def test_ready_counts_what_waits_and_what_no_worker_heard_of(client, cast, service):
    assert client.get("/readyz").json() == {"status": "ok", "reports": {"waiting": 0, "unsent": 0}}
    report = reporting.request(by=cast.viewer, service=service, record=None, language="en")
    assert client.get("/readyz").json()["reports"] == {"waiting": 1, "unsent": 1}
    Report.objects.filter(pk=report.pk).update(published_at=report.requested_at)
    assert client.get("/readyz").json()["reports"] == {"waiting": 1, "unsent": 0}


@pytest.mark.django_db
def test_not_ready_while_migrations_are_missing(client):
    MigrationRecorder(connection).migration_qs.filter(app="reviews").delete()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["status"] == "migrations are missing"
