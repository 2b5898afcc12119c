"""Keys of an embedded installation: made once, kept under `var/`, readable by the owner alone.

They come first, so it is here that the folder is made in which everything else will lie: answers, files, sessions.
"""

import os
import secrets
from pathlib import Path


def generated(path: Path) -> str:
    """Return the key stored at `path`; the first caller makes it (two starting at once agree on one)."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _settled(path)
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(50))
    return path.read_text()


def _settled(path: Path) -> str:
    """Read a key that another process may be writing this moment."""
    for _ in range(1000):
        if key := path.read_text():
            return key
    raise RuntimeError(f"The key file {path} is empty; remove it, and a new key is made.")
