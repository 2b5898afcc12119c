"""A designer works an entry of each kind in place: no reload, nothing lost, the gate follows."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.journey
WORKBENCH = "/services/child-benefit/go-live/"


def entry(page: Page, slug: str):
    return page.locator(f"#{slug}")


def judged(page: Page) -> str:
    return page.locator("#gate").inner_text()


def test_a_rule_is_met_only_with_something_behind_it(somebody):
    designer = somebody("designer").opens(WORKBENCH).looks()
    page = designer.page
    page.evaluate("window.stayed = true")
    rule = entry(page, "golive-accepted")
    before = judged(page)

    rule.get_by_role("button", name="Met", exact=True).click()
    expect(rule.get_by_role("alert")).to_contain_text("What stands behind it?")
    designer.looks()

    rule.get_by_label("Note").fill("All 214 requirements are traced to a passed test on the live system.")
    rule.get_by_role("button", name="Save as").click()
    expect(rule.get_by_role("button", name="Met", exact=True)).to_have_attribute("aria-pressed", "true")
    expect(rule).to_contain_text("1 piece of evidence")
    expect(page.locator("#gate")).not_to_have_text(before)
    expect(page.locator("#save-state")).to_contain_text("Saved")
    assert page.evaluate("window.stayed"), "the page was loaded again"
    designer.looks()

    swapped = rule.inner_text()
    page.reload()
    assert entry(page, "golive-accepted").inner_text() == swapped


def test_an_item_is_ticked_and_the_tick_is_taken_back(somebody):
    page = somebody("designer").opens(WORKBENCH).page
    item = entry(page, "golive-rehearsal")
    item.get_by_role("button", name="Done").click()
    expect(item.get_by_role("button", name="Done")).to_have_attribute("aria-pressed", "true")
    expect(item.get_by_role("button", name="Done")).to_be_focused()

    item.get_by_role("button", name="Undo").click()
    expect(item.get_by_role("button", name="Done")).to_have_attribute("aria-pressed", "false")


def test_an_item_does_not_apply_only_with_a_reason(somebody):
    designer = somebody("designer").opens(WORKBENCH)
    item = entry(designer.page, "golive-rollback-test")
    item.get_by_role("button", name="Not applicable").click()
    expect(item.get_by_label("Why it does not apply")).to_be_visible()
    designer.looks()
    item.get_by_label("Why it does not apply").fill("Nothing is replaced: the service is new.")
    item.get_by_role("button", name="Save as").click()
    expect(item).to_contain_text("Nothing is replaced: the service is new.")


def test_a_question_is_rated_from_the_keyboard(somebody):
    page = somebody("designer").opens(WORKBENCH).page
    question = entry(page, "gq-acceptance")
    rating = question.locator("#gq-acceptance-1")
    rating.focus()
    page.keyboard.press("Enter")
    expect(rating).to_have_attribute("aria-pressed", "true")
    expect(rating).to_be_focused()


def test_a_deliverable_is_written_by_one_and_approved_by_another(somebody):
    designer = somebody("designer").opens(WORKBENCH)
    plan = entry(designer.page, "cutover-plan")
    plan.get_by_role("link", name="Add a version").click()
    plan.get_by_label(re.compile("Link")).first.fill("https://files.example.org/cutover-plan")
    designer.looks()
    plan.get_by_role("button", name="Add this version").click()
    plan.get_by_role("button", name="Send version 1 for approval").click()
    expect(plan).to_contain_text("another member approves it")

    colleague = somebody("second_designer").opens(WORKBENCH)
    plan = entry(colleague.page, "cutover-plan")
    plan.get_by_role("button", name="Approve version 1").click()
    expect(plan).to_contain_text("Approved")
    colleague.looks()


def test_two_people_on_one_entry_both_see_what_the_other_said(somebody):
    first, second = (somebody(who).opens(WORKBENCH) for who in ("designer", "second_designer"))
    entry(first.page, "golive-awareness").get_by_role("button", name="Done").click()
    pressed = entry(first.page, "golive-awareness").get_by_role("button", name="Done")
    expect(pressed).to_have_attribute("aria-pressed", "true")

    late = entry(second.page, "golive-awareness")
    late.get_by_role("button", name="Not applicable").click()
    expect(late).to_contain_text("As it is now")
    expect(late).to_contain_text("What you sent")
    second.looks()
    late.get_by_role("link", name="Keep theirs").click()
    expect(late.get_by_role("button", name="Done")).to_have_attribute("aria-pressed", "true")


def test_a_viewer_reads_and_finds_no_button(somebody):
    viewer = somebody("viewer").opens(WORKBENCH).looks()
    assert viewer.page.locator("main li.entry button").count() == 0


def sign_in_elsewhere(page: Page, who: str) -> None:
    tab = page.context.new_page()
    tab.goto(page.url.split("/services/")[0] + "/accounts/login/?next=" + WORKBENCH)
    tab.get_by_label("Email").fill(f"{who}@demo.launchkit.example")
    tab.get_by_label("Password", exact=True).fill("ready-to-launch")
    tab.get_by_role("button", name="Sign in").click()
    expect(tab.locator("#gate")).to_be_visible()
    tab.close()


def test_what_was_typed_when_the_session_ended_is_saved_after_signing_in_again(somebody):
    designer = somebody("designer").opens(WORKBENCH)
    page, item = designer.page, entry(designer.page, "golive-user-training")
    item.get_by_role("button", name="Not applicable").click()
    item.get_by_label("Why it does not apply").fill("Everybody was trained for the pilot.")
    designer.signs_out()
    item.get_by_role("button", name="Save as").click()
    expect(page.locator("#save-state")).to_contain_text("you are signed out")
    sign_in_elsewhere(page, "second_designer")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("#save-state")).to_contain_text("somebody else is signed in")
    designer.signs_out()
    sign_in_elsewhere(page, "designer")
    item.get_by_role("button", name="Save as").click()
    expect(page.locator("#save-state")).to_contain_text("Saved")
    expect(item).to_contain_text("Everybody was trained for the pilot.")
    # the token of before the sign-in was refused each time, which the browser reports
    designer.complaints[:] = [told for told in designer.complaints if "403" not in told]
