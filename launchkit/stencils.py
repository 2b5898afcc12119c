"""Texts with holes: what was told once, filled in again for another service. Pure.

A hole is found by what stands in it: a key so large that it is nothing else (`MARK`), or a digest or UUID that is known
to change. Filling is one formatting of a text, whatever its length, so that millions of rows can be made.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter

MARK = 4_170_000_000_000  # keys from here on, with thirteen digits, are holes
UUID = "[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}"
TOKEN = re.compile(f"(?<![0-9A-Za-z])(?:417[0-9]{{10}}|[0-9a-f]{{64}}|{UUID})(?![0-9A-Za-z])")

Values = list[str]


class Holes:
    """Every hole there may be, numbered: its place in the list of values that fill them."""

    def __init__(self) -> None:
        self._places: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._places)

    def place(self, token: object) -> int:
        """The number of a hole, new or known."""
        return self._places.setdefault(str(token), len(self._places))

    def places(self, tokens: Iterable[object]) -> list[int]:
        return [self.place(token) for token in tokens]

    def known(self, text: str) -> list[re.Match[str]]:
        """Where the text has holes. ValueError for a key that looks like one and is none."""
        found = list(TOKEN.finditer(text))
        if strange := [one.group() for one in found if len(one.group()) == 13 and one.group() not in self._places]:
            raise ValueError(f"Keys that nobody gives: {strange[:3]}")
        return [one for one in found if one.group() in self._places]

    def cut(self, text: str) -> Callable[[Values], str]:
        """The text as a function of what fills its holes."""
        found = self.known(text)
        if not found:
            return lambda _values: text
        form = _form(text, found)
        return _filler(form, [self._places[one.group()] for one in found])


def _form(text: str, found: Sequence[re.Match[str]]) -> str:
    """A %-format: what stands between the holes, with its own per cent signs doubled."""
    ends = [0, *(one.end() for one in found)]
    begins = [*(one.start() for one in found), len(text)]
    return "%s".join(text[end:begin].replace("%", "%%") for end, begin in zip(ends, begins, strict=True))


def _filler(form: str, places: Sequence[int]) -> Callable[[Values], str]:
    if len(places) == 1:
        place = places[0]
        return lambda values: form % values[place]
    pick = itemgetter(*places)
    return lambda values: form % pick(values)
