"""Inputs that nobody means well with, made from a seed: texts, files, playbooks, forms."""

import random
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from django import forms

from tests.checklists import test_uploads as samples
from tests.stages import playbooks

NASTY = (
    "",
    " ",
    "\x00",
    "a\x00b",
    "\u202eevil\u202c",
    "\u200b",
    "\ufeff",
    "a" + "\u0301" * 60,
    "<script>alert(1)</script>",
    "[x](javascript:alert(1))",
    "![](http://127.0.0.1:1/x.png)",
    "{{ settings.SECRET_KEY }}{% debug %}",
    "%(name)s %d {0}",
    "' OR 1=1 --",
    '"; DROP TABLE accounts_user; --',
    "../../etc/passwd",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "http://[::1]:x/",
    "https://user:pass@example.org/",
    "=cmd|' /C calc'!A0",
    "\r\nSet-Cookie: x=1",
    "-1",
    "0",
    "1",
    "2",
    "1e400",
    "NaN",
    "٣",
    "²",
    str(2**31),
    str(2**63),
    "9" * 400,
    "0000-00-00",
    "9999-12-31",
    "0001-01-01",
    "2026-02-30",
    "10000-01-01",
    "2026-12-01T25:61",
    "[]",
    '{"a": [1]}',
    "null",
    "on",
    "true",
    "go",
    "en",
    "met",
    "done",
    "not_applicable",
    "ſtage",
    "İ" * 50,
    "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "x" * 5001,
    "word " * 2000,
    "\n" * 3000,
)
FILES = {
    "pdf": samples.PDF,
    "png": samples.PNG,
    "jpg": samples.JPEG,
    "docx": samples.DOCX,
    "xlsx": samples.XLSX,
    "odt": samples.ODT,
    "txt": b"plain",
    "html": b"<script>alert(1)</script>",
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
}
UNSENT = {"", ".", ".."}  # names that no request carries as far as a form


def text(chance: random.Random) -> str:
    """Something nasty, or several things run together, or any characters at all."""
    kind = chance.random()
    if kind < 0.5:
        return chance.choice(NASTY)
    if kind < 0.8:
        return "".join(chance.choices(NASTY, k=3))
    return "".join(
        chr(chance.choice((chance.randrange(0xD800), chance.randrange(0xE000, 0x110000)))) for _ in range(20)
    )


def upload(chance: random.Random) -> tuple[str, bytes]:
    """A file whose name, type or content may lie; two in one; cut short; with bytes turned over."""
    content = bytearray(chance.choice(list(FILES.values())))
    if chance.random() < 0.3:
        content += chance.choice(list(FILES.values()))
    for _ in range(chance.randrange(6)):
        content[chance.randrange(len(content))] = chance.randrange(256)
    if chance.random() < 0.3:
        del content[chance.randrange(len(content)) :]
    name = chance.choice((text(chance)[:200], "plan", "plan.pdf")) + "." + chance.choice([*FILES, "PDF", "exe", ""])
    return (name if name.rpartition("/")[2] not in UNSENT else "plan.pdf"), bytes(content)


def playbook(chance: random.Random) -> str:
    """The small playbook with a few of its values exchanged, removed or repeated, or with its text broken."""
    data = deepcopy(playbooks.WHOLE)
    places = list(_places(data))
    for _ in range(chance.randrange(1, 4)):
        holder, key = chance.choice(places)
        if chance.random() < 0.3:
            holder.pop(key) if isinstance(holder, list) or key in holder else None
            places = list(_places(data)) or [({}, "")]
        else:
            holder[key] = chance.choice(
                (text(chance), None, 1, -1, 2**70, 1.5, True, [], {}, [[]], {"own": "x"}, ["x"] * 400)
            )
            places = list(_places(data))
    written = playbooks.text(data)
    return written if chance.random() < 0.7 else _broken(chance, written)


def _places(data: Any) -> Iterator[tuple[Any, Any]]:
    """Every value inside, as its holder and its key."""
    pairs = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in list(pairs):
        yield data, key
        yield from _places(value)


def _broken(chance: random.Random, written: str) -> str:
    place = chance.randrange(len(written))
    return (
        written[:place]
        + chance.choice((*NASTY, "*a", "&a [*a]", "!!python/object:os.system {}", "\t", "<<: *a", "? ", "|"))
        + (written[place:] if chance.random() < 0.7 else "")
    )


def fields() -> list[str]:
    """Names of every field that a form of ours has, and those that are made while it is shown."""
    found = {name for form in _below(forms.BaseForm) for name in getattr(form, "base_fields", {})}
    rows = {f"conditions-{row}-{name}" for row in (0, 1) for name in ("text", "owner", "due_on", "about", "DELETE")}
    return sorted(found | rows | {"conditions-TOTAL_FORMS", "conditions-INITIAL_FORMS", "add", "panel", "seen", "next"})


def _below(kind: type) -> Iterator[type]:
    for one in kind.__subclasses__():
        yield one
        yield from _below(one)


def body(chance: random.Random, names: list[str]) -> dict[str, list[str]]:
    """Most fields of some form, with a value, or several, that may fit."""
    told = {name: [text(chance)] for name in chance.sample(names, k=chance.randrange(1, 25))}
    for name in chance.sample(sorted(told), k=min(2, len(told))):
        told[name].append(text(chance))
    return told
