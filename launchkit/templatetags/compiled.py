"""How a page includes a template of the second engine."""

from django import template
from django.utils.safestring import SafeString

from launchkit import compiled as engine

register = template.Library()


@register.simple_tag
def compiled(name: str, **given: object) -> SafeString:
    """`{% compiled "reviews/workbench/entries.jinja" lines=lines … %}`: it sees what it is given, and nothing else."""
    return engine.render(name, given)
