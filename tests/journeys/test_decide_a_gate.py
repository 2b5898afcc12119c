"""A manager decides on a sealed picture, in sight of what changed; the next stage opens with the conditions."""

import pytest
from playwright.sync_api import expect

from tests.journeys.story import confirms

pytestmark = pytest.mark.journey
REVIEW = "/services/birth-certificate-online/go-live/review/"


def test_a_manager_decides_with_conditions(somebody):
    manager = somebody("manager").opens(REVIEW).looks()
    page = manager.page
    expect(page.get_by_role("heading", level=1)).to_contain_text("Do we open the service")
    expect(page.locator("main")).to_contain_text("1 thing changed since")

    page.get_by_role("button", name="Sign the decision").click()
    expect(page.locator(".error-summary")).to_be_focused()
    manager.looks()

    page.get_by_label("Go with conditions").check()
    page.get_by_label("Why", exact=True).fill("The service is accepted; the paper fallback must be tried everywhere.")
    condition = page.get_by_role("group", name="Condition 1")
    condition.get_by_label("What is demanded").fill("Try the paper fallback in every district.")
    condition.get_by_label("Owner").select_option(index=1)
    condition.get_by_label("Due").fill("2031-01-31")
    page.get_by_label("I have looked at the sealed picture").check()
    page.get_by_role("button", name="Sign the decision").click()

    expect(page.locator("main")).to_contain_text("Go with conditions")
    expect(page.locator("main")).to_contain_text("the paper fallback must be tried everywhere")
    expect(page.locator("main")).to_contain_text("Try the paper fallback in every district.")
    expect(page.get_by_role("button", name="Sign the decision")).to_have_count(0)
    manager.looks()

    manager.opens("/services/birth-certificate-online/operate/").looks()
    expect(page.locator("main")).to_contain_text("Try the paper fallback in every district.")


def test_the_one_who_asked_does_not_decide(somebody):
    designer = somebody("designer").opens(REVIEW).looks()
    expect(designer.page.get_by_role("button", name="Sign the decision")).to_have_count(0)


def test_a_designer_asks_and_may_take_it_back(somebody):
    designer = somebody("designer").opens("/services/building-notice/build/review/").looks()
    page = designer.page
    confirms(page, "Looked at together with operations.")
    page.get_by_role("button", name="Ask for a review").click()
    expect(page.locator("main")).to_contain_text("Who may decide")
    designer.looks()
    page.get_by_role("button", name="Withdraw the review").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    designer.looks()
    page.get_by_role("dialog").get_by_role("button", name="Withdraw it").click()
    expect(page.get_by_role("button", name="Ask for a review")).to_be_visible()
