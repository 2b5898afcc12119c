"""Characters that a text must not carry: they hide, reorder or pile up what a person reads. Pure."""

import re
import unicodedata

HIDING = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
EMPTY = HIDING | {"Zs", "Mn", "Me"}  # spaces, and marks on nothing
FILLERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # letters and signs without a shape
MOST_MARKS = 4  # combining marks on one letter, after composing
SPACE = re.compile(r"[ \t\r\n]+")


def tidy(text: str) -> str:
    """The text in one form: composed (NFC), single spaces, none around it; "" when it is there and nobody sees it."""
    text = SPACE.sub(" ", unicodedata.normalize("NFC", text)).strip(" ")
    return text if shows(text) or unreadable(text) else ""


def shows(text: str) -> bool:
    """Is there anything in it that a person sees?"""
    return any(c not in FILLERS and unicodedata.category(c) not in EMPTY for c in text)


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
