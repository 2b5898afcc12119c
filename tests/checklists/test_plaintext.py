"""Typed text: cleaned of what misleads, bounded, and never changed twice."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.refusals import Refusal
from checklists import plaintext


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  two  words \t\n", "two  words"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("a\n\n\n\n\nb", "a\n\nb"),
        ("\u202eevil\u202c", "evil"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("null\x00bell\x07", "nullbell"),
        ("e\u0301", "é"),
        ("Z" + "\u0337" * 50, "Z" + "\u0337" * 4),
        (None, ""),
        ("hid\u2062den\U000e0061\U000e0062", "hidden"),
        ("\u3164\n\u00a0\u200d\u200e\u00ad", ""),
        ("\u200eע\u200f", "\u200eע\u200f"),
        ("Ελληνικά, lietuviškai, 🎉", "Ελληνικά, lietuviškai, 🎉"),
    ],
)
def test_what_is_kept(typed, kept):
    assert plaintext.cleaned(typed) == kept


def test_a_title_is_one_line():
    assert plaintext.one_line("Test\nreport   of May") == "Test report of May"


def test_the_limit_is_said_with_the_field():
    with pytest.raises(Refusal, match="6 characters, at most 5") as caught:
        plaintext.cleaned("123456", limit=5, field="note")
    assert caught.value.detail["field"] == "note"


def test_shortened():
    assert plaintext.shortened("a long sentence", 7) == "a long…"
    assert plaintext.shortened("short", 7) == "short"


@given(st.text(max_size=500))
def test_cleaning_twice_is_cleaning_once(typed):
    once = plaintext.cleaned(typed)
    assert plaintext.cleaned(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert not any(unicodedata.category(letter) in ("Cc", "Cs") and letter not in "\n\t" for letter in once)
    once.encode()
