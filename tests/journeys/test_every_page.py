"""Whatever can be reached by a link is asked for by four people, with every panel and dialog on it: nothing breaks the
content security policy, every answer carries its headers, and axe finds nothing."""

import re
from collections.abc import Iterator
from functools import partial
from urllib.parse import urlsplit

import pytest
from django.template.loader import render_to_string
from django.urls import resolve
from django.utils.datastructures import CaseInsensitiveMapping
from playwright.sync_api import APIResponse, Page, Response, Route, expect

from tests.journeys.story import Person
from tests.security import guarding

pytestmark = pytest.mark.journey
PEOPLE = ("designer", "manager", "administrator", None)
FEWEST_PAGES, FEWEST_LOOKS = 90, 35
LINK = re.compile(r'<a (?![^>]*\sdownload)[^>]*?href="(/[^"#?]*)')
OPEN = "document.querySelectorAll('details:not([open])').forEach((one) => { one.open = true })"
CONFIRM = "main form[data-confirm] button, main button[data-confirm]"
DOWNLOADED = {"checklists:evidence_file", "checklists:document_file", "reviews:download_report"}
DOWNLOADED |= {"reviews:service_trail", "accounts:codes_file"}
LOOKED_AT_ELSEWHERE = {
    "reviews:workbench",
    "reviews:review",
    "reviews:past_review",
    "stages:edition",
}  # long, own stories
SCRIPT = """async () => {
  const heard = new Promise((go) => {
    let left = 2;
    addEventListener("securitypolicyviolation", () => { left -= 1; if (!left) go(); });
  });
  const code = document.createElement("script");
  code.textContent = "window.ran = true";
  document.body.append(code);
  document.body.setAttribute("style", "color: red");
  await heard;
  return window.ran === true || getComputedStyle(document.body).color === "rgb(255, 0, 0)";
}"""
BARE = ("400.html", "403_csrf.html", "429.html", "500.html", "503.html")


def kind(address: str) -> str:
    """Two addresses of one kind show the same page of something else."""
    return resolve(urlsplit(address).path).view_name


def guarded(response: Response | APIResponse) -> None:
    lacks = guarding.missing(CaseInsensitiveMapping(response.headers))
    assert not lacks, f"{response.url}: {lacks}"


def walk(person: Person, rendered: set[str]) -> Iterator[bool]:
    """Every kind of page that links lead to, one after the other; gives whether the browser shows it.

    What somebody before has had in the browser is asked for without it.
    """
    seen, waiting = set(), ["/"]
    while waiting:
        address = waiting.pop(0)
        if kind(address) in DOWNLOADED | seen:
            continue
        shown = kind(address) not in rendered
        response = (person.page.goto if shown else person.page.request.get)(person.site + address)
        guarded(response)
        assert response.status == 200, f"{address}: {response.status}"
        seen |= {kind(address), kind(response.url)}
        rendered |= seen
        yield shown
        waiting += LINK.findall(response.text())


def opened(page: Page) -> None:
    """Every fold is unfolded, and of the forms that ask before they are sent one asks."""
    page.evaluate(OPEN)
    asks = page.locator(CONFIRM)
    if asks.count():
        asks.first.click()
        expect(page.locator("#confirm-dialog")).to_be_visible()


def test_no_page_breaks_the_policy(somebody):
    """A page is counted for each person; one that the browser shows has all its folds and a dialog opened."""
    rendered, asked, looks = set(), 0, 0
    for who in PEOPLE:
        person = somebody(who)
        for shown in walk(person, rendered):
            asked += 1
            if shown:
                opened(person.page)
            if shown and kind(person.page.url) not in LOOKED_AT_ELSEWHERE:
                person.looks()
                looks += 1
        assert person.complaints == []
    assert asked >= FEWEST_PAGES
    assert looks >= FEWEST_LOOKS


def test_an_injected_script_is_stopped_and_heard_of(somebody):
    """Else the silence above would tell nothing."""
    person = somebody().opens("/accounts/login/")
    assert person.page.evaluate(SCRIPT) is False
    heard = [told for told in person.complaints if told.startswith("CSP: ")]
    assert heard == [f"CSP: {what} of inline on /accounts/login/" for what in ("script-src-elem", "style-src-attr")]
    person.complaints.clear()


@pytest.mark.parametrize(
    ("harm", "rule"),
    [
        ("one.textContent = ''; one.append(document.createElement('button'))", "button-name"),
        ("one.style.color = '#bbb'", "color-contrast"),
        ("one.closest('tr').setAttribute('role', 'nothing')", "aria-roles"),
        ("one.id = 'services'", "['services']"),
    ],
)
def test_what_is_wrong_with_one_of_many_is_seen(somebody, harm, rule):
    """Though everything that is alike has been looked at, and only once."""
    person = somebody("designer").opens("/").looks().looks()
    person.page.locator("#services tbody tr a").last.evaluate(f"one => {{ {harm} }}")
    with pytest.raises(AssertionError, match=re.escape(rule)):
        person.looks()


def test_what_goes_wrong_is_a_page_too(somebody, files_of_the_site):
    """Refusals as they come, and pages of faults that no browser can bring about."""
    designer = somebody("designer")
    page = designer.page
    for address, status in (("/nowhere/", 404), ("/operations/", 403), ("/services/nobodys/", 404), ("/join/", 200)):
        response = page.goto(designer.site + address)
        guarded(response)
        assert (address, response.status) == (address, status)
        designer.looks()
    designer.opens("/services/new").page.locator("form.form button").last.click()
    expect(page.locator(".error-summary")).to_be_focused()
    designer.looks()
    designer.opens("/services/child-benefit/go-live/").page.locator("#keys-open").click()
    expect(page.locator("#keys-dialog")).to_be_visible()
    designer.looks()
    for template in BARE:
        page.route("**/fault", partial(fulfilled, template))
        page.goto(designer.site + "/fault")
        designer.looks()
        page.unroute("**/fault")


def fulfilled(template: str, route: Route) -> None:
    route.fulfill(body=render_to_string(template), content_type="text/html")
