"""Where the files of reports lie: written whole or not at all, found again, missed when gone."""

import hashlib
import os
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, storages

from reviews.models import Report


def keep(pk: int, pdf: bytes) -> str:
    """Store a report's bytes and return their name; the same bytes get the same name, so twice is as once."""
    name = f"reports/{pk}-{hashlib.sha256(pdf).hexdigest()[:16]}.pdf"
    storage = storages["default"]  # `default_storage` is nothing yet in a process that has not asked it for anything
    if isinstance(storage, FileSystemStorage):
        _write(Path(storage.path(name)), pdf)
    elif not storage.exists(name):
        storage.save(name, ContentFile(pdf))  # an object store shows an object only when it is whole
    return name


def fetch(report: Report) -> bytes | None:
    """The bytes of a finished report; None when its file is gone, or is not what was made."""
    try:
        with report.file.open("rb") as file:
            pdf = file.read()
    except (ValueError, OSError):  # no file yet, or none any more
        return None
    return pdf if hashlib.sha256(pdf).hexdigest() == report.sha256 else None


def _write(path: Path, pdf: bytes) -> None:
    """Under a temporary name first, then renamed: a reader never meets half a file, a full disk leaves none.

    What a worker that was killed here left of the same report goes with the next attempt.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    for left in path.parent.glob(f"{path.name.partition('-')[0]}-*.part"):
        left.unlink(missing_ok=True)
    part = path.with_suffix(f".{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            file.write(pdf)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
