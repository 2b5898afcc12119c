"""Every template: parses, says nothing untranslated, holds under the strict CSP, stays small."""

import re

from django.template.loader import get_template

from tests.architecture.sources import ROOT, each, name, templates

ALL = templates()
FRAMES = {
    "templates/_bare.html",
    "templates/account/_door.html",
    "templates/account/_again.html",
}  # extended, not included
COMPILED = [path for path in ALL if path.suffix == ".jinja"]
FRAGMENTS = [path for path in ALL if path.name.startswith("_") and name(path) not in FRAMES] + COMPILED
# Frames and the form pack work on the context of the page or of the form they are in.
SHARING = ("templates/base.html", "templates/launchkit/")
INLINE = re.compile(r"<style\b|\sstyle=|\son[a-z]+=|javascript:|\shx-on|<script(?![^>]*\bsrc=)", re.IGNORECASE)
COMMENT = re.compile(r"{%\s*comment.*?%}.*?{%\s*endcomment\s*%}|{#.*?#}|<!--.*?-->", re.DOTALL)
TRANSLATED = re.compile(
    r"{%\s*blocktrans(late)?\b.*?{%\s*endblocktrans(late)?\s*%}|{%\s*trans\b.*?{%\s*endtrans\s*%}", re.DOTALL
)
TAG = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)
MARKUP = re.compile(r"<[^>]*>", re.DOTALL)
SPOKEN_ATTRIBUTE = re.compile(r'\s(?:aria-label|placeholder|title|alt|data-confirm)="([^"]*)"')
ENTITY = re.compile(r"&[a-z#0-9]+;")
BRAND = re.compile(r"\b(Launchkit|launchkit|PDF|SHA-256|UA|sha256|kbd|English)\b")
PDF_STYLE = "templates/report"
UNESCAPED = re.compile(r"\|\s*safe(?:seq)?\b|autoescape\s+(?:off|false)")
OURS = {  # where text goes into a page as it is: each is made by this code, and nobody types any of it
    "templates/launchkit/_hint_and_error.html": "hints of forms",
    "templates/report/report.css": "words of the catalogue, as a CSS string",
    "templates/accounts/second_step/app.html": "the QR code, drawn here",
}


def spoken(text: str) -> str:
    """What a template says in its own words, outside translation tags."""
    bare = TAG.sub(" ", TRANSLATED.sub(" ", COMMENT.sub(" ", text)))
    attributes = " ".join(SPOKEN_ATTRIBUTE.findall(bare))
    return BRAND.sub("", ENTITY.sub("", MARKUP.sub(" ", bare) + attributes))


@each(ALL)
def test_it_parses(path):
    engine = "compiled" if path in COMPILED else "django"
    assert get_template(str(path.relative_to(ROOT / "templates")), using=engine)


@each(ALL)
def test_every_word_can_be_translated(path):
    assert re.findall(r"[^\W\d_]{3,}", spoken(path.read_text())) == []


@each([path for path in ALL if not name(path).startswith(PDF_STYLE)])
def test_nothing_inline(path):
    assert INLINE.findall(COMMENT.sub("", path.read_text())) == []


def test_what_people_type_is_escaped_everywhere():
    every = [*ALL, *(ROOT / "templates").rglob("*.css")]  # not plain text, as in mails
    assert {name(path) for path in every if UNESCAPED.search(path.read_text())} == set(OURS)


@each(FRAGMENTS)
def test_a_fragment_begins_with_its_inputs(path):
    first = re.sub(r"^({%\s*(load|extends)[^%]*%}\s*)*", "", path.read_text().lstrip())
    assert first.startswith(("{#", "{% comment"))


@each(ALL)
def test_it_fits_a_glance(path):
    assert len(path.read_text().splitlines()) <= 110


@each([path for path in ALL if not name(path).startswith(SHARING)])
def test_includes_name_what_they_pass(path):
    """A compiled one needs not: a name that is not there is an error in it."""
    includes = [] if path in COMPILED else re.findall(r"{%\s*include\s[^%]*%}", path.read_text())
    assert [tag for tag in includes if not re.search(r"\bonly\s*%}$", tag)] == []
