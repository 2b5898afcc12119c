"""A readable ASCII address from a name in any script. Pure."""

import unicodedata
from collections.abc import Container, Iterator
from itertools import count

from django.utils.text import slugify

LONGEST = 120  # leaves room for "-<n>" in the column
TABLE = str.maketrans("αβγδεζηικλμνξοπρσςτυφω", "avgdeziiklmnxoprsstyfo") | str.maketrans(
    {
        "θ": "th",
        "χ": "ch",
        "ψ": "ps",
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "ø": "o",
        "đ": "d",
        "þ": "th",
        "ł": "l",
        "ı": "i",
    }
)


def ascii_slug(name: str) -> str:
    """A slug of a name; "" when nothing of it can be written in ASCII."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.lower()) if not unicodedata.combining(c))
    return slugify(plain.replace("ου", "ou").translate(TABLE))[:LONGEST].strip("-_")


def candidates(base: str, *, taken: Container[str]) -> Iterator[str]:
    """`base`, then `base-2`, `base-3`, … without those taken."""
    yield from (slug for slug in _numbered(base) if slug not in taken)


def _numbered(base: str) -> Iterator[str]:
    yield base
    yield from (f"{base}-{n}" for n in count(2))
