"""Words in the reader's language, looked up once in a process: for sentences that stand on a page fifty times.

They are those of Django's `gettext` and `ngettext`, which go through one catalog after the other each time.
"""

from functools import lru_cache

from django.utils import translation

MANY = 20_000  # texts, languages and numbers that are remembered


def gettext(message: str) -> str:
    return _one(translation.get_language(), message)


def ngettext(singular: str, plural: str, number: int) -> str:
    return _of_many(translation.get_language(), singular, plural, number)


@lru_cache(MANY)
def _one(language: str | None, message: str) -> str:
    return translation.gettext(message)


@lru_cache(MANY)
def _of_many(language: str | None, singular: str, plural: str, number: int) -> str:
    return translation.ngettext(singular, plural, number)
