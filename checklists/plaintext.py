"""Text that people type, made safe to store, seal and print. Pure.

Normalised (NFC, one kind of line end), without what is invisible and misleads (control characters, overrides of
the writing direction, zero-width spaces, hidden letters) and with a length, so that a report can always be made of it.
"""

import re
import unicodedata

from django.utils.translation import gettext as _

from accounts import characters
from accounts.refusals import Refusal

LIMIT = 5000  # characters of a note, an answer, a reason or a remark
TITLE_LIMIT = 200
MARKS = 4  # combining marks on one letter; more is a text made to break pages

_INVISIBLE = re.compile("[\u200b\u2060-\u2064\ufeff\u202a-\u202e\u2066-\u206f\ufff9-\ufffb\U000e0000-\U000e007f]")
_LINE_ENDS = re.compile("\r\n?|\u2028|\u2029|\x85|\x0b|\x0c")
_BLANK_LINES = re.compile("\n{3,}")


def cleaned(text: str | None, *, limit: int = LIMIT, field: str = "") -> str:
    """The text as it is stored, "" when nobody would see anything of it; Refusal (naming `field`) when it is longer
    than `limit` characters.
    """
    lines = _LINE_ENDS.sub("\n", unicodedata.normalize("NFC", text or ""))
    visible = "".join(_visible(_INVISIBLE.sub("", lines)))
    kept = _BLANK_LINES.sub("\n\n", "\n".join(line.rstrip() for line in visible.split("\n"))).strip()
    if len(kept) > limit:
        told = _("This is too long: %(length)d characters, at most %(limit)d are kept.")
        raise Refusal(told % {"length": len(kept), "limit": limit}, field=field)
    return kept if characters.shows(kept) else ""


def one_line(text: str | None, *, limit: int = TITLE_LIMIT, field: str = "") -> str:
    """The same for a title: everything on one line."""
    return cleaned(" ".join((text or "").split()), limit=limit, field=field)


def shortened(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def _visible(text: str):
    marks = 0
    for letter in text:
        category = unicodedata.category(letter)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if marks <= MARKS and (letter in "\n\t" or category not in ("Cc", "Cs", "Cn")):
            yield letter
