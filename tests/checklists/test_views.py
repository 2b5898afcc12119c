"""Files go out only to those who may see the service, and only as files."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from checklists import documenting, evidencing
from checklists.proofs import Proof
from stages import catalogue

KINDS = ["evidence", "documents"]


@pytest.fixture
def piece(service, cast):
    """A stored file of either kind."""

    def store(kind, name="Čekis.txt", content=b"All passed."):
        sheet = catalogue.of(service.edition_id).sheets[0]
        file = SimpleUploadedFile(name, content, "text/html")
        if kind == "documents":
            plan = sheet.of_kind("deliverable")[0]
            return documenting.add(by=cast.designer, service=service, requirement=plan, file=file)
        rule = sheet.of_kind("rule")[0]
        proof = Proof(form="file", file=file)
        return evidencing.attach(by=cast.designer, service=service, requirement=rule, proof=proof)

    return store


def address(kind, service, piece):
    name = {"evidence": "checklists:evidence_file", "documents": "checklists:document_file"}[kind]
    return reverse(name, args=[service.slug, piece.pk])


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_is_handed_out_as_a_file(client_for, cast, service, piece, kind):
    response = client_for(cast.viewer).get(address(kind, service, piece(kind)))
    assert response.status_code == 200
    assert b"".join(response.streaming_content) == b"All passed."
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%C4%8Cekis.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("who", "status"), [("outsider", 404), ("editor", 404), (None, 302)])
def test_a_leaked_address_is_worth_nothing(client_for, cast, service, piece, kind, who, status):
    client = client_for(who and getattr(cast, who))
    assert client.get(address(kind, service, piece(kind))).status_code == status


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_of_another_service_is_not_found_here(client_for, cast, service, edition, planned_on, piece, kind):
    from checklists import starting

    other = starting.start(by=cast.designer, team=cast.team, edition=edition, name="Bus pass", planned_on=planned_on)
    assert client_for(cast.designer).get(address(kind, other, piece(kind))).status_code == 404


@pytest.mark.parametrize("kind", KINDS)
def test_a_role_taken_away_counts_at_once(client_for, cast, service, piece, kind):
    client, url = client_for(cast.viewer), address(kind, service, piece(kind))
    assert b"".join(client.get(url).streaming_content) == b"All passed."
    cast.viewer.memberships.all().delete()
    assert client.get(url).status_code == 404


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_is_gone_is_said_so(client_for, cast, service, piece, kind):
    stored = piece(kind)
    Path(stored.file.path).unlink()
    response = client_for(cast.viewer).get(address(kind, service, stored))
    assert response.status_code == 404
    assert "Čekis.txt” is on record, but its file is gone" in response.content.decode()


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_was_altered_is_not_handed_out(client_for, cast, service, piece, kind):
    stored = piece(kind)
    Path(stored.file.path).write_bytes(b"All failed.")
    response = client_for(cast.viewer).get(address(kind, service, stored))
    assert response.status_code == 404
    assert "is not the one that was stored" in response.content.decode()


def test_a_link_has_no_file(client_for, cast, service):
    rule = catalogue.of(service.edition_id).sheets[0].of_kind("rule")[0]
    proof = Proof(form="link", address="https://example.org/")
    link = evidencing.attach(by=cast.designer, service=service, requirement=rule, proof=proof)
    assert client_for(cast.viewer).get(address("evidence", service, link)).status_code == 404


@pytest.mark.parametrize("kind", KINDS)
def test_posting_to_a_file(client_for, cast, service, piece, kind):
    assert client_for(cast.designer).post(address(kind, service, piece(kind))).status_code == 405
