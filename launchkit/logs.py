"""What the log says: one line for each happening, with what it belongs to, and without what nobody may read there.

In production a line is JSON, elsewhere it is for people. A line that is written while a request is answered, or a task
done, carries its id; the id of the request that asked goes with the message to the worker, so both can be found.
"""

import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from django.conf import settings

HIDDEN = "[hidden]"
_about: ContextVar[dict[str, Any]] = ContextVar("about", default={})  # noqa: B039 - replaced, never changed

WORDS = ("password", "passwd", "secret", "token", "session", "authorization", "cookie", "csrf", "otp", "recovery")
SUSPECT = (*WORDS, "credential", "signature", "code", "api", "@", "/join/", "/unsubscribe/", "/reset/key/")
NAMES = "|".join([*WORDS, "credential", "signature", "api.?key"])
VALUE = r"""(?:<\w{1,40} )?(?:\[[^\]]*\]|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[^\s,;&'"}\])]+)"""
LONGEST = 20_000  # characters of a line or a traceback; what is longer loses its middle
# Every repetition at the beginning of a pattern has an end: a long word costs no more than a short one.
PATTERNS = (
    (re.compile(r"(?i)otpauth://[^\s\"']+"), HIDDEN),
    # a header goes on to the end of its line
    (re.compile(r"(?i)\b((?:proxy-)?authorization|(?:set-)?cookie)\b(\s?:\s?)(?![\"'\[])[^\r\n]+"), rf"\1\2{HIDDEN}"),
    # name=value, "name": "value", 'name': ['value'] as a form or a dictionary is written
    (re.compile(rf"(?i)((?:{NAMES})[\w-]{{0,40}}['\"]?\s?[=:]\s?){VALUE}"), rf"\1{HIDDEN}"),
    (re.compile(rf"((?:['\"]codes?['\"]\s?:\s?|[?&]code=)){VALUE}"), rf"\1{HIDDEN}"),
    (re.compile(r"(?i)(://[^\s:/@]{0,100}):[^\s@]{1,200}@"), rf"\1:{HIDDEN}@"),  # the password in an address
    (re.compile(r"(/(?:join|unsubscribe|reset/key)/)[^/\s?\"']+"), rf"\1{HIDDEN}"),  # links that open something
    (re.compile(r"(?<![/:\w.+-])[\w.+-]{1,64}@(?=[\w-]{1,63}\.)"), f"{HIDDEN}@"),  # a person is told by number
)


def redacted(text: str) -> str:
    """The text without passwords, keys, tokens, sessions, links that open something, and addresses of people."""
    if len(text) > LONGEST:
        text = f"{text[: LONGEST // 2]} [...] {text[-LONGEST // 2 :]}"
    for known in _known():
        text = text.replace(known, HIDDEN)
    lower = text.lower()
    if any(word in lower for word in SUSPECT):  # most lines have none, and are done sooner
        for pattern, instead in PATTERNS:
            text = pattern.sub(instead, text)
    return text


def _known() -> list[str]:
    """Secrets of this installation, wherever and however they may turn up."""
    database = settings.DATABASES["default"].get("PASSWORD", "")
    keys = (settings.SECRET_KEY, settings.TRAIL_KEY, *settings.SECRET_KEY_FALLBACKS, settings.EMAIL_HOST_PASSWORD)
    return [key for key in (*keys, database) if key]


@contextmanager
def about(**told: Any) -> Iterator[None]:
    """Lines written inside carry this; a value that is a function is asked when a line is written."""
    mark = _about.set({**_about.get(), **told})
    try:
        yield
    finally:
        _about.reset(mark)


def begin(**told: Any) -> None:
    """Lines carry this, and nothing of before, until the next `begin`: a worker does one task after another."""
    _about.set(told)


def belongs_to() -> dict[str, Any]:
    found = {name: value() if callable(value) else value for name, value in _about.get().items()}
    return {name: value for name, value in found.items() if value is not None}


class ForPeople(logging.Formatter):
    def __init__(self) -> None:
        super().__init__("{asctime} {levelname} {name} {message}", style="{")

    def format(self, record: logging.LogRecord) -> str:
        facts = {**belongs_to(), **getattr(record, "facts", {})}
        told = " ".join(f"{name}={_in_line(value)}" for name, value in facts.items())
        line, *rest = super().format(record).split("\n", 1)
        return redacted("\n".join([f"{line} [{told}]" if told else line, *rest]))


def _in_line(value: object) -> str:
    """A fact that begins no line of its own and moves no cursor: a path holds what somebody typed."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in str(value))


class ForMachines(logging.Formatter):
    """One object a line; `fault` is the traceback. No handler writes anything else."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **belongs_to(),
            **getattr(record, "facts", {}),
        }
        if record.exc_info:
            line["fault"] = self.formatException(record.exc_info)
        clean = {name: redacted(value) if isinstance(value, str) else value for name, value in line.items()}
        return json.dumps(clean, ensure_ascii=False, default=str)


def formatter() -> logging.Formatter:
    return ForMachines() if settings.PRODUCTION else ForPeople()
