"""Deliverables on the workbench: added, sent, approved by another, sent back with a remark."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import TrailEntry
from checklists import documenting
from checklists.models import Answer, DocumentVersion
from tests.reviews.bench import Browser, row


@pytest.fixture
def plan(sheet):
    return sheet.of_kind("deliverable")[0]


@pytest.fixture
def at(client_for, cast, service, sheet):
    return lambda who: Browser(client_for(getattr(cast, who)), service, sheet)


@pytest.fixture
def version(service, cast, plan):
    return documenting.add(by=cast.designer, service=service, requirement=plan, address="https://example.org/plan")


@pytest.fixture
def sent(version, cast):
    return documenting.send(by=cast.designer, version=version)


def test_the_panel_lists_the_sections_it_should_have(at, plan):
    page = at("designer").page(at("designer").url(plan))
    assert f"{len(plan.options['sections'])} sections it should have" in page
    assert plan.options["sections"][0]["en"] in page


def test_a_link_is_added_as_a_draft(at, plan, cast):
    response = at("designer").post(plan, "document/", panel="open", address="https://example.org/plan", title="Plan")
    assert response.status_code == 200
    version = DocumentVersion.objects.get()
    assert (version.number, version.state, version.title, version.written_by) == (1, "draft", "Plan", cast.designer)
    assert "Send version 1 for approval" in response.content.decode()


def test_a_file_is_added(at, plan):
    file = SimpleUploadedFile("plan.txt", b"Step one.", "text/plain")
    assert at("designer").post(plan, "document/", panel="open", file=file).status_code == 200
    assert DocumentVersion.objects.get().file_name == "plan.txt"


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({}, "Give a link or a file, one of them."),
        ({"address": "not an address"}, "This is not a web address"),
        ({"file": SimpleUploadedFile("page.html", b"<p>", "text/html")}, "Files of this type are not taken."),
    ],
)
def test_what_is_not_taken_says_why_and_keeps_the_rest(at, plan, said, sentence):
    response = at("designer").post(plan, "document/", panel="open", title="Plan of May", note="Typed too", **said)
    html = response.content.decode()
    assert response.status_code == 422
    for part in (sentence, "Plan of May", "Typed too"):
        assert part in html
    assert not DocumentVersion.objects.exists()


def test_sent_and_approved_by_another(at, plan, version, cast):
    assert at("designer").post(plan, "document/1/send/").status_code == 200
    response = at("manager").post(plan, "document/1/approve/", panel="open", remark="Clear.")
    assert response.status_code == 200
    kept = DocumentVersion.objects.get()
    assert (kept.state, kept.judged_by, kept.remark) == ("approved", cast.manager, "Clear.")
    assert "1 of 7 approved" in response.content.decode()


@pytest.mark.parametrize("act", ["send", "approve"])
def test_the_row_after_a_swap_is_the_row_of_a_fresh_load(at, plan, version, cast, act):
    if act == "approve":
        documenting.send(by=cast.designer, version=version)
    who = at("second_designer")
    html = who.post(plan, f"document/1/{act}/").content.decode()
    assert row(html, plan.slug) == row(who.page(), plan.slug)


def test_who_sent_it_sees_no_button_and_is_refused(at, plan, sent):
    desk = at("designer")
    assert f'id="{plan.slug}-approve"' not in desk.page()
    response = desk.post(plan, "document/1/approve/")
    assert response.status_code == 403
    assert "another member approves it" in response.content.decode()
    assert DocumentVersion.objects.get().state == "awaiting"


def test_refused_without_javascript_is_a_page(at, plan, sent):
    response = at("designer").post_plainly(plan, "document/1/approve/")
    assert response.status_code == 403
    assert "<!doctype html>" in response.content.decode()


def test_sending_back_asks_for_a_remark(at, plan, sent):
    manager = at("manager")
    response = manager.post(plan, "document/1/send-back/", panel="open", remark=" ")
    assert response.status_code == 422
    assert "Say what is missing" in response.content.decode()
    assert manager.post(plan, "document/1/send-back/", remark="The rollback is missing.").status_code == 200
    assert Answer.objects.get().state == "sent_back"
    assert "The rollback is missing." in at("viewer").page(at("viewer").url(plan))


def test_judged_by_two_is_a_conflict_that_keeps_the_remark(at, plan, sent):
    at("manager").post(plan, "document/1/approve/")
    response = at("second_manager").post(plan, "document/1/send-back/", panel="open", remark="Not so fast.")
    assert response.status_code == 409
    assert "not waiting for approval any more" in response.content.decode()


def test_pressed_twice_is_done_once(at, plan, version, service):
    statuses = [at("designer").post(plan, "document/1/send/").status_code for _ in range(2)]
    assert statuses == [200, 200]
    assert TrailEntry.objects.filter(scope=service.scope, verb="document_sent").count() == 1


@pytest.mark.parametrize("act", ["send", "approve", "send-back"])
def test_a_version_that_is_not_there(at, plan, act):
    who = at("designer" if act == "send" else "manager")
    assert who.post(plan, f"document/9/{act}/", remark="x").status_code == 404


@pytest.mark.parametrize(
    ("who", "act", "status"),
    [
        ("manager", "document/", 403),
        ("manager", "document/1/send/", 403),
        ("viewer", "document/1/approve/", 403),
        ("auditor", "document/1/send-back/", 403),
        ("outsider", "document/1/approve/", 404),
    ],
)
def test_who_may(at, plan, sent, who, act, status):
    assert at(who).post(plan, act, remark="x", address="https://example.org/").status_code == status


def test_a_note_typed_while_the_version_was_sent_can_be_saved(at, plan, version):
    desk = at("designer")
    html = desk.post(plan, "document/1/send/", seen="1", panel="open", note="For Friday.").content.decode()
    assert 'name="seen" value="2"' in html
    assert desk.post(plan, seen="2", note="For Friday.", panel="open").status_code == 200
    assert Answer.objects.get().note == "For Friday."


def test_without_javascript_one_comes_back(at, plan, version):
    desk = at("designer")
    response = desk.post_plainly(plan, "document/1/send/")
    assert (response.status_code, response.url) == (302, f"{desk.bench}#{plan.slug}")


def test_a_viewer_reads_versions_and_has_no_form(at, plan, sent, service):
    page = at("viewer").page(at("viewer").url(plan))
    assert "https://example.org/plan" in page
    assert re.findall(r'<form[^>]*action="[^"]*document', page) == []


def test_the_history_tells_who_did_what(at, plan, sent, cast):
    at("manager").post(plan, "document/1/send-back/", remark="More.")
    page = at("viewer").page(at("viewer").url(plan))
    told = re.sub(r"<[^>]+>|\s+", " ", page[page.index('id="history-heading"') :])
    for sentence in ("sent version 1 back", "sent version 1 for approval", "added version 1"):
        assert sentence in told
    assert re.sub(" +", " ", told).index("Manager sent version 1 back") < told.index("added version 1")


def test_reverse_names_the_same_addresses(service, sheet, plan):
    """Rows build their addresses from their workbench's; the router says the same."""
    where = [service.slug, sheet.stage.slug, plan.slug]
    bench = reverse("reviews:workbench", args=where[:2])
    assert reverse("reviews:answer", args=where) == f"{bench}{plan.slug}/answer/"
    assert reverse("reviews:attach", args=where) == f"{bench}{plan.slug}/evidence/"
    assert reverse("reviews:detach", args=[*where, 3]) == f"{bench}{plan.slug}/evidence/3/remove/"
    assert reverse("reviews:document", args=where) == f"{bench}{plan.slug}/document/"
    for act in ("send", "approve", "send-back"):
        name = f"reviews:{act.replace('-', '_')}_document"
        assert reverse(name, args=[*where, 2]) == f"{bench}{plan.slug}/document/2/{act}/"


def test_the_row_names_who_approved(at, plan, sent, cast):
    documenting.approve(by=cast.second_designer, version=sent)
    html = at("designer").page(at("designer").url(plan))
    assert f"<span>approved by {cast.second_designer}, <time" in html
    assert f"<span>{cast.designer}, <time" not in html
