"""F29: whoever asked is deactivated midway: the report stays with the team, and nothing more is done in that name."""

import pytest

from accounts import leaving
from reviews import press, reporting
from tests.reviews import walking


@pytest.fixture
def edition(db):
    return walking.small_edition()


def test_the_report_stays_with_the_team_and_no_act_goes_on(cast, service, client_for):
    browser = client_for(cast.designer)
    report = reporting.request(by=cast.designer, service=service, record=None, language="en")
    leaving.deactivate(by=cast.administrator, person=cast.designer)
    press.make(report.pk)
    report.refresh_from_db()
    assert (report.state, report.requested_by) == ("done", cast.designer)
    page = f"/services/{service.slug}/reports/{report.pk}/download/"
    assert client_for(cast.viewer).get(page).status_code == 200
    item = walking.first(service, "item")
    told = browser.post(f"/services/{service.slug}/build/{item.slug}/answer/", {"state": "done", "seen": "0"})
    assert (told.status_code, told.url.split("?")[0]) == (302, "/accounts/login/")
    assert not service.answers.exists()
