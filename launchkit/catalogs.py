"""The catalogs of the interface, `locale/<code>/LC_MESSAGES/django.po`: gathered from the source, and compiled.

For maintainers alone, and for the tests: it needs Babel, which an installation that runs does not have. What stands
in a catalog follows from the source and from what translators wrote, and from nothing else (no clock, no line
numbers), so that gathering twice changes nothing and two people who gather get the same file.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

from launchkit import compiled

ROOMS = ("jobs", "accounts", "stages", "checklists", "reviews", "portfolio", "operations", "launchkit")
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
COMPILED = {"trimmed": "true", "newstyle_gettext": "true"}
ENGLISH_PLURAL = "nplurals=2; plural=(n != 1);"
PLURAL = {  # forms for the whole numbers that pages count; Lithuanian as Django has it, with one for fractions
    "el": ENGLISH_PLURAL,
    "fr": "nplurals=2; plural=(n > 1);",
    "lt": "nplurals=4; plural=(n % 10 == 1 && (n % 100 > 19 || n % 100 < 11) ? 0 : (n % 10 >= 2 && n % 10 <=9) && "
    "(n % 100 > 19 || n % 100 < 11) ? 1 : n % 1 != 0 ? 2: 3);",
    "pt": ENGLISH_PLURAL,
}
HEADER = """# {name}
# What has a line "# read: Name, 2026-12-01" was read by a native reader. Everything else is machine-made and waits
# for one; /languages/ counts both. Made by `make messages`: edit the translations here, nothing else.
msgid ""
msgstr ""
"Language: {code}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural}\\n"
"""
NAMES = {"el": "Greek", "fr": "French", "lt": "Lithuanian", "pt": "Portuguese (Portugal)"}

NO_DAY = datetime(2026, 1, 1, tzinfo=UTC)  # a compiled catalog tells no day either

Key = tuple[str | None, str]  # context and msgid
Texts = str | tuple[str, str]  # a msgid, or its singular and plural


@dataclass
class Found:
    """One text of the source: where it stands, and what translators are told."""

    texts: Texts
    files: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)


def path(code: str, ending: str = "po") -> Path:
    return Path(settings.LOCALE_PATHS[0]) / code / "LC_MESSAGES" / f"django.{ending}"


def gathered() -> dict[Key, Found]:
    """Every text of the source that is marked for translation, in the order of its first file, then by msgid."""
    found: dict[Key, Found] = {}
    for file, source in _sources():
        name = file.relative_to(settings.BASE_DIR).as_posix()
        for texts, comments, context in _texts(file, source):
            msgid = texts if isinstance(texts, str) else texts[0]
            entry = found.setdefault((context, msgid), Found(texts))
            entry.texts = max(entry.texts, texts, key=lambda one: isinstance(one, tuple))  # a plural knows more
            entry.files += [name] * (name not in entry.files)
            entry.comments += [comment for comment in comments if comment not in entry.comments]
    return dict(sorted(found.items(), key=lambda item: (item[1].files[0], item[0][1], item[0][0] or "")))


def _sources() -> Iterator[tuple[Path, bytes]]:
    """Python as it is; templates as Python that Babel can read, but for the compiled ones, which it reads itself."""
    for room in ROOMS:
        for file in sorted((settings.BASE_DIR / room).rglob("*.py")):
            yield file, file.read_bytes()
    for file in sorted((settings.BASE_DIR / "templates").rglob("*.*")):
        if file.suffix in (".html", ".txt"):
            lines = templatize(file.read_text()).splitlines()
            yield file, "\n".join(line.strip() for line in lines).encode()
        elif file.suffix == compiled.SUFFIX:
            yield file, file.read_bytes()


def _texts(file: Path, source: bytes) -> Iterator[tuple[Texts, list[str], str | None]]:
    how, told = ("jinja2", COMPILED) if file.suffix == compiled.SUFFIX else ("python", {})
    for _line, texts, comments, context in extract(how, BytesIO(source), KEYWORDS, ["Translators:"], told, True):
        told = [comment.removeprefix("Translators:").strip() for comment in comments]
        yield (texts if isinstance(texts, str) else tuple(texts[:2])), told, context


def read(code: str) -> Catalog:
    """The catalog as it lies there; without a text when there is none."""
    file = path(code)
    return read_po(BytesIO(file.read_bytes() if file.exists() else _header(code)), locale=code)


def renewed(code: str, source: dict[Key, Found]) -> Catalog:
    """The `gathered` texts with the translations that are there. What the source no longer has is dropped."""
    old, new = read(code), read_po(BytesIO(_header(code)), locale=code)
    for (context, msgid), found in source.items():
        message = old.get(msgid, context)
        new[found.texts] = Message(
            found.texts,
            _fitting(message, found.texts, new.num_plurals),
            locations=[(found.files[0], 0)],  # one is enough to look at; more would change all the time
            auto_comments=found.comments,
            user_comments=message.user_comments if message else (),
            context=context,
        )
    return new


def _fitting(message: Message | None, texts: Texts, forms: int) -> str | tuple[str, ...]:
    """The translation that is there, in as many forms as the text wants now."""
    there = (message and message.string) or ""
    have = there if isinstance(there, tuple | list) else (there,)
    return have[0] if isinstance(texts, str) else (*have, *[""] * forms)[:forms]


def as_po(code: str, catalog: Catalog) -> bytes:
    body = BytesIO()
    write_po(body, catalog, width=0, omit_header=True, include_lineno=False)
    return _header(code) + b"\n" + body.getvalue().rstrip() + b"\n"


def as_mo(catalog: Catalog) -> bytes:
    """What is translated, compiled; the rest is shown in English."""
    catalog.creation_date = catalog.revision_date = NO_DAY
    for message in list(catalog):
        if message.id and not all(forms(message)):
            catalog.delete(message.id, message.context)
    body = BytesIO()
    write_mo(body, catalog)
    return body.getvalue()


def forms(message: Message) -> tuple[str, ...]:
    """A translation: one text, or one for each plural form; empty texts where it is missing."""
    return tuple(message.string) if isinstance(message.string, tuple | list) else (message.string or "",)


def _header(code: str) -> bytes:
    return HEADER.format(code=code, name=NAMES[code], plural=PLURAL[code]).encode()
