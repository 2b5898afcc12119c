"""Files that were stored: opened only while they are what they were."""

import hashlib

from django.core.files.base import File

from checklists.models import DocumentVersion, Evidence


def present(piece: Evidence | DocumentVersion) -> bool:
    """Is the file still there, in its size? For lists: its content is compared when it is opened."""
    if not piece.file:
        return True
    try:
        return piece.file.storage.size(piece.file.name) == piece.size
    except OSError:
        return False


def intact(piece: Evidence | DocumentVersion) -> bool:
    """Is the file what it was when it was stored?"""
    file = opened(piece)
    if file:
        file.close()
    return file is not None


def opened(piece: Evidence | DocumentVersion) -> File | None:
    """The file, from its beginning; None when it is gone or its digest is not the one on record."""
    try:
        file = piece.file.open("rb")
    except OSError:
        return None
    if hashlib.file_digest(file, "sha256").hexdigest() != piece.sha256:
        file.close()
        return None
    file.seek(0)
    return file
