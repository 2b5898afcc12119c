"""Somebody without an account holds a decision's digest, types it in, and learns whether it stands."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.journey
REVIEW = "/services/child-benefit/build/review/1/"


@pytest.mark.parametrize("javascript", [True, False])
def test_a_digest_is_looked_up_without_an_account(somebody, javascript):
    digest = somebody("viewer").opens(REVIEW).page.locator(".sealed .digest").last.inner_text()
    digest = digest.replace("SHA-256:", "").strip()
    assert len("".join(digest.split())) == 64

    reader = somebody(javascript=javascript).opens("/verify/").looks()
    page = reader.page
    page.get_by_label("Digest").fill(digest.upper())
    page.get_by_role("button", name="Look it up").click()
    finding = page.locator("#finding")
    expect(finding).to_contain_text("Authentic")
    expect(finding).to_contain_text("Child benefit")
    expect(finding).to_contain_text("Go with conditions")
    reader.looks()

    page.get_by_label("Digest").fill("0" * 64)
    page.get_by_role("button", name="Look up another one").click()
    expect(finding).to_contain_text("Unknown")
    reader.looks()


def test_an_auditor_reads_the_history_and_takes_the_trail_away(somebody):
    auditor = somebody("auditor").opens("/services/child-benefit/").looks()
    page = auditor.page
    auditor.follows(page.get_by_role("link", name="History")).looks()
    page.get_by_label("What").select_option("Reviews and decisions")
    auditor.follows(page.get_by_role("button", name="Show"))
    expect(page.locator(".history")).to_contain_text("decided")
    auditor.looks()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Take out the trail").click()
    first, *entries = waiting.value.path().read_text().splitlines()
    assert '"scope": "service:' in first
    assert len(entries) > 50
