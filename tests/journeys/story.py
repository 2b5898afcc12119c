"""What a journey is told with: people who open pages, and screens that are looked at."""

import re
import time
from dataclasses import dataclass, field

from django.conf import settings
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect

from tests.journeys import looking

DEMO = "demo.launchkit.example"
PASSWORD = "ready-to-launch"
LISTENS = """addEventListener("securitypolicyviolation", (one) => console.error(
  `CSP: ${one.effectiveDirective} of ${one.blockedURI} on ${location.pathname}`))"""


@dataclass(frozen=True)
class Session:
    """What a browser holds of somebody who has signed in: taken to another one, it is the same person."""

    cookies: list[dict]
    began: float

    @property
    def is_fresh(self) -> bool:
        """Within the five minutes in which a decision is signed without the password, and a story to spare."""
        return time.monotonic() - self.began < 200


@dataclass
class Person:
    """Somebody at a browser. Every complaint of the browser (script error, CSP) is remembered."""

    page: Page
    site: str
    javascript: bool
    complaints: list[str] = field(default_factory=list)

    def opens(self, address: str) -> "Person":
        response = self.page.goto(self.site + address)
        assert response.status == 200, f"{address}: {response.status}"
        return self

    def signs_in(self, who: str) -> "Person":
        self.page.goto(self.site + "/accounts/login/")
        self.page.get_by_label(re.compile("e-?mail", re.IGNORECASE)).fill(f"{who}@{DEMO}")
        self.page.get_by_label(re.compile("password", re.IGNORECASE)).fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text("Services")
        return self

    @property
    def session(self) -> Session:
        mine = [one for one in self.page.context.cookies() if one["name"] == settings.SESSION_COOKIE_NAME]
        return Session(mine, time.monotonic())

    def goes_on_with(self, session: Session) -> "Person":
        self.page.context.add_cookies(session.cookies)
        self.opens("/")
        expect(self.page.get_by_role("heading", level=1)).to_have_text("Services")
        return self

    def signs_out(self) -> None:
        self.page.context.clear_cookies()

    def follows(self, leading: Locator) -> "Person":
        """Click what leads to another page, and be there: the click alone may return while the one before stands."""
        with self.page.expect_navigation():
            leading.click()
        return self

    def looks(self) -> "Person":
        """The screen as it is now has no violation of WCAG 2.2 AA that axe can see."""
        if self.javascript:
            self.page.wait_for_load_state()  # what a story waited for may be there before the rest of its page
            wrong = looking.violations(self.page)
            assert not wrong, f"{self.page.url}: {wrong}"
        return self


def arrives(
    browser: Browser, site: str, *, javascript: bool = True, width: int = 1280, language: str = "en-GB"
) -> Person:
    window = browser.new_context(
        java_script_enabled=javascript,
        viewport={"width": width, "height": 900},
        accept_downloads=True,
        locale=language,
    )
    window.add_init_script(LISTENS)
    person = Person(window.new_page(), site, javascript)
    person.page.on("pageerror", lambda error: person.complaints.append(str(error)))
    person.page.on("console", lambda told: is_complaint(told) and person.complaints.append(told.text))
    return person


def is_complaint(told: ConsoleMessage) -> bool:
    """An error in the console; but a refusal (404, 409, 422) is an answer, which the browser reports all the same."""
    return told.type == "error" and not re.search(r"status of 4\d\d", told.text)


def confirms(page: Page, note: str) -> None:
    """Fill in the form that asks for a review: every criterion is met."""
    for group in page.get_by_role("group").filter(has=page.get_by_role("radio")).all():
        group.get_by_role("radio").first.check()
    for written in page.locator("form textarea:visible").all():
        written.fill(note)


def signs(page: Page, outcome: str, why: str) -> None:
    """Decide, having looked at everything."""
    page.locator(f"input[name=outcome][value={outcome}]").check()
    page.get_by_label("Why", exact=True).fill(why)
    page.get_by_label("I have looked at the sealed picture").check()
    page.get_by_role("button", name="Sign the decision").click()
