"""Operate comes round again: what has grown old is confirmed, a manager decides, and the next round has its day."""

from datetime import date

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from stages.passages import months_later
from tests.journeys.story import confirms, signs

pytestmark = pytest.mark.journey
SERVICE = "/services/driving-licence-renewal/"
OPERATE = f"{SERVICE}operate/"
GROWN_OLD = "to be confirmed again: the answer has grown old"


def operate(page: Page) -> Locator:
    """Where the stage stands, on the way of the service."""
    return page.get_by_role("list", name="Stages").get_by_role("listitem").last


def day(on: date) -> str:
    return f"{on.day} {on:%B %Y}"


def test_the_second_round_is_worked_decided_and_followed_by_a_third(somebody):
    designer = somebody("outsider").opens(SERVICE).looks()
    page = designer.page
    expect(operate(page)).to_contain_text("round 2")
    expect(operate(page)).to_contain_text("Open, due ")
    expect(page.get_by_role("region", name="Next gate")).to_contain_text(GROWN_OLD)

    designer.opens(f"{OPERATE}?show=recheck").looks()
    asked = [entry.get_attribute("id") for entry in page.locator("li.entry").all()]
    assert len(asked) > 3
    for slug in asked:
        page.locator(f"#{slug}").get_by_role("button", name="Still true").click()
        expect(page.locator(f"#{slug}").get_by_role("button", name="Still true")).to_have_count(0)
    expect(page.locator("#gate")).not_to_contain_text(GROWN_OLD)

    designer.opens(f"{OPERATE}review/").looks()
    confirms(page, "Reported every month; the backlog is ranked and paid for.")
    page.get_by_role("button", name="Ask for a review").click()
    expect(page.locator("main")).to_contain_text("asked for this decision")

    manager = somebody("outside_manager").opens(f"{OPERATE}review/").looks()
    page = manager.page
    expect(page.get_by_role("link", name="Review 1")).to_be_visible()
    signs(page, "go", "It earns its place: more drivers than last year finish without help.")
    expect(page.get_by_role("status")).to_contain_text("Signed: Go.")

    manager.opens(SERVICE)
    expect(operate(page)).to_contain_text("round 3")
    expect(operate(page)).to_contain_text(f"Open, due {day(months_later(timezone.localdate(), 6))}")


def test_the_rounds_before_stay_to_be_found(somebody):
    viewer = somebody("auditor").opens(f"{SERVICE}history/")
    page = viewer.page
    expect(page.locator(".history")).to_contain_text("opened the next round, due on")
    page.get_by_role("link", name="Operate, round 2").first.click()
    expect(operate(page)).to_contain_text("round")

    viewer.opens(SERVICE)
    page.locator("#reviews").get_by_role("link", name="Operate, review 1").click()
    expect(page.locator("main")).to_contain_text("nine in ten drivers finish without help")
    viewer.looks()
    viewer.opens(f"{SERVICE}reports/")
    with page.expect_download() as waiting:
        report = page.get_by_role("listitem").filter(has_text="Operate: Go, decided on")
        report.get_by_role("link", name="Download").click()
    assert waiting.value.path().read_bytes().startswith(b"%PDF")
