"""A report in any language: asked for in the reader's, made again in another, each one right."""

import pytest
from django.urls import reverse

from accounts import languages
from reviews import paper, reporting
from reviews.models import Report
from tests.reviews import walking


def listed(service) -> str:
    return reverse("reviews:reports", args=[service.slug])


@pytest.fixture
def report(cast, service) -> Report:
    return reporting.request(by=cast.viewer, service=service, record=None, language="en")


def test_every_language_is_offered_and_the_readers_is_chosen(cast, client_for, service):
    page = client_for(cast.viewer).get(listed(service), headers={"accept-language": "lt"}).content.decode()
    for code, name in languages.offered().items():
        chosen = " selected" if code == "lt" else ""
        assert f'<option value="{code}"{chosen}>{name}</option>' in page


def test_one_button_asks_in_the_readers_language(cast, client_for, service):
    cast.viewer.language = "el"
    cast.viewer.save()
    client_for(cast.viewer).post(listed(service), {"record": "today"})
    assert Report.objects.get().language == "el"


def test_a_language_that_is_not_offered(cast, client_for, service):
    assert client_for(cast.viewer).post(listed(service), {"language": "tlh"}).status_code == 422
    assert Report.objects.count() == 0


def test_the_same_record_in_another_language(cast, client_for, report):
    client = client_for(cast.viewer)
    address = reverse("reviews:report", args=[report.service.slug, report.pk])
    offered = client.get(address).content.decode()
    assert [
        f'name="language" value="{code}"' in offered.split('id="others"')[1].split("</form>")[0]
        for code in languages.offered()
    ] == [True, False, True, True, True]
    again = reverse("reviews:report_in_language", args=[report.service.slug, report.pk])
    for _twice in range(2):
        client.post(again, {"language": "fr"})
    other = Report.objects.exclude(pk=report.pk).get()
    assert (other.language, other.record, other.snapshot) == ("fr", report.record, report.snapshot)
    assert client.post(again, {"language": "tlh"}).url == address


def test_another_language_of_a_decision_is_of_the_decision(cast, client_for, service):
    walking.fulfil(service, cast.designer, cast.second_designer)
    decision = walking.sign(walking.ask(service, cast.designer), cast.manager)
    made = reporting.request(by=cast.viewer, service=service, record=decision, language="en")
    client_for(cast.viewer).post(
        reverse("reviews:report_in_language", args=[service.slug, made.pk]), {"language": "pt"}
    )
    assert Report.objects.get(language="pt").decision == decision


@pytest.mark.parametrize("code", languages.offered())
def test_the_html_says_its_language_and_speaks_no_other(report, code):
    record = paper.Record(report.snapshot.content, report.snapshot.sha256)
    html = paper.html(record, code)
    assert f'<html lang="{code}">' in html
    title = html.split("<title>")[1].split("</title>")[0]
    assert title.startswith("Readiness report: ") == (code == "en")
