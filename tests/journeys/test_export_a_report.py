"""A viewer asks for a readiness report, watches it being made by a real worker, and takes it away."""

import hashlib
from pathlib import Path

import pikepdf
import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.journey
REPORTS = "/services/child-benefit/reports/"


def test_a_report_is_asked_for_made_and_downloaded(somebody, tmp_path):
    viewer = somebody("viewer").opens(REPORTS).looks()
    page = viewer.page
    page.get_by_role("button", name="Make").first.click()
    download = page.get_by_role("link", name="Download")
    expect(download).to_be_visible(timeout=120_000)  # a worker that hears nothing is replaced within 90 s
    viewer.looks()

    with page.expect_download() as waiting:
        download.click()
    file = Path(tmp_path / "report.pdf")
    waiting.value.save_as(file)
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    shown = page.locator("main").inner_text().replace(" ", "").replace("\n", "")
    assert digest in shown
    with pikepdf.open(file) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert len(pdf.pages) >= 3


def test_an_outsider_finds_nothing(somebody):
    outsider = somebody("outsider")
    assert outsider.page.goto(outsider.site + REPORTS).status == 404
    outsider.looks()
