"""Canonical JSON: one text for one content, so that a digest names what was said. Pure."""

import hashlib
import json
from typing import Any

from stages.texts import LocalText


def text(content: object) -> str:
    """Keys sorted, no spaces, no escapes: the same content always gives the same text."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def digest(content: object) -> str:
    """SHA-256 (hex) of the canonical text."""
    return digest_of_text(text(content))


def digest_of_text(sealed: str) -> str:
    return hashlib.sha256(sealed.encode()).hexdigest()


def load(sealed: str) -> Any:
    """The content of a sealed text; texts in several languages come back as `LocalText`, fit for a template."""
    return json.loads(sealed, object_hook=_object)


def _object(value: dict[str, Any]) -> dict[str, Any]:
    return LocalText(value) if isinstance(value.get("own"), str) else value
