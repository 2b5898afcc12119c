"""Somebody types one endless word; no page becomes wider than the screen."""

import pytest

pytestmark = pytest.mark.journey
WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.mark.parametrize("width", [320, 1280])
def test_a_name_of_one_word_widens_no_page(somebody, width):
    designer = somebody("designer", width=width)
    designer.opens("/services/new")
    designer.page.get_by_label("Name of the service").fill("W" * 119 + str(width)[0])
    designer.page.get_by_label("What it does").fill("M" * 500)
    designer.page.get_by_label("Planned go-live").fill("2099-01-01")
    designer.page.locator("form.form button").last.click()
    designer.page.wait_for_url("**/build/")
    workbench = designer.page.url.removeprefix(designer.site)
    service = workbench.removesuffix("build/")
    of_it = ("people/", "dates/", "evidence/", "history/", "reports/", "edit/", "build/", "build/review/")
    of_ours = ("/", "/my-work/", "/notices/", "/profile/", service)
    for address in (*of_ours, *(service + page for page in of_it)):
        assert not designer.opens(address).page.evaluate(WIDER), address


def test_long_addresses_of_people_widen_no_page(somebody):
    administrator = somebody("administrator", width=320)
    for address in ("/people/", "/teams/civil-registration/", "/operations/"):
        assert not administrator.opens(address).page.evaluate(WIDER), address
