"""Words that are remembered are those of the language of the moment."""

from django.utils.translation import gettext, ngettext, override

from accounts import words

DAYS = ("in %(n)d day", "in %(n)d days")


def test_they_are_django_s_in_each_language_however_often_it_changes():
    said = set()
    for language in ("en", "el", "lt", "el", "en"):
        with override(language):
            assert words.gettext("Golden rules") == gettext("Golden rules")
            said.add(words.gettext("Golden rules"))
            for number in (1, 2, 11, 21):
                assert words.ngettext(*DAYS, number) == ngettext(*DAYS, number)
    assert len(said) == 3


def test_without_a_language_the_text_is_said_as_it_is():
    with override(None):
        assert words.gettext("Golden rules") == "Golden rules"
