"""How templates show a state."""

from django import template

from launchkit import states

register = template.Library()
register.simple_tag(states.pill, name="pill")
register.simple_tag(states.criterion)
register.filter("state_word", states.word)
