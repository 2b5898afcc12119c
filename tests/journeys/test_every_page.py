"""Whatever can be reached by a link is opened by four people, with every panel and dialog on it: nothing breaks the
content security policy, every answer carries its headers, and axe finds nothing."""

from collections.abc import Iterator
from functools import partial
from urllib.parse import urlsplit

import pytest
from django.template.loader import render_to_string
from django.urls import resolve
from django.utils.datastructures import CaseInsensitiveMapping
from playwright.sync_api import Page, Response, Route, expect

from tests.journeys.story import Person
from tests.security import guarding

pytestmark = pytest.mark.journey
PEOPLE = ("designer", "manager", "administrator", None)
FEWEST_PAGES, FEWEST_LOOKS = 80, 30
LINKS = "[...document.links].filter((one) => !one.download && one.origin === location.origin).map((one) => one.href)"
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


def guarded(response: Response) -> None:
    lacks = guarding.missing(CaseInsensitiveMapping(response.headers))
    assert not lacks, f"{response.url}: {lacks}"


def walk(person: Person) -> Iterator[str]:
    """Every kind of page that links lead to, one after the other."""
    page, seen, waiting = person.page, set(), [person.site + "/"]
    while waiting:
        address = waiting.pop(0)
        if kind(address) in DOWNLOADED | seen:
            continue
        seen |= {kind(address)}
        response = page.goto(address)
        guarded(response)
        assert response.status == 200, f"{address}: {response.status}"
        seen |= {kind(page.url)}
        yield page.url
        waiting += page.evaluate(LINKS)


def opened(page: Page) -> None:
    """Every fold is unfolded, and of the forms that ask before they are sent one asks."""
    page.evaluate(OPEN)
    asks = page.locator(CONFIRM)
    if asks.count():
        asks.first.click()
        expect(page.locator("#confirm-dialog")).to_be_visible()


def test_no_page_breaks_the_policy(somebody):
    looked_at, pages = set(LOOKED_AT_ELSEWHERE), 0
    for who in PEOPLE:
        person = somebody(who)
        for address in walk(person):
            pages += 1
            if kind(address) not in looked_at:
                opened(person.page)
                person.looks()
                looked_at.add(kind(address))
        assert person.complaints == []
    assert pages >= FEWEST_PAGES
    assert len(looked_at - LOOKED_AT_ELSEWHERE) >= FEWEST_LOOKS


def test_an_injected_script_is_stopped_and_heard_of(somebody):
    """Else the silence above would tell nothing."""
    person = somebody().opens("/accounts/login/")
    assert person.page.evaluate(SCRIPT) is False
    heard = [told for told in person.complaints if told.startswith("CSP: ")]
    assert heard == [f"CSP: {what} of inline on /accounts/login/" for what in ("script-src-elem", "style-src-attr")]
    person.complaints.clear()


def test_what_goes_wrong_is_a_page_too(somebody):
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
