"""Text fit for paper: what people typed, made harmless for a renderer and no less legible. Pure.

Escaping is the template's; this is about text that is well formed and still hurts: one endless word, thousands of
empty lines, stacked marks, letters that change the direction of what follows.
"""

import re
import unicodedata

WORD = 40  # characters without a place to break
LINES = 200  # lines of one text; behind them it flows on, for a line costs as much paper as a hundred letters
MARKS = 3  # combining marks in a row
_DIGEST = re.compile(r"[0-9a-f]{64}")
_LONG = re.compile(rf"\S{{{WORD}}}(?=\S)")
_LINES = re.compile(r"\n{3,}")
_KEPT_CONTROLS = frozenset("\n\t\u200c\u200d")  # joiners belong to some scripts


def record(value: object) -> object:
    """A sealed record with every text made fit for paper; digests and addresses stay as they are."""
    if isinstance(value, dict):
        return type(value)((key, item if key == "address" else record(item)) for key, item in value.items())
    if isinstance(value, list):
        return [record(item) for item in value]
    return text(value) if isinstance(value, str) else value


def text(value: str) -> str:
    """Normal form C, no controls and no direction marks, few empty lines, few lines, a break point every 40
    characters.
    """
    if _DIGEST.fullmatch(value):
        return value
    clean = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))
    return broken(_flowing(_LINES.sub("\n\n", "".join(_kept(clean)))))


def broken(value: str) -> str:
    """Break points (zero width spaces) in words longer than any line."""
    return _LONG.sub(lambda word: word[0] + "\u200b", value)


def _flowing(value: str) -> str:
    """What stands behind the last line that is given one of its own, with strokes where lines end."""
    *lines, rest = value.split("\n", LINES)
    return "\n".join([*lines, " / ".join(filter(None, rest.split("\n")))])


def _kept(value: str):
    marks = 0
    for letter in value:
        category = unicodedata.category(letter)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if marks > MARKS or (category in ("Cc", "Cf", "Cs", "Co") and letter not in _KEPT_CONTROLS):
            continue
        yield letter
