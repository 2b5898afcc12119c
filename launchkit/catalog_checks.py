"""What a machine can see of a catalog: what is missing, what was lost in translation, which words were not kept."""

import re
from collections.abc import Iterator
from functools import cache

import yaml
from babel.messages.catalog import Catalog, Message
from django.conf import settings

from launchkit import catalogs

PLACE = re.compile(r"%\(\w+\)[a-z]|%[a-z]|{\w+}")
TAG = re.compile(r"</?[a-z]+")
WHOLE_TAG = re.compile(r"<[^>]+>")
STRAIGHT = re.compile(r"""['"]""")
ENDS = {".": ".", ":": ":", "?": "?", "!": "!", "…": "…"}
ENDS_OF = {"el": ENDS | {"?": ";"}}
TIGHT = {"fr": re.compile(r"[^\u00a0][:;?!»](?=\s|$)|«[^\u00a0]")}


def faults(code: str, source: dict[catalogs.Key, catalogs.Found]) -> list[str]:
    """Every fault of one catalog for what was gathered, as sentences that begin with the text they are about."""
    there, wanted = catalogs.read(code), catalogs.renewed(code, source)
    told = [f"“{text}” is in the source and not in the catalog: make messages" for text in _absent(wanted, there)]
    told += [
        f"“{text}” is in the catalog and no longer in the source: make messages" for text in _absent(there, wanted)
    ]
    for message in there:
        if message.id:
            told += [f"“{_shown(message)}” {fault}" for fault in _of_message(code, message)]
    return told


def _absent(catalog: Catalog, there: Catalog) -> Iterator[str]:
    for message in catalog:
        other = there.get(message.id, message.context)
        if message.id and (other is None or other.id != message.id):
            yield _shown(message)


def _shown(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _of_message(code: str, message: Message) -> Iterator[str]:
    if message.fuzzy:
        yield "is marked fuzzy: judge the translation and take the mark away"
    if not all(catalogs.forms(message)):
        yield "is not translated"
        return
    singular, plural = (message.id, message.id) if isinstance(message.id, str) else message.id
    for number, form in enumerate(catalogs.forms(message)):
        english = singular if number == 0 else plural
        yield from _of_form(code, english, plural, form, number)


def _of_form(code: str, english: str, plural: str, form: str, number: int) -> Iterator[str]:
    allowed = [_places(plural)]
    if number == 0 and code != "lt":
        allowed.append(_places(english))  # “the rule” for one; in Lithuanian the first form is that of 21 too
    if _places(form) not in allowed:
        yield f"has other placeholders than “{form}”: {' or '.join(' '.join(one) or 'none' for one in allowed)} wanted"
    if TAG.findall(english) != TAG.findall(form):
        yield f"has other tags than “{form}”"
    if (english[:1].isspace(), english[-1:].isspace()) != (form[:1].isspace(), form[-1:].isspace()):
        yield f"begins or ends with a space, “{form}” does not; or the other way round"
    yield from of_text(code, english, form)


def _places(text: str) -> list[str]:
    return sorted(match.group() for match in PLACE.finditer(text.replace("%%", "")))


def of_text(code: str, english: str, translation: str) -> Iterator[str]:
    """What is wrong with a translation whatever it is for: interface or playbook."""
    yield from _of_writing(code, english, translation)
    yield from _of_terms(code, english, translation)


def _of_writing(code: str, english: str, form: str) -> Iterator[str]:
    ends = ENDS_OF.get(code, ENDS)
    last = ends.get(english.rstrip()[-1:], "")
    if not form.rstrip().endswith(last) or (not last and form.rstrip()[-1:] in set(ends.values()) - {english[-1:]}):
        yield f"ends otherwise than “{form}”: “{last}” wanted"
    if STRAIGHT.search(WHOLE_TAG.sub("", form)) and not STRAIGHT.search(WHOLE_TAG.sub("", english)):
        yield f"has no straight quotes, “{form}” has: write ’ and the quotes of the language"
    if code in TIGHT and (found := TIGHT[code].search(form)):
        yield f"wants a no-break space (U+00A0) at “{found.group()}” in “{form}”"


@cache
def terms() -> dict[str, dict[str, str]]:
    """English term → language → what its translation must show, as a regular expression."""
    file = settings.LOCALE_PATHS[0] / "terms.yaml"
    return yaml.safe_load(file.read_text())


def _of_terms(code: str, english: str, form: str) -> Iterator[str]:
    for term, by_language in terms().items():
        pattern = rf"(?<![\w%(]){re.escape(term)}s?(?![\w)])"
        if re.search(pattern, english, re.I) and not re.search(by_language[code], form, re.I):
            yield f"speaks of “{term}”, “{form}” does not ({by_language[code]})"
