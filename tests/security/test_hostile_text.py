"""Text made to mislead: what a service says of itself is cleaned before it is shown, sealed and printed."""

import pytest
from django.urls import reverse

from accounts.refusals import Refusal
from reviews.models import Decision
from stages.models import Service
from tests.reviews import walking

pytestmark = pytest.mark.django_db


def test_a_summary_neither_turns_the_page_around_nor_runs(cast, edition, client_for):
    designer = client_for(cast.designer)
    told = {"name": "Permit", "team": cast.team.pk, "edition": edition.pk, "planned_on": "2099-01-01"}
    hostile = "Safe \u202e)deifirev(\u202c\n\n\n\n\n<script>alert(1)</script> {{ 7|add:7 }}\u200b"
    response = designer.post(reverse("portfolio:service_new"), told | {"summary": hostile})
    assert response.status_code == 302
    service = Service.objects.get(name="Permit")
    assert service.summary == "Safe )deifirev(\n\n<script>alert(1)</script> {{ 7|add:7 }}"
    page = designer.get(reverse("portfolio:service", args=[service.slug])).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ 7|add:7 }}" in page


def test_a_character_that_no_database_keeps_is_no_fault(cast, service, client_for):
    """PostgreSQL takes no NUL, not even to look for it."""
    signing = reverse("reviews:decide_review", args=[service.slug, "build"])
    assert client_for(cast.manager).post(signing, {"seen_snapshot": "a\x00b"}).status_code == 404
    designer = client_for(cast.designer)
    assert designer.get(reverse("portfolio:service_new"), {"copy_of": "a\x00b"}).status_code == 200
    assert (
        designer.get(reverse("portfolio:services"), {"q": "a\x00b", "team": "\x00", "after": "\x00"}).status_code == 200
    )
    assert designer.get("/verify/a%00b/").status_code == 404


@pytest.mark.parametrize(
    "unseen", ["\u3164", "\u00a0\u2800", "\u115f\u1160", "\u200d", "\u00ad", "\u200e", "\ufe0f\u034f"]
)
def test_what_nobody_sees_is_nothing(cast, service, client_for, unseen):
    """Nobody signs without reasons that can be read, and nobody is called by a name that is not there."""
    review = walking.ask(service, cast.designer)
    with pytest.raises(Refusal, match="Say why"):
        walking.sign(review, cast.manager, "no_go", rationale=unseen)
    assert not Decision.objects.exists()
    profile = {"name": unseen, "language": "en", "time_zone": "UTC"}
    assert client_for(cast.manager).post(reverse("accounts:profile"), profile).status_code == 422
    cast.manager.refresh_from_db()
    assert cast.manager.name == "Manager"
