"""How templates say the texts of a playbook."""

from django import template
from django.utils.html import format_html
from django.utils.translation import get_language

from stages.texts import LocalText

register = template.Library()


@register.filter
def spoken(text: object) -> object:
    """A text in the reader's language, or marked with the language it is in, so that a screen reader says it right.

    For the body of a page: an attribute or a title cannot hold the mark.
    """
    if not isinstance(text, LocalText):
        return text
    wanted = get_language() or ""
    code = text.language_for(wanted)
    words = text.in_language(wanted)
    if not words or code == wanted.split("-", maxsplit=1)[0]:
        return words
    return format_html('<span lang="{}">{}</span>', code, words)
