"""Secrets of a second step, kept so that a copy of the database alone opens no account.

They are encrypted under a key made of SECRET_KEY, which is not in the database. After a change of that key the former
one has to stand in SECRET_KEY_FALLBACKS as long as secrets are kept under it.
"""

import base64
import hashlib
import logging
import secrets

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

log = logging.getLogger(__name__)


def close(text: str) -> str:
    return _box().encrypt(text.encode()).decode()


def opened(kept: str) -> str:
    """The secret. One that cannot be opened any more becomes one that nobody knows, so that no code fits."""
    try:
        return _box().decrypt(kept.encode()).decode()
    except InvalidToken:
        log.error("a secret of a second step cannot be opened: was SECRET_KEY changed without a fallback?")
        return base64.b32encode(secrets.token_bytes(20)).decode()


def _box() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_key(key)) for key in keys])


def _key(secret: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(b"launchkit.second-step:" + secret.encode()).digest())
