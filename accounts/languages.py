"""Which language a page is in: the person's, else the one chosen in this browser, else what the browser asks for.

Django's LocaleMiddleware does the last two, by the cookie that the switcher sets; `PersonMiddleware` the first.
"""

from collections.abc import Iterator

from django.conf import settings
from django.utils.translation import get_language


def offered() -> dict[str, str]:
    """Every language of the interface, named in itself."""
    return dict(settings.LANGUAGES)


def choices() -> Iterator[dict[str, object]]:
    """What the switcher shows."""
    for code, name in offered().items():
        yield {"code": code, "name": name, "chosen": code == get_language()}
