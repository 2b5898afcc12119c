"""A report in any language: asked for in the reader's, made again in another, each one right."""

import io
from datetime import date

import pikepdf
import pytest
from django.urls import reverse

from accounts import languages
from reviews import paper, reporting
from reviews.deciding import Demand
from reviews.models import Report
from tests.reviews import papers, walking
from tests.reviews.papers import text_of


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


def read(pdf: bytes) -> list[str]:
    return [" ".join(page.split()) for page in text_of(pdf)]


@pytest.mark.any_engine
@pytest.mark.parametrize(
    ("code", "month", "outcome", "rules"),
    [
        ("el", "Ιανουαρίου 2099", "Έγκριση υπό όρους", "Χρυσοί κανόνες"),
        ("fr", "15 janvier 2099", "Favorable sous conditions", "Règles d’or"),
        ("lt", "2099 m. sausio 15 d.", "Paleisti su sąlygomis", "Auksinės taisyklės"),
        ("pt", "15 de janeiro de 2099", "Aprovado com condições", "Regras de ouro"),
    ],
)
def test_the_pdf_is_whole_on_page_one_in_every_language(cast, service, code, month, outcome, rules):
    """Words of other languages are longer: what was decided, every rule and every condition still stand on page one."""
    left = walking.first(service, "item").slug
    walking.fulfil(service, cast.designer, cast.second_designer, without=[left])
    demands = [Demand(f"Demand {n}, in the team’s own words", cast.designer, date(2099, 1, 15)) for n in range(4)]
    decision = walking.sign(walking.ask(service, cast.designer), cast.manager, "go_with_conditions", demands)
    snapshot = decision.review.snapshot
    pdf = papers.printed(papers.short(decision), code)
    first, *rest = read(pdf)
    wanted = [month, outcome, rules, snapshot.sha256, *(f"Demand {n}" for n in range(4))]
    wanted += [f"{one.number} " for one in walking.asked(service) if one.kind == "rule"]
    assert [one for one in wanted if one not in first] == []
    assert "Golden rule" not in " ".join([first, *rest])
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert (str(opened.Root.Lang), bool(opened.Root.MarkInfo.Marked)) == (code, True)
