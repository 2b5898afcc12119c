"""The file of a backup: a ZIP whose list of contents stands in it with every digest, sealed with the trail's key.

Anybody can look into it with common tools. It is written under a temporary name and has its own only when it is whole.
"""

import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, Any

from accounts import chaining

FORMAT = 1
LIST, SEAL = "manifest.json", "manifest.seal"
PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
CHUNK = 256 * 1024  # bytes held in memory
MOST_CHUNKS = 64  # of the list of contents


class Unreadable(Exception):
    """The file is no backup, or not what was written; `str()` says what is wrong with it."""


@dataclass(frozen=True)
class Written:
    size: int
    sha256: str


class Box:
    """An archive that is being written, member by member."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self.file = file

    def put(self, name: str, chunks: Iterable[bytes], *, packed: bool = True) -> Written:
        """Files of people are mostly packed already, and are taken as they are."""
        member = zipfile.ZipInfo(name)
        member.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        digest, size = hashlib.sha256(), 0
        with self.file.open(member, "w", force_zip64=True) as out:
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                out.write(chunk)
        return Written(size, digest.hexdigest())

    def close(self, contents: dict[str, Any]) -> None:
        """The list of contents comes last, with the seal that follows from it."""
        text = json.dumps({"format": FORMAT, **contents}, indent=1, sort_keys=True)
        self.put(LIST, [text.encode()])
        self.put(SEAL, [chaining.keyed(text).encode()])


@contextmanager
def written(path: Path) -> Iterator[Box]:
    """A box at `path` when the block ends well; nothing at all when it does not. Only its owner may read it."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            with zipfile.ZipFile(file, "w", compresslevel=3) as packed:
                yield Box(packed)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


class Opened:
    """An archive that is read. Its list of contents is believed when `sealed` says so, the rest after `check`."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self.file = file
        try:
            self.text = self._short(LIST).decode()
            self.contents: dict[str, Any] = dict(json.loads(self.text))
        except (Unreadable, ValueError, TypeError, RecursionError) as error:
            raise Unreadable("It is no backup of launchkit, or its list of contents cannot be read.") from error
        if self.contents.get("format") != FORMAT:
            told = f"It is written in format {self.contents.get('format')}; this version of launchkit reads {FORMAT}."
            raise Unreadable(told)

    @property
    def sealed(self) -> bool:
        """Is the list of contents what was written, under the trail's key of this installation?"""
        return SEAL in self.file.NameToInfo and self._short(SEAL) == chaining.keyed(self.text).encode()

    def chunks(self, name: str) -> Iterator[bytes]:
        with self._member(name) as member:
            while chunk := member.read(CHUNK):
                yield chunk

    def lines(self, name: str) -> Iterator[bytes]:
        with self._member(name) as member:
            yield from member

    def _short(self, name: str) -> bytes:
        """A member that is read before anybody knows who wrote it."""
        return b"".join(islice(self.chunks(name), MOST_CHUNKS))

    @contextmanager
    def _member(self, name: str) -> Iterator[IO[bytes]]:
        """A member, packed as we pack. Raises `Unreadable`, also while it is being read."""
        info = self.file.NameToInfo.get(name)
        if info is None:
            raise Unreadable(f"{name} is missing in it.")
        try:
            if info.compress_type not in PACKED:
                raise zipfile.BadZipFile
            with self.file.open(info) as member:
                yield member
        except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, UnicodeDecodeError, OSError) as error:
            raise Unreadable(f"{name} in it is damaged.") from error

    def check(self, name: str, sha256: str) -> None:
        """Raises `Unreadable` unless the member is there and is what was written."""
        digest = hashlib.sha256()
        for chunk in self.chunks(name):
            digest.update(chunk)
        if digest.hexdigest() != sha256:
            raise Unreadable(f"{name} in it is not what was written.")


@contextmanager
def opened(path: Path) -> Iterator[Opened]:
    try:
        file = zipfile.ZipFile(path)
    except FileNotFoundError as error:
        raise Unreadable("There is no such file.") from error
    except (zipfile.BadZipFile, IsADirectoryError, NotImplementedError, ValueError) as error:
        raise Unreadable("It is no backup of launchkit, or its end is missing.") from error
    with file:
        yield Opened(file)
