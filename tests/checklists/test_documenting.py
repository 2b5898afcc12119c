"""Written deliverables: versions, sent by one, judged by another, and what the answer makes of them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import TrailEntry
from accounts.refusals import Conflict, NotAllowed, Refusal
from checklists import documenting
from checklists.models import Answer, DocumentVersion, Tally
from stages import catalogue


@pytest.fixture
def plan(service):
    return catalogue.of(service.edition_id).sheets[0].of_kind("deliverable")[0]


@pytest.fixture
def add(service, cast, plan):
    def version(address="https://example.org/plan", by=None, **said):
        return documenting.add(by=by or cast.designer, service=service, requirement=plan, address=address, **said)

    return version


def state():
    return Answer.objects.get().state


def verbs(service):
    return [entry.verb for entry in TrailEntry.objects.filter(scope=service.scope).exclude(verb="created")]


def test_from_draft_to_approved(add, cast, service, plan):
    version = add(title="Plan")
    assert (version.number, version.state, state()) == (1, "draft", "draft")
    documenting.send(by=cast.designer, version=version)
    assert state() == "awaiting"
    approved = documenting.approve(by=cast.manager, version=version, remark="Well done.")
    assert (approved.judged_by, approved.remark, state()) == (cast.manager, "Well done.", "approved")
    assert verbs(service) == ["document_added", "document_sent", "document_approved"]
    assert Tally.objects.get(service=service, stage=plan.stage).deliverables_approved == 1


def test_approving_is_not_recording(add, cast):
    version = add(by=cast.second_designer)
    documenting.send(by=cast.designer, version=version)
    documenting.approve(by=cast.manager, version=version)
    assert Answer.objects.get().recorded_by == cast.designer


def test_who_sent_it_does_not_approve_it(add, cast):
    version = add(by=cast.second_designer)
    documenting.send(by=cast.designer, version=version)
    for act in (documenting.approve, documenting.send_back):
        with pytest.raises(NotAllowed, match="another member"):
            act(by=cast.designer, version=version, remark="Mine.")
    assert state() == "awaiting"


def test_sent_back_with_a_remark(add, cast):
    version = documenting.send(by=cast.designer, version=add())
    with pytest.raises(Refusal) as caught:
        documenting.send_back(by=cast.manager, version=version, remark=" ")
    assert caught.value.detail["field"] == "remark"
    documenting.send_back(by=cast.manager, version=version, remark="The rollback is missing.")
    assert state() == "sent_back"


def test_an_approved_version_counts_until_a_newer_one_is_sent(add, cast):
    first = documenting.send(by=cast.designer, version=add())
    documenting.approve(by=cast.manager, version=first)
    second = add(address="https://example.org/plan-2")
    assert (second.number, state()) == (2, "approved")
    documenting.send(by=cast.designer, version=second)
    assert state() == "awaiting"


def test_acts_pressed_twice_happen_once(add, cast, service):
    assert add().pk == add().pk
    version = DocumentVersion.objects.get()
    for _ in range(2):
        documenting.send(by=cast.designer, version=version)
    for _ in range(2):
        documenting.approve(by=cast.manager, version=version)
    assert verbs(service) == ["document_added", "document_sent", "document_approved"]


def test_sent_twice_by_two_is_a_conflict(add, cast):
    version = documenting.send(by=cast.designer, version=add())
    with pytest.raises(Conflict, match="sent for approval already"):
        documenting.send(by=cast.second_designer, version=version)


def test_judged_already_is_a_conflict(add, cast):
    version = documenting.send(by=cast.designer, version=add())
    documenting.approve(by=cast.manager, version=version)
    with pytest.raises(Conflict, match="not waiting for approval"):
        documenting.send_back(by=cast.second_manager, version=version, remark="Too late.")


def test_an_older_version_is_not_sent_over_a_newer_one(add, cast):
    first = add()
    add(address="https://example.org/plan-2")
    with pytest.raises(Conflict, match="newer version"):
        documenting.send(by=cast.designer, version=first)


def test_a_version_is_not_approved_once_a_newer_one_was_sent(add, cast):
    first = documenting.send(by=cast.designer, version=add())
    documenting.send(by=cast.designer, version=add(address="https://example.org/plan-2"))
    with pytest.raises(Conflict, match="newer version"):
        documenting.approve(by=cast.manager, version=first)


def test_a_draft_is_not_approved(add, cast):
    with pytest.raises((Conflict, NotAllowed)):
        documenting.approve(by=cast.manager, version=add())


def test_a_file(add):
    version = add(address="", file=SimpleUploadedFile("plan.txt", b"Step one."))
    assert (version.title, version.file_name, version.size) == ("plan.txt", "plan.txt", 9)
    with version.file.open() as kept:
        assert kept.read() == b"Step one."


@pytest.mark.parametrize(
    "said", [{"address": ""}, {"address": "ftp://example.org"}, {"file": SimpleUploadedFile("a.txt", b"x")}]
)
def test_a_link_or_a_file_one_of_them(add, said):
    with pytest.raises(Refusal):
        add(**said)
    assert not DocumentVersion.objects.exists()


def test_only_deliverables_have_versions(service, cast):
    rule = catalogue.of(service.edition_id).sheets[0].of_kind("rule")[0]
    with pytest.raises(Refusal, match="Only a deliverable"):
        documenting.add(by=cast.designer, service=service, requirement=rule, address="https://example.org")
