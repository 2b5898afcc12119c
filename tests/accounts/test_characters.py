import pytest

from accounts import characters


@pytest.mark.parametrize(
    ("text", "tidy"),
    [
        ("  two\n words\t ", "two words"),
        ("70\u00a0 %", "70\u00a0 %"),
        ("Ele\u0301ments", "Eléments"),
        ("Ėjimas į ąžuolyną", "Ėjimas į ąžuolyną"),
        ("\u00a0\u3164\u2800", ""),
        ("\u115f\u1160 \u034f\ufe0f\uffa0", ""),
        ("\u3164\u200b", "\u3164\u200b"),
    ],
)
def test_one_form(text, tidy):
    assert characters.tidy(text) == tidy


@pytest.mark.parametrize(
    "text",
    ["Ėjimas į ąžuolyną – “taip”", "Έκδοση πιστοποιητικού;", "déjà vu 70\u00a0%", "a\u0301\u0302\u0303\u0304", "👍"],
)
def test_what_people_can_read(text):
    assert characters.unreadable(characters.tidy(text)) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a\u202eb", ["U+202E"]),
        ("a\u200bb\u200bc\u2066", ["U+200B", "U+2066"]),
        ("a\x00\x1b[31m", ["U+0000", "U+001B"]),
        ("soft\u00adhyphen", ["U+00AD"]),
        ("\ue000", ["U+E000"]),
        ("x" + "\u0489" * 3 + "\u0316" * 6, ["U+0316"]),
    ],
)
def test_what_hides_or_piles_up(text, found):
    assert characters.unreadable(characters.tidy(text)) == found
