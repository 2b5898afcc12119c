"""Files put under the very names that rows say, so that all of it can be taken back."""

import shutil
import tempfile
from types import TracebackType
from typing import IO

from django.core.files.base import File
from django.core.files.storage import default_storage

from operations.backup import digest_of


class Placing:
    """What is put inside the block stays when it ends well; otherwise everything is as it was."""

    def __init__(self) -> None:
        self.former: list[tuple[str, IO[bytes] | None]] = []

    def __enter__(self) -> "Placing":
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for name, kept in reversed(self.former):
            if kind:
                _put_back(name, kept)
            if kept:
                kept.close()

    def put(self, name: str, content: IO[bytes], sha256: str) -> None:
        """What is there already and the same stays. OSError when it did not come out as it should."""
        if digest_of(name) == sha256:
            return
        self.former.append((name, _aside(name)))
        _put(name, content)
        if digest_of(name) != sha256:
            raise OSError(f"{name} is not what was written.")


def _aside(name: str) -> IO[bytes] | None:
    """What is under a name now; None when nothing is."""
    if not default_storage.exists(name):
        return None
    kept = tempfile.TemporaryFile()  # noqa: SIM115 - closed when the block of `Placing` ends
    with default_storage.open(name) as file:
        shutil.copyfileobj(file, kept)
    return kept


def _put_back(name: str, kept: IO[bytes] | None) -> None:
    default_storage.delete(name)
    if kept:
        kept.seek(0)
        _put(name, kept)


def _put(name: str, content: IO[bytes]) -> None:
    default_storage.delete(name)
    if (put := default_storage.save(name, File(content))) != name:
        default_storage.delete(put)
        raise OSError(f"{name} could not be written under this name.")
