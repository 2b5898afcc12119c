"""The default playbook is whole in every language of the interface, and keeps to the agreed words."""

import pytest
from django.conf import settings

from launchkit import catalog_checks, catalogs
from stages import playbook_file, playbook_texts

FILE = (settings.PLAYBOOKS_DIR / "public-service-launch-1.yaml").read_text()
TEXTS = playbook_texts.texts(FILE)


@pytest.mark.parametrize("code", catalogs.PLURAL)
def test_nothing_is_left_untranslated(code):
    assert playbook_texts.missing(FILE, code) == []


@pytest.mark.parametrize("code", catalogs.PLURAL)
def test_the_agreed_words_and_the_way_of_writing_are_kept(code):
    wrong = [f"{text.at} {one}" for text in TEXTS for one in catalog_checks.of_text(code, text.own, text.said[code])]
    assert wrong == []


@pytest.mark.parametrize("code", catalogs.PLURAL)
def test_no_text_is_the_english_one(code):
    same = {text.own for text in TEXTS if text.said[code] == text.own and " " in text.own}
    assert same == set()


def test_what_a_machine_translated_says_so():
    told = playbook_file.read(FILE).translations
    assert {code: (one.made, one.read_by) for code, one in told.items()} == dict.fromkeys(
        catalogs.PLURAL, ("machine", None)
    )
