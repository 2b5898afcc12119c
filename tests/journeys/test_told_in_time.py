"""A manager hears of what waits, follows it, chooses what comes by mail, and sees all there is to do on one page."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.journey


@pytest.mark.parametrize(("who", "javascript"), [("manager", True), ("second_manager", False)])
def test_what_a_person_is_told_and_has_to_do(somebody, who, javascript):
    person = somebody(who, javascript=javascript)
    page = person.page
    page.get_by_role("link", name="Notices").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Notices")
    person.looks()

    new = page.locator(".notices .is-new")
    before = new.count()
    page.get_by_role("button", name=re.compile("New: Building notice: approval asked for")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Security file")
    person.opens("/notices/")
    expect(new).to_have_count(before - 1)

    person.follows(page.get_by_role("link", name="Choose what comes by mail")).looks()
    page.get_by_role("radiogroup", name="A decision was made").get_by_label("once a day").check()
    page.get_by_role("button", name="Save the choice").click()
    expect(page.get_by_role("status")).to_contain_text("Your choice is saved.")
    expect(page.get_by_role("radiogroup", name="A decision was made").get_by_label("once a day")).to_be_checked()

    page.get_by_role("link", name="My work").click()
    expect(page.get_by_role("heading", name="Waiting for you")).to_be_visible()
    person.looks()
    page.get_by_role("link", name=re.compile("Security file")).click()
    expect(page.get_by_role("button", name="Approve")).to_be_visible()


def test_who_has_nothing_to_do_is_told_what_would_stand_there(somebody):
    editor = somebody("editor").opens("/my-work/").looks()
    expect(editor.page.locator("main")).to_contain_text("Nothing waits for you")
    editor.opens("/notices/").looks()
    expect(editor.page.locator("main")).to_contain_text("Nothing to tell yet")
