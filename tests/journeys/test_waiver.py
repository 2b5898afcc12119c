"""A golden rule is excused for a time: asked for, granted, decided with; and when its day is over, all of it shows.

Served from this process, so that the clock can be moved for the server too.
"""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import expect

from tests.journeys.story import signs
from tests.reviews import walking

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
RULE = "build-accessible"


@pytest.fixture
def stage(service, cast):
    """Build with everything in place but one golden rule."""
    walking.fulfil(service, cast.designer, cast.second_designer, without=[RULE])
    walking.say(service, walking.requirement(service, RULE), cast.designer, state="not_met")
    return f"/services/{service.slug}/build/"


def test_asked_granted_decided_with_and_over(service, cast, stage, comes):
    designer = comes(cast.designer).opens(stage)
    row = designer.page.locator(f"#{RULE}")
    row.get_by_role("link", name="Ask for a waiver").click()
    row.get_by_role("button", name="Ask for the waiver").click()
    expect(row.locator(".error-summary")).to_contain_text("Say what is done instead.")
    designer.looks()
    row.get_by_label("Why the rule cannot be met now").fill("The new map can be used by keyboard from March.")
    row.get_by_label("What is done instead").fill("The office takes notices by telephone meanwhile.")
    row.get_by_label("Last day").fill((timezone.localdate() + timedelta(days=30)).isoformat())
    row.get_by_role("button", name="Ask for the waiver").click()
    expect(row).to_contain_text("Waiver asked for")
    expect(designer.page.locator("#gate")).to_contain_text("No-go today")
    designer.looks()

    manager = comes(cast.manager, width=375).opens(stage)
    row = manager.page.locator(f"#{RULE}")
    row.get_by_role("link", name="Grant or refuse it").click()
    row.get_by_label("Your word to the team").fill("Agreed until the new map is there.")
    manager.looks()
    row.get_by_role("button", name="Grant the waiver").click()
    expect(row).to_contain_text("granted by Manager")
    expect(manager.page.locator("#gate")).to_contain_text("Ready: go")
    expect(manager.page.locator("#gate")).to_contain_text("1 golden rule waived until")
    manager.looks()

    walking.ask(service, cast.designer)
    manager.opens(f"{stage}review/").looks()
    page = manager.page
    expect(page.locator("section").filter(has_text="What you would be accepting").last).to_contain_text("by telephone")
    signs(page, "go", "Everything holds, and the waiver is short.")
    expect(page.locator("main")).to_contain_text("Decided by Manager")

    with time_machine.travel(timezone.now() + timedelta(days=31)):
        viewer = comes(cast.viewer).opens(f"{stage}review/1/").looks()
        expect(viewer.page.locator("main")).to_contain_text("This decision is stale")
        expect(viewer.page.locator("main")).to_contain_text("the waiver expired after")
        viewer.opens(stage).looks()
        expect(viewer.page.locator(f"#{RULE}")).to_contain_text("Waiver expired")
        viewer.opens(f"/services/{service.slug}/").looks()
        expect(viewer.page.locator("#waivers")).to_contain_text("Expired")


def test_without_javascript(service, cast, stage, comes):
    designer = comes(cast.designer, javascript=False).opens(stage)
    page = designer.page
    page.locator(f"#{RULE}").get_by_role("link", name="Ask for a waiver").click()
    page.get_by_label("Why the rule cannot be met now").fill("The new map comes in March.")
    page.get_by_label("What is done instead").fill("Notices are taken by telephone.")
    page.get_by_role("button", name="Ask for the waiver").click()
    expect(page.locator(f"#{RULE}")).to_contain_text("Waiver asked for")

    manager = comes(cast.manager, javascript=False).opens(stage)
    manager.page.locator(f"#{RULE}").get_by_role("link", name="Grant or refuse it").click()
    manager.page.get_by_role("button", name="Refuse it").click()
    expect(manager.page.locator(".error-summary")).to_contain_text("Say why")
    manager.page.get_by_label("Your word to the team").fill("Mend the map first.")
    manager.page.get_by_role("button", name="Refuse it").click()
    expect(manager.page.locator(f"#{RULE}")).to_contain_text("Mend the map first.")
