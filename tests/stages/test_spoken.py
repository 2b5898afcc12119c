"""A text of a playbook in another language than the page says so to a screen reader."""

import pytest
from django.template import Context, Template
from django.urls import reverse
from django.utils.translation import override

from stages import publishing
from stages.texts import LocalText
from tests.stages.playbooks import text


def said(value: object, language: str) -> str:
    with override(language):
        return Template("{% load playbook %}{{ value|spoken }}").render(Context({"value": value}))


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("lt", "Mažas &amp; greitas"),
        ("en", "Small &amp; quick"),
        ("el", '<span lang="en">Small &amp; quick</span>'),
        ("pt", '<span lang="en">Small &amp; quick</span>'),
    ],
)
def test_only_a_fallback_is_marked(language, shown):
    assert said(LocalText(own="en", en="Small & quick", lt="Mažas & greitas"), language) == shown


def test_a_base_language_is_the_readers_own():
    assert said(LocalText(own="en", en="Edition", pt="Edição"), "pt-br") == "Edição"


def test_what_is_no_text_of_a_playbook_or_empty_stays_as_it_is():
    assert said("<b>", "el") == "&lt;b&gt;"
    assert said(LocalText(own="en"), "el") == ""


@pytest.mark.django_db
def test_a_greek_reader_hears_english_titles_in_english(cast, client_for):
    publishing.publish(by=None, text=text())
    page = client_for(cast.viewer).get(reverse("stages:edition", args=["small", 1]), headers={"accept-language": "el"})
    content = page.content.decode()
    assert '<html lang="el">' in content
    assert '<p class="entry-title"><span lang="en">It works</span></p>' in content
    lithuanian = client_for(cast.viewer).get(
        reverse("stages:edition", args=["small", 1]), headers={"accept-language": "lt"}
    )
    assert "<h1>Mažas</h1>" in lithuanian.content.decode()
