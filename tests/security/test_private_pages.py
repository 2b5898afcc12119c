"""What a person sees stays with the person: neither a proxy nor the browser of a shared machine keeps it."""

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["portfolio:services", "portfolio:service", "reviews:review", "reviews:reports"])
def test_a_page_is_kept_by_nobody(name, cast, service, client_for):
    places = {"reviews:review": [service.slug, "build"], "portfolio:services": []}
    response = client_for(cast.manager).get(reverse(name, args=places.get(name, [service.slug])))
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"


def test_what_is_missing_or_refused_is_kept_by_nobody_either(cast, service, client_for):
    manager, outsider = client_for(cast.manager), client_for(cast.outsider)
    assert outsider.get(reverse("portfolio:service", args=[service.slug]))["Cache-Control"] == "private, no-store"
    assert manager.get(reverse("portfolio:service_new"))["Cache-Control"] == "private, no-store"


def test_the_answer_to_a_form_comes_back_with_what_was_typed(cast, service, client_for):
    """Where a browser may not keep it at all, Back shows an error of the browser and the words are gone."""
    typed = {"name": "", "summary": "Kept"}
    response = client_for(cast.designer).post(reverse("portfolio:service_new"), typed)
    assert response.status_code == 422
    assert response["Cache-Control"] == "private, no-cache"
