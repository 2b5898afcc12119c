"""What a person sees when the domain says no and no page expected it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.security import guarding

pytestmark = pytest.mark.django_db
SENTENCE = "The stage “Go-live” must be passed first."


@pytest.fixture
def refuse(client_for, cast, service):
    """Record that a service went live before its gate was passed."""

    def act(**headers: str):
        address = reverse("portfolio:went_live", args=[service.slug])
        return client_for(cast.designer).post(address, {"on": timezone.localdate().isoformat()}, headers=headers)

    return act


def test_the_sentence_the_status_and_a_way_back(refuse, service):
    page = f"http://testserver/services/{service.slug}/"
    response = refuse(referer=page)
    assert response.status_code == 422
    assert SENTENCE in response.content.decode()
    assert "Status 422" in response.content.decode()
    assert f'<a class="button primary" href="{page}">' in response.content.decode()


@pytest.mark.parametrize("referer", ["", "https://elsewhere.example/", "javascript:alert(1)", "//elsewhere.example/"])
def test_the_way_back_leads_to_no_other_site(refuse, referer):
    response = refuse(referer=referer)
    assert response.status_code == 422
    assert '<a class="button primary" href="/">' in response.content.decode()
    assert "elsewhere" not in response.content.decode()


def test_htmx_gets_a_notice_on_top_and_keeps_the_page(refuse):
    response = refuse(hx_request="true")
    assert response.status_code == 422
    assert (response["HX-Retarget"], response["HX-Reswap"]) == ("#messages", "innerHTML show:top")
    assert SENTENCE in response.content.decode()
    assert "<html" not in response.content.decode()


@pytest.mark.parametrize("charset", ["utf-7", "latin-1"])
def test_a_form_in_another_alphabet_is_refused_with_a_page(cast, client_for, charset):
    """Looking for its token reads the form, and so did the page that said the form cannot be read."""
    browser = client_for(cast.designer, enforce_csrf_checks=True, raise_request_exception=False)
    browser.get("/services/new")
    kind = f"application/x-www-form-urlencoded; charset={charset}"
    response = browser.generic("POST", "/services/new", "name=+ADw-", content_type=kind)
    assert response.status_code == 400
    assert guarding.missing(response.headers) == []
