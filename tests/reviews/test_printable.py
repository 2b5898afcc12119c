"""Text made fit for paper: as legible as before, and harmless."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews import printable
from stages.texts import LocalText


@given(st.text())
def test_no_word_is_longer_than_a_line_and_no_letter_is_lost(value):
    shown = printable.text(value)
    assert all(len(word) <= printable.WORD for word in re.split(r"[\s\u200b]", shown))
    assert printable.text(shown) == shown
    letters = [one for one in unicodedata.normalize("NFC", value) if one.isalnum()]
    assert [one for one in shown if one.isalnum()] == letters


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("a\u202egnp.exe", "agnp.exe"),
        ("e\u0301", "é"),
        ("x" + "\u0300" * 9, unicodedata.normalize("NFC", "x" + "\u0300" * 3)),
        ("one\r\n\r\n\r\n\r\ntwo", "one\n\ntwo"),
        ("a\x00b\x1b[0m", "ab[0m"),
        ("y" * 81, f"{'y' * 40}\u200b{'y' * 40}\u200by"),
        ("line\n" * 200 + "rest", "line\n" * 200 + "rest"),
        ("line\n" * 201 + "\nthe\nrest", "line\n" * 200 + "line / the / rest"),
        ("0f" * 32, "0f" * 32),
        ("Πιστοποιητικό γέννησης", "Πιστοποιητικό γέννησης"),
        ("Gimimo įrašas, ąčęėįšųūž", "Gimimo įrašas, ąčęėįšųūž"),
    ],
)
def test_what_is_shown(value, shown):
    assert printable.text(value) == shown


def test_a_record_keeps_its_shape_its_addresses_and_its_languages():
    address = "https://example.org/" + "a" * 90
    record = {"title": LocalText(own="en", en="z" * 50), "pieces": [{"address": address, "number": 3}], "none": None}
    shown = printable.record(record)
    assert isinstance(shown["title"], LocalText)
    assert shown["title"]["en"] == f"{'z' * 40}\u200b{'z' * 10}"
    assert (shown["pieces"], shown["none"]) == ([{"address": address, "number": 3}], None)
