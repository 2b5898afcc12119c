"""Evidence: attached once, counted while it is in force, taken off without being lost."""

from datetime import timedelta

import pytest
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.utils import timezone

from accounts.models import TrailEntry
from accounts.refusals import Refusal
from checklists import answering, evidencing, readiness
from checklists.models import Answer, Evidence, Tally
from checklists.proofs import Proof
from stages import catalogue

LINK = Proof(form="link", address="https://example.org/report", title="Test report")


@pytest.fixture
def rule(service):
    return catalogue.of(service.edition_id).sheets[0].of_kind("rule")[0]


@pytest.fixture
def attach(service, cast, rule):
    def place(proof, requirement=rule):
        return evidencing.attach(by=cast.designer, service=service, requirement=requirement, proof=proof)

    return place


def stored_files():
    folders, files = default_storage.listdir("")
    found = list(files)
    while folders:
        folder = folders.pop()
        more, files = default_storage.listdir(folder)
        folders += [f"{folder}/{name}" for name in more]
        found += [f"{folder}/{name}" for name in files]
    return set(found)


@pytest.fixture
def new_files(own_state):
    (own_state / "files").mkdir(exist_ok=True)
    before = stored_files()
    return lambda: stored_files() - before


def text_file(content=b"All passed.", name="report.txt"):
    return SimpleUploadedFile(name, content, "text/plain")


def test_a_link(attach, cast, service):
    piece = attach(LINK)
    assert (piece.title, piece.address, piece.added_by) == ("Test report", "https://example.org/report", cast.designer)
    assert piece.effective_from == timezone.localdate()
    assert TrailEntry.objects.filter(scope=service.scope).latest("sequence").verb == "attached"


def test_a_note_is_titled_by_its_first_line(attach):
    piece = attach(Proof(form="note", text="Report of May\nAll eleven passed."))
    assert (piece.title, piece.text) == ("Report of May", "Report of May\nAll eleven passed.")


def test_a_file_is_kept_under_a_name_of_ours(attach):
    piece = attach(Proof(form="file", file=text_file()))
    assert (piece.title, piece.file_name, piece.size) == ("report.txt", "report.txt", 11)
    assert "report" not in piece.file.name
    with piece.file.open() as kept:
        assert kept.read() == b"All passed."


def test_evidence_before_any_answer_leaves_the_answer_unsaid(attach, rule):
    attach(LINK)
    answer = Answer.objects.get()
    assert (answer.state, answer.version) == ("open", 0)


def test_the_same_piece_twice_is_one(attach, service):
    assert attach(LINK).pk == attach(LINK).pk
    assert Evidence.objects.count() == 1
    assert TrailEntry.objects.filter(scope=service.scope, verb="attached").count() == 1


def test_the_same_file_twice_leaves_one_file(attach, new_files):
    attach(Proof(form="file", file=text_file()))
    attach(Proof(form="file", file=text_file()))
    assert len(new_files()) == 1


def test_a_refused_write_leaves_no_file(service, cast, new_files):
    locked = catalogue.of(service.edition_id).sheets[1].of_kind("rule")[0]
    with pytest.raises(Refusal, match="opens when"):
        evidencing.attach(
            by=cast.designer, service=service, requirement=locked, proof=Proof(form="file", file=text_file())
        )
    assert new_files() == set()
    assert not Evidence.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kept", [True, False])
def test_a_file_is_kept_with_its_row_when_the_database_goes_away_at_the_commit(attach, monkeypatch, new_files, kept):
    """What was committed is committed, also where the answer that says so is lost."""
    commit = connection._commit

    def lost():
        if kept:
            commit()
        raise OperationalError("server closed the connection unexpectedly")

    with monkeypatch.context() as patch:
        patch.setattr(connection, "_commit", lost)
        with pytest.raises(OperationalError):
            attach(Proof(form="file", file=text_file()))
    assert {piece.file.name for piece in Evidence.objects.all()} == new_files()
    assert len(new_files()) == kept


def test_a_full_disk_is_said_in_a_sentence(attach, monkeypatch, new_files):
    def full(*args, **options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", full)
    with pytest.raises(Refusal, match="could not be stored"):
        attach(Proof(form="file", file=text_file()))
    assert new_files() == set()
    assert not Evidence.objects.exists()


def test_a_place_where_nothing_can_be_written_or_removed_is_said_in_a_sentence(attach, own_state):
    place = own_state / "files" / "evidence"
    aside = place.rename(own_state / "aside") if place.exists() else None
    place.parent.mkdir(exist_ok=True)
    place.write_text("A file where the folder should be.")
    try:
        with pytest.raises(Refusal, match="could not be stored"):
            attach(Proof(form="file", file=text_file()))
    finally:
        place.unlink()
        if aside:
            aside.rename(place)
    assert not Evidence.objects.exists()


@pytest.mark.parametrize(
    ("proof", "field"),
    [
        (Proof(form="note", text=" \n "), "text"),
        (Proof(form="link", address="javascript:alert(1)"), "address"),
        (Proof(form="link", address="file:///etc/passwd"), "address"),
        (Proof(form="link", address="https://me:secret@example.org/"), "address"),
        (Proof(form="link", address=""), "address"),
        (Proof(form="link", address="https://example.org/" + "x" * 500), "address"),
        (Proof(form="link", address="http://[::1"), "address"),
        (Proof(form="file"), "file"),
        (Proof(form="note", text="x", title="t" * 201), "title"),
        (Proof(form="note", text="x" * 5001), "text"),
    ],
)
def test_what_is_refused_names_its_field(attach, proof, field):
    with pytest.raises(Refusal) as caught:
        attach(proof)
    assert caught.value.detail["field"] == field
    assert not Evidence.objects.exists()


def test_evidence_cannot_end_before_it_begins(attach):
    today = timezone.localdate()
    with pytest.raises(Refusal, match="end before it begins"):
        attach(Proof(form="note", text="x", effective_from=today, valid_until=today - timedelta(days=1)))


def met(service, cast, rule, **dates):
    return answering.record(
        by=cast.designer,
        service=service,
        requirement=rule,
        seen=0,
        state="met",
        proof=Proof(form="note", text="Certificate.", **dates),
    )


def test_taken_off_the_answer_is_to_be_checked_again(service, cast, rule):
    met(service, cast, rule)
    piece = Evidence.objects.get()
    evidencing.detach(by=cast.designer, service=service, requirement=rule, evidence=piece)
    row = readiness.of(service, catalogue.of(service.edition_id).sheets[0]).by_slug[rule.slug]
    assert (row.entry.recheck, row.entry.judged, row.answer.state) == (True, False, "met")
    assert Tally.objects.get(service=service, stage=rule.stage).rules_met == 0
    assert Evidence.objects.filter(pk=piece.pk).exists()


def test_taken_off_twice_is_told_once(service, cast, rule):
    met(service, cast, rule)
    piece = Evidence.objects.get()
    for _ in range(2):
        evidencing.detach(by=cast.designer, service=service, requirement=rule, evidence=piece)
    assert TrailEntry.objects.filter(verb="detached").count() == 1


def test_the_tally_knows_how_long_it_holds(service, cast, rule):
    until = timezone.localdate() + timedelta(days=30)
    met(service, cast, rule, valid_until=until)
    assert Tally.objects.get(service=service, stage=rule.stage).fresh_until == until
