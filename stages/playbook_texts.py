"""The texts of a playbook file by language: taken out for a translator, and put back side by side. Pure.

A text is named by its place (`stages/build/rules/build-accessible/title`): by slugs, not by lines, so that what was
taken out fits into a file that has moved on. Putting back rewrites the texts it is about and leaves every other line
as it is, comments and order too. Titles of resources are names of documents: they stay as they are.
"""

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import yaml
from django.utils.translation import gettext as _

from accounts import characters
from stages import yaml_reading
from stages.faults import BrokenPlaybook, Fault
from stages.playbook_file import readable
from stages.yaml_reading import LOADER

WIDTH = 112  # characters of a line that is written
TEXTS = frozenset(
    {"name", "summary", "title", "responsible_for", "purpose", "entry", "gate", "gate_question", "guidance"}
    | {"good_evidence", "sections"}
)
LEFT = frozenset({"resources"})
Path = tuple[str, ...]


@dataclass(frozen=True)
class Text:
    """One text of the file: its place, its languages with the edition's own first, and where it is written."""

    at: str
    said: Mapping[str, str]
    node: yaml.Node

    @property
    def own(self) -> str:
        return next(iter(self.said.values()))


def texts(file: str) -> list[Text]:
    """Every text of a playbook file that `playbook_file` reads without a fault."""
    root = yaml.compose(file, LOADER)
    own = next(value.value for key, value in root.value if key.value == "language")
    return list(_texts(root, (), own))


def _texts(node: yaml.Node, path: Path, own: str) -> Iterator[Text]:
    if path and path[-1] in TEXTS and not isinstance(node, yaml.SequenceNode):
        yield Text("/".join(path), _said(node, own), node)
    elif isinstance(node, yaml.MappingNode):
        for key, child in node.value:
            if key.value not in LEFT:
                yield from _texts(child, (*path, key.value), own)
    elif isinstance(node, yaml.SequenceNode):
        for number, child in enumerate(node.value, 1):
            if path[-1] in TEXTS:
                yield Text("/".join((*path, str(number))), _said(child, own), child)
            else:
                yield from _texts(child, (*path, _slug(child) or str(number)), own)


def _said(node: yaml.Node, own: str) -> dict[str, str]:
    """The languages of a text, its own first, the others by code."""
    if isinstance(node, yaml.ScalarNode):
        return {own: node.value}
    said = {key.value: value.value for key, value in node.value}
    return {own: said.pop(own), **dict(sorted(said.items()))}


def _slug(node: yaml.Node) -> str:
    keys = node.value if isinstance(node, yaml.MappingNode) else ()
    return next((value.value for key, value in keys if key.value == "slug"), "")


def taken_out(file: str, language: str) -> str:
    """What a translator fills in: a list of texts in the edition's own language and in `language`."""
    found = texts(file)
    own = next(iter(found[0].said))
    rows = [{"at": text.at, own: text.own, language: text.said.get(language, "")} for text in found]
    return yaml.safe_dump(rows, allow_unicode=True, sort_keys=False, width=WIDTH)


def missing(file: str, language: str) -> list[str]:
    """The places that say nothing in `language`."""
    return [text.at for text in texts(file) if not text.said.get(language)]


def put_back(file: str, language: str, handed_in: bytes | str) -> str:
    """The file with what a translator filled in. BrokenPlaybook with every entry that does not belong to it.

    What was left empty stays as it is in the file. The result is not judged here: `playbook_file.read` does that.
    """
    found = {text.at: text for text in texts(file)}
    rows = yaml_reading.read(handed_in)
    faults = [*rows.faults, *_misplaced(rows, found, language)]
    if faults:
        raise BrokenPlaybook(faults)
    lines = file.splitlines()
    filled = {row["at"]: characters.tidy(row[language]) for row in rows.data if row.get(language)}
    for at, text in sorted(found.items(), key=lambda item: item[1].node.start_mark.line, reverse=True):
        if at in filled and filled[at] != text.said.get(language):
            _write(lines, text, language, filled[at])
    return "\n".join(lines) + "\n"


def _misplaced(rows: yaml_reading.Document, found: Mapping[str, Text], language: str) -> Iterator[Fault]:
    if not isinstance(rows.data, list) or not all(isinstance(row, dict) for row in rows.data):
        yield Fault("", _("A list of texts is expected here."))
        return
    own = next(iter(next(iter(found.values())).said))
    for number, row in enumerate(rows.data):
        at, words = row.get("at", ""), row.get(language)
        text = found.get(at) if isinstance(at, str) else None
        if text is None:
            yield rows.fault((number,), _("The playbook has no text “%(at)s”.") % {"at": at})
        elif row.get(own) != text.own:
            yield rows.fault((number, own), _("The playbook says something else here: “%(own)s”") % {"own": text.own})
        elif not isinstance(words, str | None):
            yield rows.fault((number, language), _("A text is expected here."))
        elif hidden := _hidden(words):
            yield rows.fault((number, language), hidden)


def _hidden(words: str | None) -> str:
    """What no text may hold: a line break that nobody sees would let a text write more of the file than itself."""
    try:
        readable(characters.tidy(words or ""))
    except ValueError as error:
        return str(error)
    return ""


def _write(lines: list[str], text: Text, language: str, words: str) -> None:
    """Write one language of a text; the others keep their lines where each has its own already."""
    node, first = text.node, text.node.start_mark.line
    before = lines[first][: node.start_mark.column]
    last = _last_line(lines, node)
    if isinstance(node, yaml.MappingNode) and not node.flow_style:
        indent, written = len(before), _as_written(lines, node)
    else:
        listed = before.strip() == "-"
        indent = len(before) if listed else len(before) - len(before.lstrip(" -")) + 2
        written = {code: _lines(code, said, indent) for code, said in text.said.items()}
        if not listed:
            lines[first] = before.rstrip()
            lines.insert(first + 1, "")
            first, last, before = first + 1, last + 1, " " * indent
    written[language] = _lines(language, words, indent)
    own = next(iter(text.said))
    block = [line for code in (own, *sorted(written.keys() - {own})) for line in written[code]]
    lines[first : last + 1] = [before + block[0].lstrip(), *block[1:]]


def _as_written(lines: list[str], node: yaml.MappingNode) -> dict[str, list[str]]:
    """The lines of each language of a text."""
    written = {}
    for key, value in node.value:
        first, column = key.start_mark.line, key.start_mark.column
        rest = lines[first + 1 : _last_line(lines, value) + 1]
        written[key.value] = [" " * column + lines[first][column:], *rest]
    return written


def _last_line(lines: list[str], node: yaml.Node) -> int:
    """The last line of a text. A mapping ends where the next thing begins, a folded text after its blank lines."""
    if isinstance(node, yaml.MappingNode) and not node.flow_style:
        node = node.value[-1][1]
    last = node.end_mark.line if node.end_mark.column else node.end_mark.line - 1
    while not lines[last].strip():
        last -= 1
    return last


def _lines(code: str, words: str, indent: int) -> list[str]:
    line = f"{' ' * indent}{code}: {words}"
    if len(line) <= WIDTH and _plain(words):
        return [line]
    margin = " " * (indent + 2)
    folded = textwrap.wrap(words, WIDTH - len(margin), break_long_words=False, break_on_hyphens=False)
    return [f"{' ' * indent}{code}: >-", *(margin + part for part in folded)]


def _plain(words: str) -> bool:
    """Does YAML read the words as they stand, without quotes, as this text?"""
    try:
        node = yaml.compose(f"text: {words}", LOADER).value[0][1]
    except yaml.YAMLError:
        return False
    return isinstance(node, yaml.ScalarNode) and node.value == words and node.tag.endswith(":str")
