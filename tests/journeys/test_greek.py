"""The whole walk in Greek: the browser asks for it, and from the list to the report nothing speaks another language."""

from pathlib import Path

import pikepdf
import pytest
from django.utils import translation
from playwright.sync_api import expect

from tests.journeys.story import DEMO, PASSWORD, Person

pytestmark = pytest.mark.journey
SERVICE = "Δήλωση αλλαγής διεύθυνσης (change of address)"


def greek(msgid: str) -> str:
    with translation.override("el"):
        told = translation.gettext(msgid)
    assert told != msgid, f"{msgid} is not translated"
    return told


def signs_in(person: Person) -> None:
    page = person.opens("/accounts/login/").looks().page
    page.get_by_label(greek("Email"), exact=True).fill(f"designer@{DEMO}")
    page.get_by_label(greek("Password"), exact=True).fill(PASSWORD)
    page.get_by_role("button", name=greek("Sign in"), exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(greek("Services"))


def looks(person: Person) -> None:
    """Greek for who sees and for who hears, and no violation."""
    assert person.page.locator("html").get_attribute("lang") == "el"
    person.looks()


def test_from_the_list_to_the_report(somebody, tmp_path: Path):
    designer = somebody(language="el-GR")
    page = designer.page
    signs_in(designer)
    looks(designer)

    page.get_by_role("link", name=SERVICE).click()
    expect(page.get_by_role("heading", name=greek("Readiness reports"))).to_be_visible()
    looks(designer)
    page.locator(".stepper").get_by_role("link", name="Υλοποίηση").click()
    item = page.locator("#build-test-data")
    expect(item).to_contain_text("Κρατήστε τα πραγματικά προσωπικά δεδομένα εκτός των δοκιμαστικών περιβαλλόντων.")
    item.get_by_role("button", name=greek("Done"), exact=True).click()
    expect(item.get_by_role("button", name=greek("Done"), exact=True)).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#save-state")).to_contain_text(greek("Saved %%s").replace("%%s", "").strip())
    looks(designer)

    page.locator(".crumbs").get_by_role("link", name=SERVICE).click()
    page.get_by_role("button", name=greek("Make a readiness report")).click()
    download = page.get_by_role("link", name=greek("Download the report"))
    expect(download).to_be_visible(timeout=120_000)  # a worker that hears nothing is replaced within 90 s
    looks(designer)
    with page.expect_download() as waiting:
        download.click()
    assert waiting.value.suggested_filename.endswith("-el.pdf")
    waiting.value.save_as(tmp_path / "report.pdf")
    with pikepdf.open(tmp_path / "report.pdf") as pdf:
        assert str(pdf.Root.Lang) == "el"
        assert greek("Readiness report") in str(pdf.docinfo["/Title"])


def test_another_language_is_chosen_before_signing_in_without_javascript(somebody):
    visitor = somebody(javascript=False, language="en-GB").opens("/accounts/login/")
    visitor.page.get_by_role("button", name="Ελληνικά").click()
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text(greek("Sign in"))
    visitor.opens("/languages/")
    assert visitor.page.locator("html").get_attribute("lang") == "el"
