"""The same jobs as plain HTML: forms, redirects and pages."""

import pytest
from playwright.sync_api import expect

from tests.journeys.story import signs

pytestmark = pytest.mark.journey
WORKBENCH = "/services/child-benefit/go-live/"


def test_a_rule_is_ticked(somebody):
    designer = somebody("designer", javascript=False).opens(WORKBENCH)
    page = designer.page
    rule = page.locator("#golive-scales")
    rule.get_by_role("button", name="Met", exact=True).click()
    expect(page.get_by_text("What stands behind it?").first).to_be_visible()
    page.get_by_label("Note").first.fill("The provider adds machines at 70 % load; tried on 3 November.")
    page.get_by_role("button", name="Save as").click()
    expect(page).to_have_url(designer.site + WORKBENCH + "#golive-scales")
    pressed = page.locator("#golive-scales").get_by_role("button", name="Met", exact=True)
    expect(pressed).to_have_attribute("aria-pressed", "true")


def test_a_service_is_added_asked_for_and_refused(somebody):
    designer = somebody("designer", javascript=False).opens("/services/new")
    page = designer.page
    page.get_by_role("button", name="Add the service").click()
    expect(page.locator(".error-summary")).to_be_visible()
    page.get_by_label("Name").fill("Parking permit")
    page.get_by_label("Planned go-live").fill("2031-06-01")
    page.get_by_role("button", name="Add the service").click()
    expect(page.locator("main")).to_contain_text("What stands in the way")

    designer.opens("/services/parking-permit/build/review/")
    for group in page.get_by_role("group").filter(has=page.get_by_role("radio")).all():
        group.get_by_role("radio").last.check()
    for note in page.locator("form textarea").all():
        note.fill("Not looked at yet.")
    designer.follows(page.get_by_role("button", name="Ask for a review"))
    expect(page.locator("main")).to_contain_text("asked for this decision")

    manager = somebody("manager", javascript=False).opens("/services/parking-permit/build/review/")
    page = manager.page
    signs(page, "no_go", "Nothing has been answered yet.")
    expect(page.locator("main")).to_contain_text("Nothing has been answered yet.")
    expect(page.locator("main")).to_contain_text("No-go")
