"""A designer works through entries of every kind without touching the mouse."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.journey


def here(page: Page) -> str:
    """The entry that has the focus."""
    return page.evaluate("document.activeElement.closest('li.entry')?.id || ''")


def goes_to(page: Page, slug: str) -> None:
    for _step in range(80):
        page.keyboard.press("j")
        if here(page) == slug:
            return
    raise AssertionError(f"{slug} was not reached")


def tabs_to(page: Page, name: str) -> None:
    for _step in range(20):
        page.keyboard.press("Tab")
        if re.match(name, page.evaluate("document.activeElement.innerText")):
            return
    raise AssertionError(f"“{name}” was not reached")


def open_entries(page: Page, *values: str) -> list[str]:
    """Entries with a button for the first of `values`, none of which is pressed yet."""
    return page.evaluate(
        """values => [...document.querySelectorAll('li.entry')].map(one => one.id)
           .filter(id => document.getElementById(`${id}-${values[0]}`)
             && !document.querySelector(`[id="${id}"] [aria-pressed=true]`))""",
        list(values),
    )


@pytest.fixture
def bench(somebody):
    """A service of one's own, with everything still open."""
    designer = somebody("designer").opens("/services/new")
    page = designer.page
    page.get_by_label("Name").fill("Keyboard licence")
    page.get_by_label("Planned go-live").fill("2031-06-01")
    page.get_by_role("button", name="Add the service").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Keyboard licence")
    page.wait_for_load_state()  # the heading is there before the last entry is
    page.evaluate("window.stayed = true")
    return designer


def test_a_whole_stage_is_answered_by_keyboard_alone(bench):
    """All 7 golden rules, 18 items and 12 questions of build; documents are written, not answered."""
    page = bench.page
    items, rules, questions = (open_entries(page, value) for value in ("done", "met", "0"))
    asked = page.evaluate("[...document.querySelectorAll('li.entry')].map(one => one.id)")
    for slug in sorted([*items, *rules, *questions], key=asked.index):
        goes_to(page, slug)
        key, value = ("d", "done") if slug in items else ("m", "met") if slug in rules else ("1", "1")
        page.keyboard.press(key)
        if slug in rules:
            expect(page.locator(f"#{slug}-proof_text")).to_be_focused()
            page.keyboard.type("Seen on the live system, met and done: 3 of 3.")
            tabs_to(page, "Save as")
            page.keyboard.press("Enter")
        pressed = page.locator(f"#{slug}-{value}")
        expect(pressed).to_have_attribute("aria-pressed", "true")
        expect(pressed).to_be_focused()
    assert (len(rules), len(items), len(questions)) == (7, 18, 12)
    assert page.evaluate("window.stayed"), "the page was loaded again"
    bench.looks()

    page.keyboard.press("k")
    assert here(page) == asked[asked.index(questions[-1]) - 1]


def test_evidence_and_note_are_a_key_away_and_typing_is_typing(bench):
    page = bench.page
    item = open_entries(page, "done")[0]
    goes_to(page, item)
    page.keyboard.press("e")
    expect(page.locator(f"#{item}-proof_text")).to_be_focused()
    page.keyboard.type("jkmxd?/")
    expect(page.locator(f"#{item}-proof_text")).to_have_value("jkmxd?/")
    tabs_to(page, "Close")
    page.keyboard.press("n")
    expect(page.locator(f"#{item}-note")).to_be_focused()

    page.keyboard.press("Shift+Tab")
    while page.evaluate("document.activeElement.matches('input, textarea, select')"):
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("/")
    expect(page.get_by_label("Find an entry")).to_be_focused()


def test_the_keys_are_listed_and_can_be_switched_off_for_good(bench):
    page = bench.page
    first = page.locator("li.entry").first
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Working with the keyboard")
    expect(dialog).to_be_visible()
    bench.looks()
    page.keyboard.press("j")
    expect(dialog).to_be_visible()
    dialog.get_by_label("Use single keys").press("Space")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()

    page.reload()
    page.keyboard.press("j")
    expect(first).not_to_be_focused()
    page.keyboard.press("?")
    expect(dialog).to_be_hidden()

    page.get_by_role("button", name="Keyboard").press("Enter")
    dialog.get_by_label("Use single keys").press("Space")
    dialog.get_by_role("button", name="Close").press("Enter")
    page.keyboard.press("j")
    expect(first).to_be_focused()


def test_a_modifier_belongs_to_the_browser(bench):
    page = bench.page
    item = open_entries(page, "done")[0]
    goes_to(page, item)
    page.keyboard.press("Alt+d")
    page.keyboard.press("Control+m")
    expect(page.locator(f"#{item}-done")).to_have_attribute("aria-pressed", "false")
