"""A designer works through entries of every kind without touching the mouse."""

import re
from collections import Counter

import pytest
from playwright.sync_api import Page, expect

from checklists import documenting
from checklists.models import DocumentVersion
from stages.models import Kind
from tests.reviews import walking

pytestmark = pytest.mark.journey
KEYS = {"met": "m", "done": "d", "1": "1"}
FOCUSED = "id => document.activeElement.id === id"


def here(page: Page) -> str:
    """The entry that has the focus."""
    return page.evaluate("document.activeElement.closest('li.entry')?.id || ''")


def goes_to(page: Page, slug: str, key: str = "j") -> None:
    """Down the page, or up with `k`."""
    for _step in range(80):
        page.keyboard.press(key)
        if here(page) == slug:
            return
    raise AssertionError(f"{slug} was not reached")


def tabs_to(page: Page, name: str, key: str = "Tab") -> None:
    """From field to field and from button to button, to the one of that name."""
    for _step in range(20):
        page.keyboard.press(key)
        if re.match(name, page.evaluate("(document.activeElement.labels?.[0] ?? document.activeElement).innerText")):
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


def answers(page: Page, slug: str, value: str) -> None:
    """With one key; a golden rule asks what stands behind it. Afterwards the button has the focus, and is pressed."""
    goes_to(page, slug)
    page.keyboard.press(KEYS[value])
    if value == "met":
        page.wait_for_function(FOCUSED, arg=f"{slug}-proof_text")
        page.keyboard.type("Seen, met and done: 3 of 3.")
        tabs_to(page, "Save as")
        page.keyboard.press("Enter")
    page.wait_for_function(f"{FOCUSED} && document.activeElement.ariaPressed === 'true'", arg=f"{slug}-{value}")


def answers_all(page: Page, *values: str) -> dict[str, int]:
    """Every entry that can be answered with one of these, from the first to the last; how many with which."""
    page.evaluate("window.stayed = true")
    wanted = {slug: value for value in values for slug in open_entries(page, value)}
    asked = page.evaluate("[...document.querySelectorAll('li.entry')].map(one => one.id)")
    for slug in sorted(wanted, key=asked.index):
        answers(page, slug, wanted[slug])
    assert page.evaluate("window.stayed"), "the page was loaded again"
    return Counter(wanted.values())


def writes(page: Page, slug: str) -> None:
    """The first version of a deliverable, and sends it for approval."""
    document = page.locator(f"#{slug}")
    goes_to(page, slug, "k")
    tabs_to(page, "Add a version")
    page.keyboard.press("Enter")
    expect(page.locator(f"#{slug}-document-address")).to_be_visible()
    page.wait_for_function(FOCUSED, arg=slug)
    tabs_to(page, "Link")
    page.keyboard.type("https://files.example.org/first")
    tabs_to(page, "Add this version")
    page.keyboard.press("Enter")
    expect(document).to_contain_text("Version 1:")
    page.wait_for_function(FOCUSED, arg=f"{slug}-document")
    tabs_to(page, "Send version 1", "Shift+Tab")
    page.keyboard.press("Enter")
    expect(document).to_contain_text("another member approves it")
    page.wait_for_function(FOCUSED, arg=slug)


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


@pytest.mark.django_db(transaction=True)
def test_more_than_sixty_entries_are_worked_by_keyboard_alone(service, cast, comes):
    """All of build but for its other documents, then rules and items of go-live: 15 rules, 38 items, 12 questions and
    a deliverable. In a server of this process, for the gate between the stages.
    """
    designer = comes(cast.designer).opens(f"/services/{service.slug}/build/")
    page = designer.page
    assert answers_all(page, "met", "done", "1") == {"met": 7, "done": 18, "1": 12}
    first, *others = (one for one in walking.asked(service) if one.kind == Kind.DELIVERABLE)
    writes(page, first.slug)
    designer.looks()

    documenting.approve(by=cast.second_designer, version=DocumentVersion.objects.get())
    for document in others:
        walking.write(service, document, cast.designer, cast.second_designer)
    review = walking.ask(service, cast.designer)
    walking.sign(review, cast.manager, "go_with_conditions", [walking.demand(cast.designer)])

    designer.opens(f"/services/{service.slug}/go-live/")
    assert answers_all(page, "met", "done") == {"met": 8, "done": 20}
    designer.looks()


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
