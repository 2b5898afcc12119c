"""The demo: every service is in the state it promises, told through the same functions as the web."""

import hashlib
import json
import re
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import access, chaining
from accounts.models import Notice, Team, TrailEntry, User
from checklists import readiness
from checklists.models import DocumentVersion, Evidence, Tally
from portfolio import listing, rows
from portfolio.wanted import Filters, Wanted
from reviews import canonical, cases, gate
from reviews.models import Condition, Decision, Report, Review, Snapshot
from stages import catalogue, publishing
from stages.models import Service


@pytest.fixture(scope="module")
def said(django_db_setup, django_db_blocker, own_state):
    """The demo, built once for this module by its command and taken back at its end: what the command said."""
    with django_db_blocker.unblock():
        catalogue.forget()
        with transaction.atomic():
            publishing.publish(by=None, text=(settings.PLAYBOOKS_DIR / "public-service-launch-1.yaml").read_bytes())
            output = StringIO()
            call_command("load_demo", stdout=output)
            yield output.getvalue()
            transaction.set_rollback(True)
        catalogue.forget()


@pytest.fixture
def told(said):
    """The services of the demo by their slugs. Tests here only read."""
    return {service.slug: service for service in Service.objects.all()}


@pytest.fixture
def row(told):
    """What the list says of a service of the demo."""
    return lambda slug: rows.rows_of([told[slug]])[0]


def person(part: str) -> User:
    return User.objects.get(email=f"{part}@{settings.DEMO_DOMAIN}")


def sees(part: str) -> list[str]:
    client = Client()
    client.force_login(person(part), backend=settings.AUTHENTICATION_BACKENDS[0])
    page = client.get(reverse("portfolio:services")).content.decode()
    return list(dict.fromkeys(re.findall(r'href="/services/([^/"]+)/"', page)))


def test_two_teams_and_six_services(told):
    assert Team.objects.count() == 2
    assert len(told) == 6
    assert "dilosi-allagis-dieythynsis-change-of-address" in told


def test_one_is_fresh(told, row):
    (fresh,) = [slug for slug in told if row(slug).counts.judged == 0]
    assert row(fresh).stage.slug == "build"
    assert not told[fresh].answers.exists()
    assert any(letter > "\u0370" for letter in told[fresh].name)


def test_one_is_half_worked_in_build(row):
    seen = row("fishing-permit-zvejybos-leidimas")
    assert (seen.stage.slug, seen.waiting_since, seen.refused_at) == ("build", None, None)
    assert seen.counts.asked // 3 < seen.counts.judged < seen.counts.asked * 2 // 3
    assert DocumentVersion.objects.filter(document__service=seen.service, state="awaiting").count() == 1
    assert DocumentVersion.objects.filter(document__service=seen.service, state="draft").count() == 1


def test_one_waits_for_a_decision_at_go_live(told, row):
    seen = row("birth-certificate-online")
    assert (seen.stage.slug, seen.passage.state) == ("go-live", "in_review")
    review = Review.objects.get(passage=seen.passage, state="open")
    review.passage = cases.reread(seen.passage)
    case = cases.case_of(review)
    assert case.suggestion.outcome == "go_with_conditions"
    assert [str(one) for one in case.deciders.may] == ["Camille Laurent", "Inês Carvalho"]
    assert case.changes != ()


def test_one_was_refused(row):
    seen = row("building-notice")
    assert (seen.stage.slug, seen.passage.state) == ("build", "open")
    assert seen.refused_at is not None
    assert seen.suggestion.outcome == "no_go"
    versions = DocumentVersion.objects.filter(
        document__service=seen.service, document__requirement__slug="security-file"
    )
    assert [version.state for version in versions.order_by("number")] == ["sent_back", "awaiting"]


def test_one_goes_on_with_conditions(row):
    seen = row("child-benefit")
    decision = Decision.objects.get(review__passage__service=seen.service)
    assert (seen.stage.slug, decision.outcome) == ("go-live", "go_with_conditions")
    states = [(one.state, one.overdue(timezone.localdate())) for one in decision.conditions.order_by("number")]
    assert states == [("met", False), ("open", True), ("open", False)]
    assert (seen.open, seen.overdue) == (2, 1)


def test_one_is_live_in_the_second_round_of_operate(told, row):
    seen = row("driving-licence-renewal")
    assert (seen.stage.slug, seen.passage.round, seen.passage.state) == ("operate", 2, "open")
    assert timezone.localdate() < seen.passage.due_on < timezone.localdate() + timedelta(days=8)
    assert seen.service.went_live_on < timezone.localdate()
    outcomes = Decision.objects.filter(review__passage__service=seen.service).order_by("decided_at")
    assert [decision.outcome for decision in outcomes] == ["go", "go", "go"]
    aged = [
        entry
        for entry in readiness.of(seen.service, catalogue.of(seen.service.edition_id).sheet("operate")).rows
        if entry.entry.aged
    ]
    assert len(aged) == seen.counts.asked - seen.counts.judged > 2


def test_there_is_evidence_of_every_form(told):
    forms = Evidence.objects.values_list("form", flat=True).distinct()
    assert sorted(forms.order_by("form")) == ["file", "link", "note"]
    for piece in Evidence.objects.filter(form="file"):
        with piece.file.open("rb") as file:
            assert hashlib.sha256(file.read()).hexdigest() == piece.sha256
    statement = DocumentVersion.objects.get(file_name="accessibility-statement.pdf")
    assert (statement.media_type, statement.state) == ("application/pdf", "approved")


def test_every_document_was_approved_by_another(told):
    judged = DocumentVersion.objects.exclude(judged_by=None)
    assert judged.count() > 30
    assert [version for version in judged if version.judged_by_id == version.sent_by_id] == []


def test_every_snapshot_and_decision_verifies(told):
    records = [*Snapshot.objects.all(), *Decision.objects.all()]
    assert len(records) == Review.objects.count() + 6
    for record in records:
        assert hashlib.sha256(record.content.encode()).hexdigest() == record.sha256
        assert canonical.text(canonical.load(record.content)) == record.content
    assert {json.loads(record.content)["format"] for record in records} == {1}


def test_every_trail_verifies(told):
    heads: dict[str, str] = {}
    for entry in TrailEntry.objects.order_by("scope", "sequence"):
        assert chaining.digest(heads.get(entry.scope, ""), entry) == entry.digest
        heads[entry.scope] = entry.digest
    assert {service.scope for service in told.values()} <= {*heads}


def test_nothing_happens_in_the_future_or_out_of_order(told):
    now = timezone.now()
    for service in told.values():
        times = list(TrailEntry.objects.filter(scope=service.scope).order_by("sequence").values_list("at", flat=True))
        assert times == sorted(times)
        assert times[-1] < now


def test_the_stored_counts_are_those_of_today(told):
    for tally in Tally.objects.select_related("service"):
        sheet = catalogue.of(tally.service.edition_id).sheet_by_id(tally.stage_id)
        now = readiness.of(tally.service, sheet).counts
        assert tally.counts == now


def test_reports_wait_for_a_worker(told):
    assert {report.state for report in Report.objects.all()} == {"queued"}
    assert Report.objects.count() == 3


def test_who_sees_what(told):
    transport = ["driving-licence-renewal", "fishing-permit-zvejybos-leidimas"]
    assert sees("outsider") == transport
    assert sorted([*sees("designer"), *transport]) == sorted(told)
    assert sorted(sees("auditor")) == sorted(sees("administrator")) == sorted(told)
    assert sees("editor") == []


def test_everybody_signs_in_with_the_printed_password(told):
    parts = {user.email.split("@")[0] for user in User.objects.demo()}
    assert parts >= {
        "designer", "second_designer", "manager", "second_manager", "viewer", "outsider", "auditor", "editor",
        "administrator",
    }  # fmt: skip
    client = Client()
    told = {"login": f"designer@{settings.DEMO_DOMAIN}", "password": settings.DEMO_PASSWORD}
    assert client.post(reverse("account_login"), told).status_code == 302


@pytest.mark.parametrize("part", ["designer", "manager", "viewer", "auditor"])
def test_every_page_of_a_service_opens(told, part):
    client = Client()
    client.force_login(person(part), backend=settings.AUTHENTICATION_BACKENDS[0])
    slugs = sees(part)
    assert [client.get(reverse("portfolio:service", args=[slug])).status_code for slug in slugs] == [200] * len(slugs)


def test_no_word_of_it_is_filler(told):
    """Each text was written for its place: no placeholder is left and nothing is said of nothing."""
    texts = [piece.text or piece.title for piece in Evidence.objects.all()]
    assert [text for text in texts if "{" in text or "lorem" in text.lower() or len(text) < 10] == []
    for condition in Condition.objects.filter(state="met"):
        assert (condition.evidence.exists(), condition.closing_note != "") == (True, True)


# -- list and page say what is true --------------------------------------------------------------------


def test_list_and_gate_never_disagree(told, row):
    for slug in told:
        seen = row(slug)
        seen.passage.service = seen.service
        assert gate.gate_of(seen.passage).suggestion.outcome == seen.suggestion.outcome


@contextmanager
def meanwhile():
    """Something changes, and is taken back at the end."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def found(suggestion: str) -> set[str]:
    who = access.standing_of(person("auditor"))
    return {service.slug for service in listing.page(who, Wanted(filters=Filters(suggestion=suggestion))).services}


def stored(service: Service, stage: str, **counts: object) -> None:
    Tally.objects.filter(service=service, stage__slug=stage).update(**counts)


def test_the_filter_counts_an_overdue_condition(told):
    """The stored counts say go; the overdue condition makes it go with conditions, in filter and row alike."""
    with meanwhile():
        stored(told["child-benefit"], "go-live", outcome="go")
        assert "child-benefit" in found("go_with_conditions")
        assert "child-benefit" not in found("go") | found("no_go")


def test_the_filter_counts_a_golden_rule_that_no_longer_holds(told, row):
    slug = "driving-licence-renewal"
    with meanwhile():
        stored(told[slug], "operate", outcome="go")
        assert slug in found("go")
        stored(told[slug], "build", rules_met=6)
        assert slug in found("go_with_conditions")
        assert slug not in found("go")
        assert [reason.actual for reason in row(slug).suggestion.reasons if reason.key == "earlier"] == [1]


def test_filter_and_row_agree_on_every_service(told, row):
    for outcome in ("go", "go_with_conditions", "no_go"):
        assert found(outcome) == {slug for slug in told if row(slug).suggestion.outcome == outcome}


@pytest.mark.parametrize(
    ("part", "slug", "sentences"),
    [
        ("manager", "birth-certificate-online", ["Review and decide", "Waiting for a decision since", "Go on "]),
        ("viewer", "birth-certificate-online", ["Look at the review"]),
        (
            "designer",
            "building-notice",
            ["2 of 7 golden rules are not met.", "No-go</span>", "Close both, then ask again"],
        ),
        ("manager", "child-benefit", ["Overdue", "Confirm that it is met", "Confirmed by Inês Carvalho on"]),
        ("viewer", "child-benefit", ["Go with conditions", "Waiting</span>", "Build: Go with conditions, decided on"]),
        ("outsider", "driving-licence-renewal", ["Live</span>", "Went live", "Go-live: Go, decided on"]),
        ("outsider", "fishing-permit-zvejybos-leidimas", ["20 of 44 judged", "No review has been asked for yet."]),
        ("designer", "dilosi-allagis-dieythynsis-change-of-address", ["0 of 44 judged", "in 190 days"]),
    ],
)
def test_the_page_of_each_tells_its_story(told, part, slug, sentences):
    client = Client()
    client.force_login(person(part), backend=settings.AUTHENTICATION_BACKENDS[0])
    page = re.sub(r"\s*</span>", "</span>", client.get(reverse("portfolio:service", args=[slug])).content.decode())
    assert [sentence for sentence in sentences if sentence not in page] == []


def test_only_a_manager_is_offered_to_close_a_condition(told):
    for part, offered in (("manager", 1), ("designer", 0), ("viewer", 0), ("auditor", 0)):
        client = Client()
        client.force_login(person(part), backend=settings.AUTHENTICATION_BACKENDS[0])
        page = client.get(reverse("portfolio:service", args=["child-benefit"])).content.decode()
        assert page.count("Confirm that it is met") == offered


# -- the command ----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("nothing_published")
@pytest.mark.django_db
def test_the_command_needs_a_playbook():
    with pytest.raises(CommandError, match="Publish a playbook first"):
        call_command("load_demo")


@pytest.mark.django_db
def test_the_command_leaves_an_installation_in_use_alone(service):
    with pytest.raises(CommandError, match="There are services already"):
        call_command("load_demo")
    assert Service.objects.count() == 1


@pytest.mark.django_db
def test_the_command_is_refused_in_production(edition, settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="embedded mode only"):
        call_command("load_demo")
    assert not Service.objects.exists()
    assert not User.objects.exists()


@pytest.mark.django_db
def test_the_command_says_what_it_built(said):
    assert said.startswith("Built 6 services in ")


def test_its_people_are_told_of_what_waits_and_are_not_mailed_for_the_past(told):
    """What was told long ago is read; only days that have come near go by mail, in the next morning's."""
    unread = Notice.objects.filter(read_at=None)
    week_ago = timezone.now() - timedelta(days=7)
    assert not unread.filter(told_at__lt=week_ago).exists()
    assert {"approval_asked", "review_asked", "condition_overdue"} <= set(unread.values_list("message", flat=True))
    assert not Notice.objects.filter(due_at__lte=timezone.now()).exists()
