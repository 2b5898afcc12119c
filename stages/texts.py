"""A text in several languages: one JSON value keyed by language.

`{"own": "en", "en": "Cutover plan", "lt": "…"}`: `own` names the language the edition was written in, so that a
value finds its fallback by itself, wherever it travels (a template, a snapshot, a report).
"""

from typing import Any

from django.db import models
from django.utils.translation import get_language


class LocalText(dict):
    def __str__(self) -> str:
        return self.in_language(get_language() or "")

    def __bool__(self) -> bool:
        return any(text for key, text in self.items() if key != "own")

    def in_language(self, code: str) -> str:
        """The text in `code`, in its base language (`pt` for `pt-br`), or in the edition's own."""
        return self.get(self.language_for(code), "")

    def language_for(self, code: str) -> str:
        """The language of what `in_language` gives."""
        wanted = (code, code.split("-", maxsplit=1)[0])
        return next((one for one in wanted if self.get(one)), self.get("own", ""))


class LocalTextField(models.JSONField):
    """Stores a `LocalText`; `str()` of it is the text in the language of the reader."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> LocalText:
        return LocalText(super().from_db_value(value, expression, connection) or {})
