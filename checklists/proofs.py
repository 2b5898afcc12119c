"""What is handed in as evidence, or as a version of a document, looked at before it is kept. No query, no write."""

import hashlib
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from accounts.refusals import Refusal
from checklists import plaintext, uploads
from checklists.models import DocumentVersion, Evidence
from checklists.uploads import Upload

ADDRESS_LIMIT = 500
_is_web_address = URLValidator(schemes=["http", "https"])


@dataclass(frozen=True)
class Proof:
    """What a person hands in as evidence: of its three parts, the one its `form` names; a note may go with each."""

    form: str
    title: str = ""
    text: str = ""
    address: str = ""
    file: File | None = None
    effective_from: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True)
class Piece:
    """A row not yet stored, with its digest, and the file that goes with it."""

    row: Evidence | DocumentVersion
    upload: Upload | None = None


def evidence(proof: Proof) -> Piece:
    """The evidence to be stored; Refusal names the field that is wrong."""
    return _BY_FORM[Evidence.Form(proof.form)](_row(proof), proof)


def revision(old: Evidence, proof: Proof) -> Piece:
    """What is to take the place of `old`; a piece with a file keeps it where no other is handed in."""
    proof = replace(proof, title=proof.title or old.title)
    if proof.form != Evidence.Form.FILE or proof.file or old.form != Evidence.Form.FILE:
        return evidence(proof)
    row = _row(proof)
    for name in ("file", "file_name", "media_type", "size", "sha256"):
        setattr(row, name, getattr(old, name))
    return Piece(row)


def version(title: str, address: str, file: File | None) -> Piece:
    """The document version to be stored; Refusal names the field that is wrong."""
    row = DocumentVersion(title=plaintext.one_line(title, field="title"))
    if bool(address) == bool(file):
        raise Refusal(_("Give a link or a file, one of them."), field="address")
    return _with_file(row, file) if file else _with_address(row, address)


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


def _row(proof: Proof) -> Evidence:
    row = Evidence(form=proof.form, effective_from=proof.effective_from, valid_until=proof.valid_until)
    row.title = plaintext.one_line(proof.title, field="title")
    row.text = plaintext.cleaned(proof.text, field="text")
    return row


def _note(row: Evidence, proof: Proof) -> Piece:
    if not row.text:
        raise Refusal(_("Write what stands behind it."), field="text")
    row.title = row.title or plaintext.shortened(row.text.split("\n")[0], 100)
    row.sha256 = _digest(row.text)
    return Piece(row)


def _link(row: Evidence, proof: Proof) -> Piece:
    return _with_address(row, proof.address)


def _file(row: Evidence, proof: Proof) -> Piece:
    if proof.file is None:
        raise Refusal(_("Choose a file."), field="file")
    return _with_file(row, proof.file)


def _with_address(row: Evidence | DocumentVersion, address: str) -> Piece:
    row.address = checked_address(address)
    row.title = row.title or plaintext.shortened(row.address.split("://", 1)[1], 100)
    row.sha256 = _digest(row.address)
    return Piece(row)


def _with_file(row: Evidence | DocumentVersion, file: File) -> Piece:
    upload = uploads.examined(file)
    row.file_name, row.media_type = upload.name, upload.media_type
    row.size, row.sha256 = upload.size, upload.sha256
    row.title = row.title or upload.name
    return Piece(row, upload)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


_BY_FORM = {Evidence.Form.NOTE: _note, Evidence.Form.LINK: _link, Evidence.Form.FILE: _file}
