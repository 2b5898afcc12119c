"""How far the languages are: counted from the catalogs and the editions themselves."""

from datetime import date

import pytest
from django.urls import reverse

from stages import catalogue, playbook_texts, publishing, translations
from stages.models import Edition
from tests.stages.playbooks import data, text

PAGE = reverse("stages:languages")
HEADER = '# Lithuanian\nmsgid ""\nmsgstr ""\n"Language: lt\\n"\n'
CATALOG = f"""{HEADER}
#: a.html
msgid "Team"
msgstr "Komanda"

# read: Ona Petraitė, 2026-11-20
#: a.html
msgid "Service"
msgstr "Paslauga"

# read: Ona Petraitė, 2026-12-01
#: a.html
msgid "%(n)d day"
msgid_plural "%(n)d days"
msgstr[0] "%(n)d diena"
msgstr[1] "%(n)d dienos"
msgstr[2] "%(n)d dienos"
msgstr[3] "%(n)d dienų"

#: a.html
msgid "%(n)d hour"
msgid_plural "%(n)d hours"
msgstr[0] "%(n)d valanda"
msgstr[1] ""
msgstr[2] ""
msgstr[3] ""

#: b.html
msgid "Report"
msgstr ""

#: b.html
msgid "Two\\nlines"
msgstr ""
"Dvi\\n"
"eilutės"
"""


@pytest.fixture(autouse=True)
def _other_editions() -> None:
    catalogue.forget()


@pytest.fixture
def catalogs(settings, tmp_path):
    """A folder of catalogs in place of the real one: Lithuanian alone."""
    folder = tmp_path / "lt" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(CATALOG)
    settings.LOCALE_PATHS = [tmp_path]
    translations.forget()
    yield
    translations.forget()


@pytest.mark.usefixtures("catalogs")
def test_a_catalog_is_counted_with_its_readers():
    shares = {share.code: share for share in translations.interface()}
    assert shares["lt"] == translations.Share(
        "lt", "Lietuvių", all=6, there=4, waiting=2, readers=(("Ona Petraitė", date(2026, 12, 1)),)
    )
    assert shares["fr"] == translations.Share("fr", "Français", all=0, there=0, waiting=0)
    assert set(shares) == {"el", "fr", "lt", "pt"}


def published(number: int = 1, **told: object) -> Edition:
    return publishing.publish(by=None, text=text(data() | {"edition": number, **told})).edition


@pytest.mark.django_db
def test_an_edition_says_how_far_it_is_translated():
    edition = published(translations={"lt": {"made": "machine"}})
    shares = {share.code: share for share in translations.of_edition(edition)}
    every = len(playbook_texts.texts(text())) - 1  # the name is the playbook’s
    assert (shares["lt"].all, shares["lt"].there, shares["lt"].waiting, shares["lt"].readers) == (every, 1, 1, ())
    assert (shares["fr"].there, shares["fr"].waiting) == (0, 0)


@pytest.mark.django_db
def test_what_is_read_no_longer_waits():
    published(translations={"lt": {"made": "machine"}})
    read = {"made": "machine", "read_by": "Ona Petraitė", "read_on": "2026-12-01"}
    share = {one.code: one for one in translations.of_edition(published(translations={"lt": read}))}["lt"]
    assert (share.waiting, share.readers) == (0, (("Ona Petraitė", date(2026, 12, 1)),))


@pytest.mark.django_db
def test_the_page_is_for_everybody_and_names_editions_to_who_may_read_them(cast, edition, client_for):
    for reader, headings in ((None, 0), (cast.outsider, 1)):
        response = client_for(reader).get(PAGE)
        assert response.status_code == 200
        assert response.content.decode().count("Public service launch, edition 1") == headings
    assert client_for().post(PAGE).status_code == 405


@pytest.mark.django_db
def test_as_many_queries_for_three_editions_as_for_one(cast, client_for, django_assert_num_queries):
    client = client_for(cast.viewer)
    for numbers in ((1,), (2, 3)):
        for number in numbers:
            published(number)
        client.get(PAGE)  # editions are read once per process
        with django_assert_num_queries(4):  # session, person, unread notices, editions
            assert client.get(PAGE).content.decode().count("Small, edition") == max(numbers)
