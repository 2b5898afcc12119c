"""What pydantic found, in our words: one table from its kinds of error to sentences. Pure."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

SENTENCES = {
    "missing": gettext_lazy("This is missing."),
    "extra_forbidden": gettext_lazy("There is no such key."),
    "string_type": gettext_lazy("A text is expected here; put it in quotes if it looks like something else."),
    "string_too_short": gettext_lazy("This must not be empty."),
    "string_too_long": gettext_lazy("This is longer than %(max_length)s characters."),
    "string_pattern_mismatch": gettext_lazy("This is not written as it must be (%(pattern)s)."),
    "int_type": gettext_lazy("A whole number is expected here."),
    "greater_than_equal": gettext_lazy("This must be %(ge)s or more."),
    "less_than_equal": gettext_lazy("This must be %(le)s or less."),
    "bool_type": gettext_lazy("true or false is expected here."),
    "literal_error": gettext_lazy("This must be %(expected)s."),
    "list_type": gettext_lazy("A list is expected here."),
    "dict_type": gettext_lazy("A text, or texts by language, are expected here."),
    "model_type": gettext_lazy("Keys with values are expected here."),
    "too_short": gettext_lazy("At least %(min_length)s must be listed here."),
    "too_long": gettext_lazy("More than %(max_length)s are listed here."),
    "value_error": gettext_lazy("%(error)s"),
}


def sentence(detail: Mapping[str, Any]) -> str:
    """The sentence of one entry of `ValidationError.errors()`."""
    known = SENTENCES.get(detail["type"])
    return str(known) % detail.get("ctx", {}) if known else _("This is not as it must be: %s.") % detail["msg"]
