"""An administrator looks whether everything runs: every part of a launchkit that was just started is heard."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.journey


def test_everything_runs(somebody):
    administrator = somebody("administrator")
    page = administrator.page
    page.locator("details.menu > summary").last.click()
    page.get_by_role("link", name="Operations").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Operations")
    for part in ("web", "worker", "mail", "scheduler"):
        finding = page.locator(f"#process-{part}")
        for _ in range(8):  # the scheduler asks for something at least every half minute
            if "None has been heard" not in finding.inner_text():
                break
            page.wait_for_timeout(5000)
            page.get_by_role("link", name="Look again").click()
        expect(finding).to_contain_text("Fine")
    administrator.looks()


def test_nobody_else_sees_it(somebody):
    manager = somebody("manager")
    assert manager.page.goto(manager.site + "/operations/").status == 403
    manager.looks()
