"""YAML as plain data with line numbers, from a file that nobody vouches for. Pure.

A smaller language than YAML: mappings, lists, texts, whole numbers, true, false and null. No directives, tags,
anchors, aliases, second documents or repeated keys; limits on size, depth and number of values hold while reading,
so that a hostile file costs no more than a large honest one. Keys are always texts (`no` is a language, not a truth).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml
from django.utils.translation import gettext as _

from stages.faults import BrokenPlaybook, Fault

MOST_BYTES = 1024 * 1024
MOST_VALUES = 40_000
DEEPEST = 12
MOST_FAULTS = 500
WHOLE_NUMBER = re.compile(r"-?[0-9]{1,12}")
DIRECTIVE = re.compile("(?:^|[\n\r\x85\u2028\u2029])%")  # the parser compares each with all before it
NAME = re.compile(r"[\w-]{1,80}")
WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}
Path = tuple[str | int, ...]
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass
class Document:
    """`data` as read, and the line (from 1) on which each value stands, by its path."""

    data: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def line(self, path: Path) -> int | None:
        """The line of a value, or of the nearest thing around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path)

    def fault(self, path: Path, sentence: str) -> Fault:
        return Fault(place(path), sentence, self.line(path))


def place(path: Path) -> str:
    """`stages[2].rules[3].role`; a key that is no name is shortened and quoted, for it is shown to people."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{_name(step)}" for step in path).removeprefix(".")


def _name(key: str) -> str:
    return key if NAME.fullmatch(key) else ascii(key[:40])


def read(text: bytes | str) -> Document:
    """The document in `text`; BrokenPlaybook when it cannot be read at all.

    What it could read around (a tag, an anchor, a repeated key) stands in `faults`.
    """
    document = Document()
    events = _events(_undirected(_decoded(text)))
    reader = _Reader(document, events)
    try:
        reader.read_file()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise BrokenPlaybook([*document.faults, Fault("", _syntax(error), mark.line + 1 if mark else None)]) from error
    return document


def _decoded(text: bytes | str) -> str:
    raw = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    if len(raw) > MOST_BYTES:
        limit = _("The file is larger than %(limit)d kB.") % {"limit": MOST_BYTES // 1024}
        raise BrokenPlaybook([Fault("", limit)])
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise BrokenPlaybook([Fault("", _("This is not UTF-8 text."), line)]) from error


def _undirected(text: str) -> str:
    if found := DIRECTIVE.search(text):
        told = _("This is not YAML: %(problem)s.") % {"problem": "directives (%) are not read"}
        raise BrokenPlaybook([Fault("", told, text.count("\n", 0, found.end()) + 1)])
    return text


def _events(text: str) -> Iterator[yaml.Event]:
    yield from yaml.parse(text, Loader=LOADER)


def _syntax(error: yaml.YAMLError) -> str:
    problem = getattr(error, "problem", None) or getattr(error, "reason", None)
    return _("This is not YAML: %(problem)s.") % {"problem": problem or error.__class__.__name__}


class _Reader:
    """Builds the data from the parser's events, one value at a time."""

    def __init__(self, document: Document, events: Iterator[yaml.Event]) -> None:
        self.document = document
        self.events = events
        self.values = 0

    def read_file(self) -> None:
        next(self.events)  # the stream begins
        event = next(self.events)
        if isinstance(event, yaml.StreamEndEvent):
            self._stop((), _("The file is empty."), event)
        self.document.data = self._value(next(self.events), ())
        next(self.events)  # the document ends
        event = next(self.events)
        if not isinstance(event, yaml.StreamEndEvent):
            self._stop((), _("A file holds one document; a second one begins here."), event)

    def _value(self, event: yaml.Event, path: Path) -> Any:
        self.document.lines.setdefault(path, event.start_mark.line + 1)
        self._check(event, path)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path)
        return _scalar(event) if isinstance(event, yaml.ScalarEvent) else None

    def _check(self, event: yaml.Event, path: Path) -> None:
        self.values += 1
        if self.values > MOST_VALUES:
            self._stop(path, _("The file holds more than %(limit)d values.") % {"limit": MOST_VALUES}, event)
        if len(path) > DEEPEST:
            self._stop(path, _("This is nested too deeply."), event)
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            self._fault(path, _("Anchors and aliases (& and *) are not allowed."), event)
        elif event.tag is not None:
            self._fault(path, _("Tags (!) are not allowed."), event)

    def _sequence(self, path: Path) -> list[Any]:
        values: list[Any] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            values.append(self._value(event, (*path, len(values))))
        return values

    def _mapping(self, path: Path) -> dict[str, Any]:
        values: dict[str, Any] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self._key(event, path)
            if key in values:
                self._fault((*path, key), _("This key stands here twice."), event)
            value = self._value(next(self.events), (*path, key))
            values.setdefault(key, value)
        return values

    def _key(self, event: yaml.Event, path: Path) -> str:
        self._check(event, path)
        if isinstance(event, yaml.ScalarEvent) and event.tag is None:
            return event.value
        return self._stop(path, _("A key must be a plain text."), event)

    def _fault(self, path: Path, sentence: str, event: yaml.Event) -> None:
        self.document.faults.append(Fault(place(path), sentence, event.start_mark.line + 1))
        if len(self.document.faults) >= MOST_FAULTS:
            raise BrokenPlaybook(self.document.faults)

    def _stop(self, path: Path, sentence: str, event: yaml.Event) -> Any:
        line = event.start_mark.line + 1
        raise BrokenPlaybook([*self.document.faults, Fault(place(path), sentence, line)])


def _scalar(event: yaml.ScalarEvent) -> str | int | bool | None:
    if not event.implicit[0]:  # quoted or block: a text, whatever it says
        return event.value
    if event.value in WORDS:
        return WORDS[event.value]
    return int(event.value) if WHOLE_NUMBER.fullmatch(event.value) else event.value
