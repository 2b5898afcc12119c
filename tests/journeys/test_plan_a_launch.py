"""A service is started from an earlier one: who does what until when, and what was said there is taken over."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.journey


def test_from_an_earlier_service_to_the_first_answer(somebody):
    designer = somebody("outsider").opens("/services/new")
    page = designer.page
    page.get_by_label("Name").fill("Hunting permit")
    page.get_by_label("Planned go-live").fill("2031-06-02")
    page.get_by_label("Start from an earlier service").select_option("driving-licence-renewal")
    designer.looks()
    page.get_by_role("button", name="Add the service").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hunting permit")

    designer.opens("/services/hunting-permit/people/").looks()
    for role in ("Test lead", "Delivery or product lead"):
        page.get_by_label(role, exact=True).select_option("Sofia Lindqvist")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("2 of 14 roles are filled.")).to_be_visible()

    designer.opens("/services/hunting-permit/dates/").looks()
    page.get_by_role("button", name=re.compile("Set all")).click()
    expect(page.get_by_text("due days are set.")).to_be_visible()

    designer.opens("/services/hunting-permit/build/")
    page.get_by_role("navigation", name="Show only some entries").get_by_role("link", name="Mine").click()
    page.get_by_role("navigation", name="Show only one kind").get_by_role("link", name="Checklist").click()
    expect(page).to_have_url(re.compile(r"\?show=mine&kind=item"))
    entry = page.locator("li.entry").first
    expect(entry).to_contain_text("Driving licence renewal said:")
    designer.looks()
    entry.get_by_role("button", name="Take over").click()
    expect(entry.get_by_role("button", name="Done")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("status")).to_contain_text("Saved")
    assert page.evaluate("document.activeElement.closest('li.entry')?.id") == entry.get_attribute("id")
    page.keyboard.press("c")
    expect(
        page.get_by_role("navigation", name="Show only some entries").get_by_role("link", name="All")
    ).to_have_attribute("aria-current", "true")
    designer.looks()

    designer.opens("/services/hunting-permit/build/proposals/").looks()
    page.get_by_role("button", name="Take over what is ticked").click()
    expect(page.get_by_role("alert")).to_be_focused()
    designer.looks()
    for box in page.get_by_role("checkbox").all()[:2]:
        box.check()
    page.get_by_role("button", name="Take over what is ticked").click()
    expect(page.get_by_text("2 proposals are taken over.")).to_be_visible()
