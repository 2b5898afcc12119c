"""The second template engine: Jinja2, which compiles templates to Python, for what stands on a page fifty times.

Rows of the workbench and of the list of services are `*.jinja`. A page around them says `{% compiled "….jinja" %}`,
and a row says `{{ part("….html") }}` for what is rare in it. Words are translated from the same catalogs.
"""

from datetime import datetime
from functools import lru_cache
from typing import Any

from django.template import defaultfilters, loader
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.safestring import SafeString, mark_safe
from jinja2 import BaseLoader, Environment, StrictUndefined

from accounts import words
from accounts.calendar import in_words
from launchkit import states
from stages.templatetags.playbook import spoken

ENGINE = "compiled"
SUFFIX = ".jinja"


def environment(*, loader: BaseLoader, auto_reload: bool, **_usual: object) -> Environment:
    """What every compiled template finds: our filters, the other engine, gettext. A wrong name is an error."""
    made = Environment(
        loader=loader,
        auto_reload=auto_reload,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.policies["ext.i18n.trimmed"] = True
    made.install_gettext_callables(
        words.gettext,
        words.ngettext,
        newstyle=True,
        pgettext=translation.pgettext,
        npgettext=translation.npgettext,
    )
    made.globals |= {"part": part, "url": url, "state": states.pill, "criterion": states.criterion}
    made.filters |= {"spoken": spoken, "said": in_words, "iso": iso, "linebreaks": linebreaks, "cut": cut}
    return made


def render(name: str, context: dict[str, Any]) -> SafeString:
    """A compiled template with what it is given, as markup."""
    return mark_safe(loader.render_to_string(name, context, using=ENGINE))  # noqa: S308 (it has escaped what it was given)


def part(name: str, **context: Any) -> SafeString:
    """A template of the other engine with what it is given, and nothing else."""
    return loader.render_to_string(name, context, using="django")


@lru_cache(4096)
def url(name: str, *args: object) -> str:
    """Remembered: addresses do not change while a process lives."""
    return reverse(name, args=args)


def iso(at: datetime) -> str:
    """A moment for machines, in the reader's zone."""
    return timezone.localtime(at).isoformat()


def linebreaks(text: object) -> SafeString:
    return defaultfilters.linebreaks(text, autoescape=True)


def cut(text: object, length: int) -> str:
    """At most so many characters, the last of them an ellipsis where something is left out."""
    told = str(text)
    return told if len(told) <= length else f"{told[: length - 1]}…"
