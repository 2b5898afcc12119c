"""Texts of a playbook by language: taken out, filled in, put back."""

from io import StringIO

import pytest
import yaml
from django.conf import settings
from django.core.management import CommandError, call_command

from stages import playbook_file, playbook_texts
from stages.faults import BrokenPlaybook

FILE = settings.PLAYBOOKS_DIR / "public-service-launch-1.yaml"
HAND_WRITTEN = """\
# Written by hand, in every way that YAML has.
language: en
stages:
  - slug: build
    title: Build  # short
    purpose: {en: "Made: tried", lt: Kurti}
    guidance: >-
      Long, over
      two lines.

    rules:
      - slug: met
        title:
          en:   'It''s so.'
          lt: Taip yra.
        sections:
          - One
          - en: Two
    resources:
      - title: Guide
"""


def filled(file: str, language: str, say) -> str:
    """Every text of a file, said by `say(english)`."""
    rows = yaml.safe_load(playbook_texts.taken_out(file, language))
    return yaml.safe_dump([{**row, language: say(row["en"])} for row in rows], allow_unicode=True)


def test_every_text_is_taken_out_by_its_place():
    places = [text.at for text in playbook_texts.texts(HAND_WRITTEN)]
    assert places == [
        "stages/build/title",
        "stages/build/purpose",
        "stages/build/guidance",
        "stages/build/rules/met/title",
        "stages/build/rules/met/sections/1",
        "stages/build/rules/met/sections/2",
    ]


def test_what_is_there_is_taken_out_too():
    rows = yaml.safe_load(playbook_texts.taken_out(HAND_WRITTEN, "lt"))
    assert [row["lt"] for row in rows] == ["", "Kurti", "", "Taip yra.", "", ""]


def test_put_back_side_by_side():
    merged = playbook_texts.put_back(HAND_WRITTEN, "fr", filled(HAND_WRITTEN, "fr", lambda english: f"« {english} »"))
    assert (
        merged
        == """\
# Written by hand, in every way that YAML has.
language: en
stages:
  - slug: build
    title:
      en: Build
      fr: « Build »
    purpose:
      en: >-
        Made: tried
      fr: >-
        « Made: tried »
      lt: Kurti
    guidance:
      en: Long, over two lines.
      fr: « Long, over two lines. »

    rules:
      - slug: met
        title:
          en:   'It''s so.'
          fr: « It's so. »
          lt: Taip yra.
        sections:
          - en: One
            fr: « One »
          - en: Two
            fr: « Two »
    resources:
      - title: Guide
"""
    )


def test_words_that_yaml_would_read_otherwise_are_safe():
    for words in ("true", "12", "# not a comment", "- no list", "a: b", "“x” # y", "x" * 200):
        handed = filled(HAND_WRITTEN, "fr", lambda english, words=words: words)
        merged = playbook_texts.put_back(HAND_WRITTEN, "fr", handed)
        assert {text.said["fr"] for text in playbook_texts.texts(merged)} == {words}


def test_the_default_playbook_keeps_every_line_and_takes_a_language():
    before = FILE.read_text()
    merged = playbook_texts.put_back(before, "tlh", filled(before, "tlh", lambda english: f"{english}: ’tlh’"))
    assert playbook_texts.missing(merged, "tlh") == []
    again = playbook_texts.put_back(merged, "tlh", filled(merged, "tlh", lambda english: f"{english}: ’tlh’"))
    assert again == merged
    assert [text.own for text in playbook_texts.texts(merged)] == [text.own for text in playbook_texts.texts(before)]
    kept = iter(merged.splitlines())
    assert all(line in kept for line in before.splitlines()), "a line is gone, or in another place"
    assert playbook_file.read(merged).digest != playbook_file.read(before).digest


def test_what_is_left_empty_changes_nothing():
    assert playbook_texts.put_back(HAND_WRITTEN, "fr", filled(HAND_WRITTEN, "fr", lambda english: "")) == HAND_WRITTEN


def with_words(words: str) -> str:
    """The default playbook with these words as the title of a golden rule, in a language that comes last."""
    file = FILE.read_text()
    rule = next(text for text in playbook_texts.texts(file) if "/rules/" in text.at and text.at.endswith("/title"))
    row = {"at": rule.at, "en": rule.own, "tlh": words}
    return playbook_texts.put_back(file, "tlh", yaml.safe_dump([row], allow_unicode=True))


@pytest.mark.parametrize("line_end", ["\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"])
def test_no_text_breaks_a_line_unseen(line_end):
    """Behind it could stand what is no text: that the rule may be passed over."""
    with pytest.raises(BrokenPlaybook, match="1 fault") as refused:
        with_words(f"Words{line_end}        may_not_apply: true")
    assert "[0].tlh: Characters that hide or disturb the text" in str(refused.value.faults[0])


def test_a_text_of_several_lines_becomes_one():
    merged, before = (
        playbook_file.read(file) for file in (with_words("Words\n   may_not_apply: true"), FILE.read_text())
    )
    assert merged.stages[0].rules[0].title.pop("tlh") == "Words may_not_apply: true"
    assert merged == before


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("{at: stages/build/nothing, en: Build, fr: x}", "no text “stages/build/nothing”"),
        ("{at: stages/build/title, en: Built, fr: x}", "says something else here: “Build”"),
        ("{at: stages/build/title, en: Build, fr: 12}", "A text is expected here."),
        ("{at: [stages], en: Build, fr: x}", "no text “['stages']”"),
        ("just words", "A list of texts is expected here."),
    ],
)
def test_what_does_not_belong_is_refused_with_its_line(row, told):
    with pytest.raises(BrokenPlaybook) as refused:
        playbook_texts.put_back(HAND_WRITTEN, "fr", f"- {row}")
    [fault] = refused.value.faults
    assert told in str(fault)


def command(*arguments: object) -> str:
    out = StringIO()
    call_command("playbook_texts", *map(str, arguments), stdout=out, stderr=out)
    return out.getvalue()


def test_the_command_takes_out_checks_and_merges(tmp_path):
    file, texts = tmp_path / "playbook.yaml", tmp_path / "texts.yaml"
    file.write_text(FILE.read_text())
    rows = yaml.safe_load(command(file, "tlh"))
    rows[0]["tlh"] = "Daq"
    texts.write_text(yaml.safe_dump(rows[:1], allow_unicode=True))
    assert f"{rows[1]['at']}: nothing in tlh yet." in command(file, "tlh", "--check", texts)
    assert file.read_text() == FILE.read_text()
    command(file, "tlh", "--merge", texts)
    assert str(playbook_file.read(file.read_bytes()).playbook.name.in_language("tlh")) == "Daq"


def test_the_command_refuses_what_hides_or_does_not_fit(tmp_path):
    texts = tmp_path / "texts.yaml"
    for words, told in (("a\u202eb", "U+202E"), ("x" * 301, "This is longer than 300 characters.")):
        row = {"at": "playbook/name", "en": "Public service launch", "tlh": words}
        texts.write_text(yaml.safe_dump([row], allow_unicode=True))
        out = StringIO()
        with pytest.raises(CommandError, match="cannot be used"):
            call_command("playbook_texts", str(FILE), "tlh", "--check", str(texts), stderr=out)
        assert told in out.getvalue()
