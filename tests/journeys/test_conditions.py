"""A condition is overdue and stands in the way; it is said to be met and confirmed by another; one gets more time."""

import pytest
from playwright.sync_api import expect

from tests.journeys.story import Person

pytestmark = pytest.mark.journey
BENCH = "/services/child-benefit/go-live/"
OVERDUE, COMING = "Add people from rural areas", "Have the nightly job delete"


def follows(person: Person, condition: str) -> Person:
    return person.follows(person.page.locator(".work > .card").get_by_role("link", name=condition))


def test_overdue_it_blocks_until_it_is_met_and_another_one_is_extended(somebody):
    designer = somebody("second_designer").opens(BENCH).looks()
    page = designer.page
    expect(page.locator("#gate")).to_contain_text("1 condition is overdue.")
    follows(designer, OVERDUE).looks()
    page.get_by_role("button", name="Say that it is met").click()
    expect(page.locator(".error-summary")).to_contain_text("Write a note, give a link or choose a file.")
    designer.looks()
    page.get_by_label("Note").fill("Six people from three villages joined on Monday.")
    page.get_by_role("button", name="Say that it is met").click()
    expect(page.locator("main")).to_contain_text("a manager who is somebody else confirms it")
    expect(page.get_by_role("button", name="It is met", exact=True)).to_have_count(0)
    designer.looks()

    manager = somebody("manager").opens(BENCH)
    page = manager.page
    expect(page.locator("#gate")).to_contain_text("1 condition is overdue.")
    follows(manager, OVERDUE)
    expect(page.locator("main")).to_contain_text("Six people from three villages joined on Monday.")
    manager.looks()
    page.get_by_role("button", name="It is met", exact=True).click()
    expect(page.locator("main")).to_contain_text("confirmed that it is met")

    manager.opens(BENCH)
    expect(page.locator("#gate")).not_to_contain_text("overdue")
    follows(manager, COMING)
    page.get_by_label("New day").fill("2031-01-31")
    page.locator("section", has_text="Does it need more time?").get_by_label("Why").fill("The new server comes late.")
    page.get_by_role("button", name="Extend it").click()
    expect(page.locator("main")).to_contain_text("The new server comes late.")
    manager.looks()


def test_it_is_read_without_javascript(somebody):
    viewer = somebody("viewer", javascript=False).opens("/services/child-benefit/")
    viewer.page.locator("#conditions").get_by_role("link", name=COMING).first.click()
    expect(viewer.page.get_by_role("heading", level=1)).to_contain_text("Condition")
    expect(viewer.page.get_by_role("button", name="Drop it")).to_have_count(0)
