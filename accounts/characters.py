"""Characters that a text must not carry: they hide, reorder or pile up what a person reads. Pure."""

import re
import unicodedata

HIDING = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
MOST_MARKS = 4  # combining marks on one letter, after composing
SPACE = re.compile(r"[ \t\r\n]+")


def tidy(text: str) -> str:
    """The text in one form: composed (NFC), single spaces, none around it."""
    return SPACE.sub(" ", unicodedata.normalize("NFC", text)).strip(" ")


def unreadable(text: str) -> list[str]:
    """What of a tidy text no person could see or tell apart: code points (`U+202E`), in order, each once."""
    hidden = [] if text.isprintable() else [c for c in text if unicodedata.category(c) in HIDING]
    found = hidden + ([] if text.isascii() else _piled(text))
    return list(dict.fromkeys(f"U+{ord(c):04X}" for c in found))


def _piled(text: str) -> list[str]:
    piled, run = [], 0
    for character in text:
        run = run + 1 if unicodedata.combining(character) else 0
        if run > MOST_MARKS:
            piled.append(character)
    return piled
