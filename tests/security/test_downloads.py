"""A file is handed out to who may see it at that moment: by whatever method, in part or whole, by whatever link."""

import pytest
from django.urls import reverse

from accounts.models import Membership
from reviews.models import Report
from tests.security.furnishing import PDF

pytestmark = pytest.mark.django_db
FILES = ("checklists:evidence_file", "checklists:document_file", "reviews:download_report")
WAYS = {"GET": {}, "HEAD": {}, "a part": {"HTTP_RANGE": "bytes=0-3"}, "the end": {"HTTP_RANGE": "bytes=-3"}}


@pytest.fixture
def links(furnished) -> list[str]:
    """Of a piece of evidence, a document and a report that is made."""
    return [reverse(name, kwargs=furnished.kwargs(name)) for name in FILES]


def fetch(client, link: str, way: str) -> tuple[int, bytes]:
    response = client.generic("HEAD" if way == "HEAD" else "GET", link, **WAYS[way])
    return response.status_code, b"".join(response.streaming_content) if response.streaming else b""


@pytest.mark.parametrize("way", WAYS)
def test_asked_again_at_each_request(links, cast, client_for, way):
    viewer, outsider, nobody = client_for(cast.viewer), client_for(cast.outsider), client_for()
    for link in links:
        status, content = fetch(viewer, link, way)
        assert status in {200, 206}, link
        assert content in {PDF, b""}, link
        assert fetch(outsider, link, way) == (404, b"")
        assert fetch(nobody, link, way) == (302, b"")
    Membership.objects.filter(user=cast.viewer).delete()
    assert [fetch(viewer, link, way) for link in links] == [(404, b"")] * len(FILES)


def test_a_closed_account_fetches_nothing_with_the_session_it_had(links, cast, client_for):
    viewer = client_for(cast.viewer)
    cast.viewer.is_active = False
    cast.viewer.save(update_fields=["is_active"])
    assert [fetch(viewer, link, "GET")[0] for link in links] == [302] * len(FILES)


def test_no_file_is_public(links, client_for, cast, settings):
    """Not under their name in the storage, however the address is written."""
    client = client_for(cast.viewer)
    report = Report.objects.get(state=Report.State.DONE)
    for address in (
        f"/{report.file}",
        f"/media/{report.file}",
        f"/static/{report.file}",
        f"/static/../files/{report.file}",
    ):
        assert client.get(address).status_code == 404
