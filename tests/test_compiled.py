"""The second template engine: it escapes, knows no name that it was not given, and says what the first one says."""

from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template, engines
from django.utils import timezone, translation
from jinja2 import UndefinedError

from launchkit import compiled, states

HOSTILE = "<script>alert('1')</script>"


def made(source: str, **given: object) -> str:
    return engines["compiled"].env.from_string(source).render(given)


def test_what_it_is_given_is_escaped():
    assert made("{{ said }}", said=HOSTILE) == "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;"


def test_what_is_put_into_a_translated_sentence_is_escaped():
    assert made("{% trans name=said %}{{ name }} said:{% endtrans %}", said=HOSTILE).startswith("&lt;script&gt;")


def test_a_name_that_is_not_there_is_an_error():
    with pytest.raises(UndefinedError):
        made("{{ nothing }}")


def test_it_speaks_the_language_of_the_reader():
    with translation.override("lt"):
        assert made("{% trans %}Close{% endtrans %}") == translation.gettext("Close") != "Close"


@pytest.mark.parametrize("number", [1, 3])
def test_it_counts_as_the_language_does(number):
    source = "{% trans n=number %}{{ n }} version, note{% pluralize %}{{ n }} versions, note{% endtrans %}"
    with translation.override("lt"):
        told = translation.ngettext("%(n)s version, note", "%(n)s versions, note", number) % {"n": number}
        assert made(source, number=number) == told


def test_a_part_of_the_other_engine_sees_what_it_is_given_and_nothing_else():
    told = compiled.part("components/_round.html", round=2)
    assert "round 2" in told
    assert compiled.part("components/_round.html", other=2).strip() == ""


def test_a_page_includes_it_as_markup():
    page = Template('{% load compiled %}{% compiled "reviews/workbench/said.jinja" answer=answer %}')
    told = page.render(Context({"answer": {"text": "", "reason": "", "note": HOSTILE}}))
    assert told.startswith('<div class="entry-note">')
    assert "<script>" not in told


@pytest.mark.parametrize("zone", ["Europe/Vilnius", "America/Lima"])
@pytest.mark.parametrize("style", ["DATE_FORMAT", "SHORT_DATE_FORMAT", "SHORT_DATETIME_FORMAT"])
def test_the_same_moment_is_said_in_the_zone_and_language_of_each_reader(zone, style):
    at = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    for language in ("en", "el"):
        with translation.override(language), timezone.override(zone):
            expected = Template(f'{{{{ at|date:"{style}" }}}}').render(Context({"at": at}))
            assert made(f'{{{{ at|said("{style}") }}}}', at=at) == expected


def test_a_day_is_said_as_the_first_engine_says_it():
    day = date(2026, 12, 1)
    assert made("{{ day|said }}", day=day) == Template('{{ day|date:"DATE_FORMAT" }}').render(Context({"day": day}))


def test_a_state_is_shown_by_its_word_its_label_or_as_it_is():
    assert states.pill("met") == '<span class="state state-met">Met</span>'
    assert states.pill("met", HOSTILE, "it") == (
        '<span class="state state-met" id="it">&lt;script&gt;alert(&#x27;1&#x27;)&lt;/script&gt;</span>'
    )
    assert states.word("no such state") == "no such state"
