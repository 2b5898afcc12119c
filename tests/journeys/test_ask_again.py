"""A request for a decision is withdrawn, and asked again with a new picture; the ones before stay to be read."""

import pytest
from playwright.sync_api import expect

from tests.journeys.story import confirms

pytestmark = pytest.mark.journey
REVIEW = "/services/building-notice/build/review/"


@pytest.mark.parametrize("javascript", [False])
def test_withdrawn_and_asked_again(somebody, javascript):
    designer = somebody("designer", javascript=javascript).opens(REVIEW)
    page = designer.page
    confirms(page, "Looked at together.")
    page.get_by_role("button", name="Ask for a review").click()
    expect(page.locator("main")).to_contain_text("asked for this decision")

    designer.follows(page.get_by_role("link", name="Take the picture again"))
    confirms(page, "Looked at once more.")
    page.get_by_role("button", name="Take the picture again").click()
    expect(page.locator("body")).to_contain_text("The picture is taken again.")

    page.get_by_role("button", name="Withdraw the review").click()
    expect(page.locator("body")).to_contain_text("the stage is open again")
    past = page.locator("section", has_text="Reviews of this stage")
    expect(past.get_by_text("withdrawn")).to_have_count(2)
    past.get_by_role("link").nth(1).click()
    expect(page.locator("main")).to_contain_text("the request was withdrawn")


def test_every_screen_of_it_can_be_used_by_everybody(somebody):
    designer = somebody("designer").opens(REVIEW).looks()
    page = designer.page
    confirms(page, "Looked at together.")
    page.get_by_role("button", name="Ask for a review").click()
    expect(page.locator("main")).to_contain_text("asked for this decision")
    designer.follows(page.get_by_role("link", name="Take the picture again")).looks()
    page.get_by_role("link", name="Cancel").click()
    page.get_by_role("button", name="Withdraw the review").click()
    page.get_by_role("dialog").get_by_role("button", name="Withdraw it").click()
    expect(page.get_by_role("button", name="Ask for a review")).to_be_visible()
