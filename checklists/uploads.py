"""Which files are taken as evidence and documents, and how they are looked at before they are kept.

What a file says it is (its extension) must be what it is (its first bytes, its parts). Pages and pictures that a
browser would run (HTML, SVG) are never taken; nothing here opens, unpacks or draws a file.
"""

import hashlib
import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from uuid import uuid4

from django.conf import settings
from django.core.files.base import File
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from accounts.refusals import Refusal

NAME_LIMIT = 150
PARTS_LIMIT = 5000  # parts of an office document
DIRECTORY_LIMIT = 512 * 1024  # bytes of the list of its parts, which is read whole
OFFICE = "application/vnd.openxmlformats-officedocument"
OPEN = "application/vnd.oasis.opendocument"


@dataclass(frozen=True)
class Upload:
    """A file that was looked at: what is stored about it, and the file itself, rewound."""

    file: File
    name: str
    media_type: str
    size: int
    sha256: str

    @property
    def stored_name(self) -> str:
        """A name of our own: what a person called a file never becomes a path."""
        return f"{uuid4().hex}.{_extension(self.name)}"


def examined(file: File) -> Upload:
    """The file with its cleaned name, true type and digest; Refusal (422) when it is not one we take."""
    name = cleaned_name(file.name or "")
    kind = KINDS.get(_extension(name))
    if kind is None:
        _refuse(_("Files of this type are not taken. Taken are: %(types)s.") % {"types": ", ".join(sorted(KINDS))})
    if not file.size:
        _refuse(_("“%(name)s” is empty.") % {"name": name})
    if file.size > settings.UPLOAD_LIMIT:
        told = _("“%(name)s” is too large: %(size)s; at most %(limit)s are taken.")
        _refuse(told % {"name": name, "size": filesizeformat(file.size), "limit": limit_in_words()})
    if not kind.fits(file):
        told = _("“%(name)s” is not what its name says: its content is not %(type)s.")
        _refuse(told % {"name": name, "type": _extension(name).upper()})
    return Upload(file, name, kind.media_type, file.size, _digest(file))


def cleaned_name(name: str) -> str:
    """The last part of the name without what is invisible or means something to a shell, a path or a header."""
    last = PurePosixPath(unicodedata.normalize("NFC", name).replace("\\", "/")).name
    kept = "".join(" " if letter in '<>:"|?*;%' else letter for letter in last if _printable(letter))
    stem, dot, extension = " ".join(kept.split()).lstrip(".- ").rpartition(".")
    stem = (stem or "file")[: NAME_LIMIT - len(extension) - 1].rstrip(". ")
    return f"{stem or 'file'}.{extension.strip().lower()}" if dot else extension


def limit_in_words() -> str:
    return filesizeformat(settings.UPLOAD_LIMIT)


def _printable(letter: str) -> bool:
    return unicodedata.category(letter)[0] != "C" and unicodedata.category(letter) not in ("Zl", "Zp")


def _extension(name: str) -> str:
    return name.rpartition(".")[2] if "." in name else ""


def _refuse(sentence: str) -> None:
    raise Refusal(sentence, field="file")


def _digest(file: File) -> str:
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    return digest


# -- what each kind looks like inside -------------------------------------------------------------------


@dataclass(frozen=True)
class Type:
    media_type: str
    fits: Callable[[File], bool]


def _begins(*starts: bytes) -> Callable[[File], bool]:
    """Starts with one of these bytes, and is not an archive at the same time."""

    def fits(file: File) -> bool:
        file.seek(0)
        begins = file.read(16).startswith(starts)
        return begins and not zipfile.is_zipfile(file)

    return fits


class _Sparing:
    """A file that gives little at once: a list of parts that is longer is cut, and so no list at all."""

    def __init__(self, file: File) -> None:
        self.file, self.seek, self.tell = file, file.seek, file.tell

    def read(self, size: int = DIRECTORY_LIMIT) -> bytes:
        return self.file.read(min(size, DIRECTORY_LIMIT))


def _parts(file: File) -> list[str]:
    """The names inside an archive that begins with its first part; empty when it is not one."""
    file.seek(0)
    if file.read(4) != b"PK\x03\x04":
        return []
    try:
        with zipfile.ZipFile(_Sparing(file)) as archive:
            return archive.namelist()
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError, RuntimeError):
        return []


def _office(folder: str) -> Callable[[File], bool]:
    def fits(file: File) -> bool:
        parts = _parts(file)
        macros = any(part.lower().endswith("vbaproject.bin") for part in parts)
        has_content = "[Content_Types].xml" in parts and any(part.startswith(folder) for part in parts)
        return has_content and not macros and len(parts) <= PARTS_LIMIT

    return fits


def _open_document(media_type: str) -> Callable[[File], bool]:
    """Its first part is `mimetype`, stored as it is, and names the type."""

    def fits(file: File) -> bool:
        parts = _parts(file)
        file.seek(30)
        start = file.read(8 + len(media_type))
        return parts[:1] == ["mimetype"] and len(parts) <= PARTS_LIMIT and start == b"mimetype" + media_type.encode()

    return fits


def _text(file: File) -> bool:
    """UTF-8 without control characters."""
    file.seek(0)
    try:
        text = file.read().decode()
    except UnicodeDecodeError:
        return False
    return not any(ord(letter) < 32 and letter not in "\t\n\r\f" for letter in text)


def _open(kind: str) -> Type:
    media_type = f"{OPEN}.{kind}"
    return Type(media_type, _open_document(media_type))


JPEG = Type("image/jpeg", _begins(b"\xff\xd8\xff"))
KINDS: dict[str, Type] = {
    "pdf": Type("application/pdf", _begins(b"%PDF-")),
    "png": Type("image/png", _begins(b"\x89PNG\r\n\x1a\n")),
    "jpg": JPEG,
    "jpeg": JPEG,
    "docx": Type(f"{OFFICE}.wordprocessingml.document", _office("word/")),
    "xlsx": Type(f"{OFFICE}.spreadsheetml.sheet", _office("xl/")),
    "pptx": Type(f"{OFFICE}.presentationml.presentation", _office("ppt/")),
    "odt": _open("text"),
    "ods": _open("spreadsheet"),
    "odp": _open("presentation"),
    "txt": Type("text/plain; charset=utf-8", _text),
    "csv": Type("text/csv; charset=utf-8", _text),
}
