"""The catalogs of the interface: gathered from the source, compiled as they are written, checked by machine."""

import gettext
from io import BytesIO

import pytest
from babel.messages.pofile import read_po
from django.utils import translation

from launchkit import catalog_checks, catalogs

CODES = tuple(catalogs.PLURAL)
PYTHON = """
from django.utils.translation import gettext as _, gettext_lazy, ngettext, pgettext
# Translators: as on a door
OPEN = gettext_lazy("Open")
def say(n):
    f = _("Sent back"), pgettext("stage", "Open"), ngettext("%(n)d day", "%(n)d days", n)
    return "not for translation", f
"""
TEMPLATE = """{% load i18n %}<p title="{% translate 'Sent back' %}">
  {% blocktranslate trimmed count n=days %}{{ n }} hour{% plural %}
     {{ n }} hours{% endblocktranslate %} It's 5 o'clock {# a note #}
{% translate "Met" context "exit criterion" %}{{ value|default:_("100%") }}"""


@pytest.fixture
def source(settings, tmp_path):
    """A source of two files, and nothing translated."""
    (tmp_path / "accounts").mkdir()
    (tmp_path / "templates").mkdir()
    (tmp_path / "accounts" / "acts.py").write_text(PYTHON)
    (tmp_path / "templates" / "page.html").write_text(TEMPLATE)
    settings.BASE_DIR = tmp_path
    settings.LOCALE_PATHS = [tmp_path / "locale"]
    (tmp_path / "locale").mkdir()
    (tmp_path / "locale" / "terms.yaml").write_text(
        'golden rule: {el: "χρυσ", fr: "règles? d’or", lt: "auksin", pt: "regras? de ouro"}'
    )
    catalog_checks.terms.cache_clear()
    yield tmp_path
    catalog_checks.terms.cache_clear()


def test_what_is_gathered(source):
    assert {key: (one.texts, one.files, one.comments) for key, one in catalogs.gathered().items()} == {
        (None, "%(n)d day"): (("%(n)d day", "%(n)d days"), ["accounts/acts.py"], []),
        (None, "Open"): ("Open", ["accounts/acts.py"], ["as on a door"]),
        ("stage", "Open"): ("Open", ["accounts/acts.py"], []),
        (None, "Sent back"): ("Sent back", ["accounts/acts.py", "templates/page.html"], []),
        (None, "%(n)s hour"): (("%(n)s hour", "%(n)s hours"), ["templates/page.html"], []),
        (None, "100%"): ("100%", ["templates/page.html"], []),
        ("exit criterion", "Met"): ("Met", ["templates/page.html"], []),
    }


def written(code: str, **translated: object) -> None:
    """A catalog of the source in which some texts are translated."""
    catalog = catalogs.renewed(code, catalogs.gathered())
    for msgid, said in translated.items():
        catalog.get(msgid).string = said
    file = catalogs.path(code)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(catalogs.as_po(code, catalog))


def test_translations_and_marks_are_kept_and_what_is_gone_is_dropped(source):
    written("lt", Open="Atviras")
    file = catalogs.path("lt")
    file.write_text(file.read_text().replace("#. as on a door", "# read: Ona, 2026-12-01\n#. as on a door"))
    (source / "templates" / "page.html").write_text("{% load i18n %}{% translate 'New' %}")
    renewed = catalogs.renewed("lt", catalogs.gathered())
    assert [message.id for message in renewed if message.id] == [
        ("%(n)d day", "%(n)d days"),
        "Open",
        "Open",
        "Sent back",
        "New",
    ]
    assert (renewed.get("Open").string, renewed.get("Open").user_comments) == ("Atviras", ["read: Ona, 2026-12-01"])


def test_gathering_twice_changes_nothing(source):
    written("lt", Open="Atviras")
    before = catalogs.path("lt").read_bytes()
    assert catalogs.as_po("lt", catalogs.renewed("lt", catalogs.gathered())) == before


def test_a_text_that_gets_a_plural_waits_for_its_other_forms(source):
    written("lt", Open="Atviras")
    (source / "accounts" / "acts.py").write_text(PYTHON.replace('gettext_lazy("Open")', 'ngettext("Open", "All", 2)'))
    assert catalogs.renewed("lt", catalogs.gathered()).get("Open").string == ("Atviras", "", "", "")


def test_only_what_is_whole_is_compiled(source):
    written("fr", Open="Ouvert", **{"%(n)d day": ("%(n)d jour", "")})
    told = gettext.GNUTranslations(BytesIO(catalogs.as_mo(catalogs.read("fr"))))
    assert (told.gettext("Open"), told.ngettext("%(n)d day", "%(n)d days", 2)) == ("Ouvert", "%(n)d days")


@pytest.mark.parametrize(
    ("code", "english", "said", "fault"),
    [
        ("el", "Due on %(day)s", "Έως %(date)s", "has other placeholders"),
        ("el", "Page {page}", "Σελίδα", "has other placeholders"),
        ("el", "Withdraw<b>it</b>", "Ανάκληση", "has other tags"),
        ("el", "and ", "και", "begins or ends with a space"),
        ("el", "Is it met?", "Τηρείται?", "ends otherwise"),
        ("lt", "Open", "Atviras.", "ends otherwise"),
        ("pt", "Say “go”.", 'Diga "aprovado".', "has no straight quotes"),
        ("fr", "Not met:", "Non respectée:", "wants a no-break space"),
        ("fr", "Golden rules", "Règles principales", "speaks of “golden rule”"),
    ],
)  # fmt: skip
def test_what_a_machine_can_see(source, code, english, said, fault):
    (source / "accounts" / "acts.py").write_text(f"_({english!r})")
    (source / "templates" / "page.html").unlink()
    written(code, **{english: said})
    [told] = catalog_checks.faults(code, catalogs.gathered())
    assert fault in told


def test_in_lithuanian_every_form_holds_its_number(source):
    (source / "accounts" / "acts.py").write_text('ngettext("One rule", "%(n)d rules", 2)')
    (source / "templates" / "page.html").unlink()
    written("lt", **{"One rule": ("Viena taisyklė", *["%(n)d taisyklės"] * 3)})
    assert len(catalog_checks.faults("lt", catalogs.gathered())) == 1
    written("pt", **{"One rule": ("Uma regra", "%(n)d regras")})
    assert catalog_checks.faults("pt", catalogs.gathered()) == []


@pytest.fixture(scope="module")
def real():
    """What the source says, gathered once for all catalogs."""
    return catalogs.gathered()


@pytest.mark.parametrize("code", CODES)
class TestTheRealOnes:
    def test_nothing_is_missing_or_wrong(self, code, real):
        """Fails for a text of the source that was not gathered or not translated: `make messages`, then translate."""
        assert catalog_checks.faults(code, real) == []

    def test_what_is_compiled_is_what_is_written(self, code):
        catalog = catalogs.read(code)
        with catalogs.path(code, "mo").open("rb") as file:
            compiled = gettext.GNUTranslations(file)
        for message in catalog:
            if not message.id or not all(catalogs.forms(message)):
                continue
            context = f"{message.context}\x04" if message.context else ""
            msgid = message.id if isinstance(message.id, str) else message.id[0]
            key = context + msgid
            said = catalogs.forms(message)
            if isinstance(message.id, str):
                assert compiled._catalog[key] == said[0]
            else:
                assert tuple(compiled._catalog[key, number] for number in range(len(said))) == said

    def test_it_is_written_as_the_tool_writes_it(self, code):
        file = catalogs.path(code).read_bytes()
        assert catalogs.as_po(code, read_po(BytesIO(file), locale=code)) == file

    def test_it_has_every_form_that_whole_numbers_need(self, code):
        plural = gettext.c2py(catalogs.PLURAL[code].split("plural=")[1].rstrip(";"))
        reached = {plural(number) for number in range(200)}
        forms = set(range(catalogs.read(code).num_plurals))
        assert forms - reached == ({2} if code == "lt" else set())  # Lithuanian has one for fractions

    def test_numbers_take_the_right_form(self, code):
        told = {"el": {1: "ημέρα", 2: "ημέρες", 21: "ημέρες"}, "fr": {0: "jour", 1: "jour", 2: "jours"}}
        told |= {"lt": {1: "dieną", 2: "dienas", 10: "dienų", 21: "dieną"}, "pt": {0: "dias", 1: "dia", 2: "dias"}}
        with translation.override(code):
            for number, word in told[code].items():
                said = translation.ngettext("%(n)d day ago", "%(n)d days ago", number) % {"n": number}
                assert f"{number} {word}" in said
