"""A decision says everywhere that today is not as it was: changed since, or stale."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from checklists import material
from checklists.evidencing import Proof
from checklists.models import Tally
from reviews import degrees, picture, reporting, snapshots
from reviews.gate import gate_of
from reviews.models import Decision, Outcome
from stages import enrolling
from stages.models import Kind
from tests.reviews import walking

pytestmark = pytest.mark.django_db


@pytest.fixture
def gone(review, ready, cast):
    """Build is passed with a go."""
    walking.lived(ready, "gone", lambda: walking.sign(review, cast.manager))
    return ready


def degree(service) -> str:
    return next(iter(degrees.of_service(service).values()), "")


def closed(service, client) -> str:
    return client.get(reverse("reviews:past_review", args=[service.slug, "build", 1])).content.decode()


def worse(service, cast, **said):
    return walking.say(service, walking.first(service, Kind.RULE), cast.designer, **said)


def test_nothing_while_all_is_as_it_was(gone):
    assert degree(gone) == ""


def test_a_note_and_a_person_do_not_count(gone, cast):
    rule = walking.first(gone, Kind.RULE)
    walking.say(gone, rule, cast.second_designer, state="met", note="Looked at again.")
    assert degree(gone) == ""


def test_more_evidence_is_changed_since(gone, cast):
    worse(gone, cast, state="met", proof=Proof(form="note", text="Seen again."))
    assert degree(gone) == degrees.CHANGED


def test_a_rule_that_is_not_met_any_more_makes_it_stale_and_changed_back_is_neither(gone, cast):
    worse(gone, cast, state="not_met")
    assert degree(gone) == degrees.STALE
    worse(gone, cast, state="met")
    assert degree(gone) == ""


def test_the_clock_alone_makes_it_stale(review, ready, cast):
    """Evidence lapses although nobody does anything, also where no sweep has counted anew."""
    until = timezone.localdate() + timedelta(days=3)
    rule = walking.first(ready, Kind.RULE)
    answer = ready.answers.get(requirement=rule)
    answer.evidence.update(valid_until=until)
    Tally.objects.filter(service=ready, stage=rule.stage).update(fresh_until=until)
    walking.sign(review, cast.manager)
    assert degree(ready) == ""
    with time_machine.travel(timezone.now() + timedelta(days=4)):
        assert degree(ready) == degrees.STALE


def test_what_was_shown_at_the_decision_is_not_changed_since(review, ready, cast, client_for):
    worse(ready, cast, state="met", proof=Proof(form="note", text="Seen again."))
    walking.sign(review, cast.manager)
    assert degree(ready) == ""
    assert "Changed since this decision" not in closed(ready, client_for(cast.viewer))


def test_a_no_go_is_told_none(review, ready, cast):
    walking.sign(review, cast.manager, Outcome.NO_GO)
    worse(ready, cast, state="not_met")
    assert degree(ready) == ""


def test_only_the_last_decision_of_a_stage_is_told_one(gone, cast):
    worse(gone, cast, state="not_met")
    enrolling.reopen(by=cast.manager, passage=walking.passage_of(gone), reason="A new hole.")
    walking.sign(walking.ask(gone, cast.designer), cast.manager, Outcome.NO_GO)
    assert degree(gone) == ""


def test_in_a_stage_that_recurs_it_is_never_stale(gone, cast):
    decision, stage = Decision.objects.get(), walking.passage_of(gone).stage
    counts = Tally.objects.get(service=gone, stage=stage).counts
    told = {"snapshot": decision.review.snapshot, "counts": counts, "material": "other"}
    stage.interval_months = 6
    assert degrees.degree(decision, stage=stage, **told) == degrees.CHANGED


def test_a_sealed_picture_and_the_answers_give_the_same_digest(gone):
    gate = gate_of(walking.passage_of(gone))
    told = material.of_rows(gate.readiness.rows, gone.edition.number)
    assert told == picture.material(snapshots.today(gate))
    assert told == Tally.objects.get(service=gone, stage=gate.passage.stage).material


@pytest.fixture
def stale(gone, cast):
    worse(gone, cast, state="not_met")
    return gone


class TestWhereItIsSaid:
    LINK = "/build/review/1/#since"

    def pages(self, service) -> dict[str, str]:
        return {
            "list": reverse("portfolio:services"),
            "journey": reverse("portfolio:service", args=[service.slug]),
            "workbench": reverse("reviews:workbench", args=[service.slug, "build"]),
            "reports": reverse("reviews:reports", args=[service.slug]),
        }

    def test_everywhere_with_the_way_to_the_differences(self, stale, cast, client_for):
        reporting.request(by=cast.viewer, service=stale, record=Decision.objects.get(), language="en")
        client = client_for(cast.viewer)
        shown = {name: client.get(url).content.decode() for name, url in self.pages(stale).items()}
        assert {name for name, page in shown.items() if "state-stale" in page and self.LINK in page} == set(shown)
        page = closed(stale, client)
        said = ("This decision is stale", 'id="since"', "What changed", "1 of 7 golden rules is not met.")
        assert [words for words in said if words not in page] == []

    def test_nowhere_without_a_difference(self, gone, cast, client_for):
        client = client_for(cast.viewer)
        assert not [name for name, url in self.pages(gone).items() if "state-stale" in client.get(url).content.decode()]

    def test_the_tick_that_makes_it_stale_says_so_at_once(self, gone, cast, client_for):
        rule = walking.first(gone, Kind.RULE)
        url = reverse("reviews:answer", args=[gone.slug, "build", rule.slug])
        sent = {"seen": str(gone.answers.get(requirement=rule).version), "state": "not_met"}
        swapped = client_for(cast.designer, headers={"HX-Request": "true"}).post(url, sent).content.decode()
        assert "state-stale" in swapped

    def test_another_stage_has_nothing_to_say(self, stale, cast, client_for):
        page = client_for(cast.viewer).get(reverse("reviews:workbench", args=[stale.slug, "go-live"]))
        assert "state-stale" not in page.content.decode()

    def test_a_report_of_a_superseded_decision_says_so(self, gone, cast, client_for):
        report = reporting.request(by=cast.viewer, service=gone, record=Decision.objects.get(), language="en")
        walking.supersede(gone.snapshots.get().review, cast.second_manager)
        client = client_for(cast.viewer)
        urls = reverse("reviews:reports", args=[gone.slug]), reverse("reviews:report", args=[gone.slug, report.pk])
        assert ["state-superseded" in client.get(url).content.decode() for url in urls] == [True, True]


def test_the_list_asks_the_same_whatever_has_aged(gone, cast, client_for):
    client, url = client_for(cast.viewer), reverse("portfolio:services")
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as before:
        client.get(url)
    worse(gone, cast, state="not_met")
    with CaptureQueriesContext(connection) as after:
        client.get(url)
    assert len(before) == len(after)
