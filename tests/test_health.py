"""Alive and ready: two questions that a machine asks without signing in."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from operations.models import Heartbeat
from reviews import reporting
from reviews.models import Report

AWAY = "the database does not answer"


def test_alive_asks_nothing(client):
    assert client.get("/healthz").json() == {"status": "ok"}


def ready(client, *, waiting: int, unsent: int) -> bool:
    answer = client.get("/readyz")
    told = {"status": "ok", "reports": {"waiting": waiting, "unsent": unsent}}
    return (answer.status_code, answer.json()) == (200, told)


def test_ready_counts_what_waits_and_what_no_worker_heard_of(client, cast, service):
    assert ready(client, waiting=0, unsent=0)
    report = reporting.request(by=cast.viewer, service=service, record=None, language="en")
    assert ready(client, waiting=1, unsent=1)
    Report.objects.filter(pk=report.pk).update(published_at=report.requested_at)
    assert ready(client, waiting=1, unsent=0)


def test_ready_with_reports_that_are_late_no_worker_and_no_store(client, cast, service, settings):
    """Another web server would do no better, and every page can be answered. (Without a broker: `proof_reports.py`.)"""
    report = reporting.request(by=cast.viewer, service=service, record=None, language="en")
    Report.objects.filter(pk=report.pk).update(deadline=report.requested_at - timedelta(days=1))
    Heartbeat.objects.all().delete()
    settings.MEDIA_ROOT = "/away/nowhere"
    assert ready(client, waiting=1, unsent=1)


@pytest.mark.django_db(transaction=True)
def test_not_ready_while_the_database_is_away(client, monkeypatch, caplog, settings):
    """What it says goes to the log, not to whoever asks."""
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "NAME", "/away/nowhere")
    try:
        answer, alive = client.get("/readyz"), client.get("/healthz")
    finally:
        connection.close()
    assert (answer.status_code, answer["Retry-After"], answer.json()) == (503, "5", {"status": AWAY})
    assert ("not ready: " in caplog.text, "nowhere" in answer.content.decode()) == (True, False)
    assert alive.status_code == 200


@pytest.mark.django_db
def test_not_ready_without_static_files(client, settings, tmp_path):
    """Every page would be a fault: none could say where its styles are."""
    backend = "whitenoise.storage.CompressedManifestStaticFilesStorage"
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": backend}}
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"status": "static files are not collected"})
    (tmp_path / "staticfiles.json").write_text('{"version": "1.1", "paths": {"a.css": "a.1.css"}, "hash": ""}')
    settings.STORAGES = {**settings.STORAGES}
    assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
def test_ready_while_a_newer_version_is_brought_in(client):
    """Its tables come first; what still runs goes on with them."""
    MigrationRecorder(connection).record_applied("stages", "0099_later")
    assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
def test_it_costs_three_questions(client, django_assert_num_queries):
    client.get("/readyz")
    with django_assert_num_queries(3):
        client.get("/readyz")


@pytest.mark.django_db
def test_not_ready_while_migrations_are_missing(client):
    MigrationRecorder(connection).migration_qs.filter(app="reviews").delete()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["status"] == "migrations are missing"
