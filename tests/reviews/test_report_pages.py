"""The pages of reports: ask, watch, fetch, make again; and who may."""

import re
from datetime import timedelta
from http import HTTPStatus

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from jobs import leasing
from reviews import checks, press, reporting
from reviews.models import Report
from stages.models import Edition
from tests.reviews import walking

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def edition(db) -> Edition:
    return walking.small_edition()


@pytest.fixture
def report(cast, service) -> Report:
    return reporting.request(by=cast.viewer, service=service, record=None, language="en")


@pytest.fixture
def viewer(cast, client_for):
    return client_for(cast.viewer)


def address(name: str, report: Report) -> str:
    return reverse(f"reviews:{name}", args=[report.service.slug, report.pk])


def listed(service) -> str:
    return reverse("reviews:reports", args=[service.slug])


def test_the_empty_list_says_so_and_offers_today(viewer, service):
    page = viewer.get(listed(service)).content.decode()
    assert "No report yet" in page
    assert '<option value="today" selected>Build as it is now</option>' in page


def test_asking_leads_to_the_progress_page(viewer, service):
    answer = viewer.post(listed(service))
    report = Report.objects.get()
    assert (answer.status_code, answer["Location"]) == (HTTPStatus.FOUND, address("report", report))
    assert viewer.post(listed(service))["Location"] == answer["Location"]


def test_asking_for_a_record_of_another_service_is_refused(viewer, service):
    answer = viewer.post(listed(service), {"record": "0" * 64})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert Report.objects.count() == 0


def test_a_decision_can_be_chosen_and_is_preselected_by_its_digest(cast, viewer, service):
    walking.fulfil(service, cast.designer, cast.second_designer)
    decision = walking.sign(walking.ask(service, cast.designer), cast.manager)
    page = viewer.get(listed(service), {"record": decision.sha256}).content.decode()
    assert f'<option value="{decision.sha256}" selected>Build: Go, decided on' in page
    viewer.post(listed(service), {"record": decision.sha256})
    assert Report.objects.get().decision == decision


def test_the_progress_page_asks_again_every_second_and_without_a_script_too(viewer, report):
    page = viewer.get(address("report", report)).content.decode()
    assert "Waiting for its turn" in page
    assert f'hx-get="{address("report", report)}?seen=queued" hx-trigger="every 1s"' in page
    assert '<noscript><meta http-equiv="refresh" content="2"></noscript>' in page
    assert 'aria-live="polite"' in page


def test_nothing_is_sent_while_nothing_changed(viewer, report):
    assert viewer.get(address("report", report), {"seen": "queued"}, **HTMX).status_code == HTTPStatus.NO_CONTENT
    leasing.claim(Report.objects.all(), report.pk)
    answer = viewer.get(address("report", report), {"seen": "queued"}, **HTMX)
    assert "Being made" in answer.content.decode()
    assert "seen=running" in answer.content.decode()


@pytest.mark.usefixtures("printed_before")
def test_the_fragment_is_what_the_page_shows(viewer, report):
    press.make(report.pk)
    page = viewer.get(address("report", report)).content.decode()
    fragment = viewer.get(address("report", report), {"seen": "running"}, **HTMX).content.decode()
    assert fragment.strip() in page
    assert "hx-get" not in fragment
    assert "refresh" not in page


@pytest.mark.usefixtures("printed_before")
def test_a_finished_report_is_fetched_with_its_size_and_digest(viewer, report):
    press.make(report.pk)
    report.refresh_from_db()
    page = viewer.get(address("report", report)).content.decode()
    assert report.sha256 in re.sub(r"\s|<[^>]*>", "", page)
    answer = viewer.get(address("download_report", report))
    assert answer.content.startswith(b"%PDF-")
    assert len(answer.content) == report.size
    assert answer["Content-Type"] == "application/pdf"
    assert re.fullmatch(r'attachment; filename="readiness-[a-z0-9-]+-en\.pdf"', answer["Content-Disposition"])
    assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.usefixtures("printed_before")
def test_who_left_the_team_fetches_nothing(cast, viewer, report):
    press.make(report.pk)
    cast.viewer.memberships.all().delete()
    assert viewer.get(address("download_report", report)).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.usefixtures("printed_before")
def test_a_missing_file_is_said_and_made_again(viewer, report):
    press.make(report.pk)
    report.refresh_from_db()
    default_storage.delete(report.file.name)
    answer = viewer.get(address("download_report", report))
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert "The file is gone" in answer.content.decode()
    assert "The file is gone" in viewer.get(address("report", report)).content.decode()
    assert viewer.post(address("retry_report", report))["Location"] == address("report", report)
    press.make(report.pk)
    assert viewer.get(address("download_report", report)).content.startswith(b"%PDF-")


def test_a_failed_report_says_why_and_offers_another_try(viewer, report):
    leasing.fail(Report.objects.all(), report.pk, leasing.claim(Report.objects.all(), report.pk), leasing.TOO_OFTEN)
    page = viewer.get(address("report", report)).content.decode()
    assert leasing.TOO_OFTEN in page
    assert "Make it again" in page
    viewer.post(address("retry_report", report))
    report.refresh_from_db()
    assert report.state == "queued"


def test_past_its_deadline_the_page_says_failed_with_everybody_dead(viewer, report):
    Report.objects.update(deadline=timezone.now() - timedelta(seconds=1))
    page = viewer.get(address("report", report)).content.decode()
    assert leasing.TOO_LATE in page
    assert "hx-trigger" not in page.split('id="main"')[1]


@pytest.mark.parametrize("hours", [-5, 5])
def test_a_web_server_whose_clock_is_wrong_says_of_a_report_what_all_others_say(viewer, report, hours):
    pages = (address("report", report), listed(report.service), f"/services/{report.service.slug}/")

    def told() -> list[str]:
        with time_machine.travel(timezone.now() + timedelta(hours=hours)):
            texts = [viewer.get(page).content.decode() for page in pages]
        return [
            word
            for text in texts
            for word in re.findall("Waiting for its turn|>Waiting<|could not be made|>Failed<", text)
        ]

    assert told() == ["Waiting for its turn", ">Waiting<", ">Waiting<"]
    Report.objects.update(deadline=timezone.now() - timedelta(seconds=1))
    assert told() == ["could not be made", ">Failed<", ">Failed<"]


def test_a_report_of_another_service_is_not_found_there(cast, client_for, report):
    elsewhere = address("report", report).replace(report.service.slug, "another")
    assert client_for(cast.auditor).get(elsewhere).status_code == HTTPStatus.NOT_FOUND
    assert client_for(cast.outsider).get(address("report", report)).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_same_number_of_questions(cast, service, viewer, rows, django_assert_num_queries):
    for number in range(rows):
        walking.say(service, walking.first(service, "item"), cast.designer, state="done", note=str(number))
        reporting.request(by=cast.viewer, service=service, record=None, language="en")
    viewer.get(listed(service))
    # session, person with roles, service; stage of today, decisions and pictures to choose from; reviews (does a
    # decision stand as it was?), reports; notices at the bell
    with django_assert_num_queries(9):
        page = viewer.get(listed(service)).content.decode()
    assert page.count('class="report"') == rows


def test_pango_is_looked_for(monkeypatch):
    assert checks.pango() == []
    monkeypatch.setattr(checks, "LIBRARIES", ("libnowhere.so.0",))
    assert [(one.id, "apt-get install libpango" in one.hint) for one in checks.pango()] == [("reviews.W001", True)]
