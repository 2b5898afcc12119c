"""Evidence: attaching a note, link or file to an answer, and taking it off again.

Evidence is never changed, and taking it off deletes nothing: sealed records may rest on it.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.refusals import Refusal
from checklists import plaintext, uploads
from checklists.models import Answer, DocumentVersion, Evidence
from checklists.working import Work, work_on
from stages.models import Requirement, Service

ADDRESS_LIMIT = 500
_is_web_address = URLValidator(schemes=["http", "https"])


@dataclass(frozen=True)
class Proof:
    """What a person hands in as evidence: of its three parts, the one its `form` names."""

    form: str
    title: str = ""
    text: str = ""
    address: str = ""
    file: File | None = None
    effective_from: date | None = None
    valid_until: date | None = None


def attach(
    *, by: User, service: Service, requirement: Requirement, proof: Proof, at: datetime | None = None
) -> Evidence:
    """Put evidence behind the answer; the same piece again (a double click) gives the one that is there."""
    piece = examined(proof)
    with keeping(piece), work_on(service, requirement, at=at) as work:
        return place(work, piece, by=by)


def detach(
    *, by: User, service: Service, requirement: Requirement, evidence: Evidence, at: datetime | None = None
) -> None:
    """Take evidence off the answer. A met rule or a good rating left without any turns to re-check."""
    with work_on(service, requirement, at=at) as work:
        left = tuple(piece for piece in work.row.evidence if piece.pk != evidence.pk)
        if left == work.row.evidence:
            return
        Answer.evidence.through.objects.filter(answer=work.row.answer, evidence=evidence).delete()
        work.put(evidence=left)
        work.trail.add(by=by, verb="detached", subject=requirement.subject, before=told(evidence))


def examined(proof: Proof) -> Evidence:
    """The evidence to be stored, checked and with its digest; Refusal names the field that is wrong."""
    piece = Evidence(form=proof.form, effective_from=proof.effective_from, valid_until=proof.valid_until)
    _FILL[Evidence.Form(proof.form)](piece, proof)
    title = plaintext.one_line(proof.title, field="title")
    piece.title = title or plaintext.shortened(piece.title, plaintext.TITLE_LIMIT // 2)
    return piece


def place(work: Work, piece: Evidence, *, by: User) -> Evidence:
    """Store `piece` behind the answer of the work at hand, unless the same one is there already."""
    piece.effective_from = piece.effective_from or work.on
    if piece.valid_until and piece.valid_until < piece.effective_from:
        raise Refusal(_("The evidence would end before it begins."), field="valid_until")
    same = next((one for one in work.row.evidence if _key(one) == _key(piece)), None)
    if same:
        return same
    piece.service, piece.added_by, piece.added_at = work.service, by, work.trail.at
    piece.save(force_insert=True)
    Answer.evidence.through.objects.create(answer=work.stored_answer(by), evidence=piece)
    work.put(evidence=(*work.row.evidence, piece))
    work.trail.add(by=by, verb="attached", subject=work.requirement.subject, after=told(piece))
    return piece


@contextmanager
def keeping(piece: Evidence | DocumentVersion | None) -> Iterator[None]:
    """Leave no file behind that no row names: not when the write is refused, not when it proves needless."""
    try:
        yield
    except BaseException:
        _discard(piece)
        raise
    if piece and piece._state.adding:
        _discard(piece)


def _discard(piece: Evidence | DocumentVersion | None) -> None:
    if piece and piece.file:
        piece.file.storage.delete(piece.file.name)


def told(piece: Evidence) -> dict[str, object]:
    return {"evidence": piece.pk, "form": piece.form, "title": piece.title, "sha256": piece.sha256}


def checked_address(address: str) -> str:
    """A web address that is safe to print and to follow; Refusal when it is not one, or holds a password."""
    address = plaintext.one_line(address, limit=ADDRESS_LIMIT, field="address")
    try:
        _is_web_address(address)
        has_secret = "@" in urlsplit(address).netloc
    except (ValidationError, ValueError):
        raise Refusal(_("This is not a web address: it begins with https:// or http://."), field="address") from None
    if has_secret:
        raise Refusal(_("Leave the user name and password out of the address."), field="address")
    return address


def _key(piece: Evidence) -> tuple[object, ...]:
    return piece.form, piece.sha256, piece.title, piece.effective_from, piece.valid_until


def _fill_note(piece: Evidence, proof: Proof) -> None:
    piece.text = plaintext.cleaned(proof.text, field="text")
    if not piece.text:
        raise Refusal(_("Write what stands behind it."), field="text")
    piece.title, piece.sha256 = piece.text.split("\n")[0], _digest(piece.text)


def _fill_link(piece: Evidence, proof: Proof) -> None:
    piece.address = checked_address(proof.address)
    piece.text = plaintext.cleaned(proof.text, field="text")
    piece.title, piece.sha256 = piece.address.split("://", 1)[1], _digest(piece.address)


def _fill_file(piece: Evidence, proof: Proof) -> None:
    if proof.file is None:
        raise Refusal(_("Choose a file."), field="file")
    upload = uploads.examined(proof.file)
    piece.text = plaintext.cleaned(proof.text, field="text")
    fill_file(piece, upload)
    piece.title = upload.name


def fill_file(piece: Evidence | DocumentVersion, upload: uploads.Upload) -> None:
    """Store the file of a piece of evidence or a document version, and what is to be known about it."""
    field, storage = piece.file.field, piece.file.storage
    name = field.generate_filename(piece, upload.stored_name)
    try:
        piece.file = storage.save(name, upload.file, max_length=field.max_length)
    except OSError as error:
        storage.delete(name)
        raise Refusal(
            _("The file could not be stored just now. Nothing was changed; try again."), field="file"
        ) from error
    piece.file_name, piece.media_type = upload.name, upload.media_type
    piece.size, piece.sha256 = upload.size, upload.sha256


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


_FILL = {Evidence.Form.NOTE: _fill_note, Evidence.Form.LINK: _fill_link, Evidence.Form.FILE: _fill_file}
