"""A mistaken decision is superseded, and a passed stage is opened again: everything that rests on them says so."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.journeys.story import confirms, signs

pytestmark = pytest.mark.journey
SERVICE = "/services/driving-licence-renewal/"
DECIDED = f"{SERVICE}go-live/review/1/"
REOPEN = f"{SERVICE}build/review/reopen/"


def digest(page: Page) -> str:
    """The digest of the decision record on the page of a review."""
    return re.sub(r"\s", "", page.locator(".sealed .digest").last.inner_text())


def test_a_mistaken_decision_is_superseded_and_all_that_rests_on_it_says_so(somebody):
    manager = somebody("outside_manager").opens(DECIDED)
    page, before = manager.page, digest(manager.page)
    manager.follows(page.get_by_role("link", name="Supersede the decision")).looks()
    page.get_by_role("button", name="Sign the decision").click()
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.locator(".error-summary")).to_contain_text("Say what was mistaken.")
    manager.looks()

    page.get_by_label("What was mistaken").fill("The paper fallback was taken as tried; it was only written down.")
    condition = page.get_by_role("group", name="Condition 1")
    condition.get_by_label("What is demanded").fill("Try the paper fallback at two counters.")
    condition.get_by_label("Owner").select_option("Sofia Lindqvist")
    condition.get_by_label("Due").fill((timezone.localdate() + timedelta(days=20)).isoformat())
    signs(page, "go_with_conditions", "The rest holds; the fallback has to be tried now.")
    expect(page.get_by_role("status")).to_contain_text("The decision before it is superseded.")
    expect(page.get_by_role("region", name="Superseded")).to_contain_text("it was only written down")
    after = digest(page)
    manager.looks()

    page.get_by_role("region", name="Superseded").get_by_role("link").first.click()
    expect(page.locator("main")).to_contain_text("Read the decision that stands")
    manager.looks()
    manager.opens(SERVICE)
    expect(page.locator("#reviews").get_by_role("listitem").filter(has_text="Go-live")).to_contain_text("Superseded")
    expect(page.locator("#conditions")).to_contain_text("Try the paper fallback at two counters.")
    manager.opens(f"{SERVICE}reports/").looks()
    report = page.get_by_role("listitem").filter(has_text="Go-live: Go, decided on")
    expect(report).to_contain_text("Superseded")

    anybody = somebody()
    for sha256, finding in ((before, "Superseded"), (after, "Authentic")):
        anybody.opens(f"/verify/{sha256}/").looks()
        expect(anybody.page.locator("#finding")).to_contain_text(finding)


def test_who_may_not(somebody):
    designer = somebody("outsider").opens(DECIDED)
    expect(designer.page.get_by_role("link", name="Supersede the decision")).to_have_count(0)
    assert designer.page.goto(f"{designer.site}{DECIDED}supersede/").status == 403
    assert designer.page.goto(designer.site + REOPEN).status == 403
    designer.looks()
    stranger = somebody("manager")
    assert stranger.page.goto(f"{stranger.site}{DECIDED}supersede/").status == 404


def test_back_to_a_plain_go_without_javascript(somebody):
    manager = somebody("outside_manager", javascript=False).opens(f"{DECIDED}supersede/")
    page = manager.page
    signs(page, "go", "It was tried at two counters before the opening.")
    expect(page.locator(".error-summary")).to_contain_text("Say what was mistaken.")
    expect(page.get_by_label("Why", exact=True)).to_have_value("It was tried at two counters before the opening.")
    page.get_by_label("What was mistaken").fill("The record of the trial lay in the other file.")
    page.get_by_role("button", name="Sign the decision").click()
    expect(page.get_by_role("status")).to_contain_text("Signed: Go.")
    expect(page.get_by_role("region", name="Superseded")).to_contain_text("The record of the trial lay")


def test_a_passed_stage_is_opened_again_seen_at_a_later_gate_and_decided_anew(somebody):
    manager = somebody("outside_manager").opens(f"{SERVICE}build/review/")
    page = manager.page
    manager.follows(page.get_by_role("link", name="Reopen this stage")).looks()
    page.get_by_role("button", name="Reopen the stage").click()
    expect(page.get_by_role("alert")).to_be_visible()
    manager.looks()
    page.get_by_label("Why").fill("The outside test found a new hole.")
    page.get_by_role("button", name="Reopen the stage").click()
    expect(page.get_by_role("status")).to_contain_text("a new review can be asked for")
    expect(page.locator("main")).to_contain_text("The outside test found a new hole.")
    manager.looks()
    manager.opens(f"{SERVICE}operate/").looks()
    expect(page.locator("#gate")).to_contain_text("1 earlier stage is reopened.")

    designer = somebody("outsider", javascript=False).opens(f"{SERVICE}build/review/")
    confirms(designer.page, "The hole is closed and tried again.")
    designer.page.get_by_role("button", name="Ask for a review").click()
    expect(designer.page.locator("main")).to_contain_text("asked for this decision")

    manager.opens(f"{SERVICE}build/review/")
    signs(page, "go", "Closed, and the tester has confirmed it.")
    expect(page.get_by_role("status")).to_contain_text("Signed: Go.")
    manager.opens(f"{SERVICE}operate/")
    expect(page.locator("#gate")).not_to_contain_text("reopened")
