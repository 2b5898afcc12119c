"""A certificate ends while nobody looks: the entry asks again, the decision says stale; a new one puts both right.

In a server of the test's own process, because its clock is moved.
"""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import expect

from checklists.evidencing import Proof
from checklists.models import Evidence
from tests.reviews import walking

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
BUILD = "/services/birth-certificate-online/build/"


def test_it_expires_and_is_renewed(comes, service, cast):
    rule = walking.first(service, "rule")
    walking.fulfil(service, cast.designer, cast.second_designer, without=[rule.slug])
    until = timezone.localdate() + timedelta(days=20)
    proof = Proof("note", title="Certificate", text="Issued by the auditor.", valid_until=until)
    walking.say(service, rule, cast.designer, state="met", proof=proof)
    review = walking.ask(service, cast.designer)
    walking.sign(review, cast.manager)

    today = comes(cast.designer).opens(f"{BUILD}{rule.slug}/").looks()
    expect(today.page.locator(".evidence")).to_contain_text("20 days left")

    with time_machine.travel(timezone.now() + timedelta(days=21)):
        later = comes(cast.designer).opens(f"{BUILD}{rule.slug}/").looks()
        page = later.page
        entry = page.locator(f"#{rule.slug}")
        expect(entry).to_contain_text("Re-check")
        expect(entry.locator(".evidence")).to_contain_text("1 day ago")
        later.opens(f"{BUILD}review/{review.number}/").looks()
        expect(page.locator("main")).to_contain_text("This decision is stale")

        later.opens("/services/birth-certificate-online/evidence/?show=expired").looks()
        later.follows(page.get_by_role("link", name="Certificate", exact=True)).looks()
        page.get_by_label("Valid until").fill((timezone.localdate() + timedelta(days=365)).isoformat())
        page.get_by_role("button", name="Put the new revision in its place").click()
        expect(page.locator("main")).to_contain_text("365 days left")
        expect(page.locator("main")).to_contain_text("Earlier revisions")
        later.looks()

        later.opens(f"{BUILD}review/{review.number}/")
        expect(page.locator("main")).not_to_contain_text("This decision is stale")
        manager = comes(cast.manager).opens(f"{BUILD}{rule.slug}/")
        expect(manager.page.locator(f"#{rule.slug}")).not_to_contain_text("Re-check")
    assert Evidence.objects.get(number=2).valid_until > until
