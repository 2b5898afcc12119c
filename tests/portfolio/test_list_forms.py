"""The form that narrows the list: a long choice is Django's own, written down sooner."""

from django import forms
from django.test.html import parse_html

from portfolio.list_forms import ListForm, LongSelect

TEAMS = [("births", "Births & deaths"), ("o-hara", 'O’Hara <b>"x"</b>')]


def test_a_long_choice_is_what_django_makes_of_it():
    for value in ("", None, "births", "o-hara", "nobody"):
        mine, usual = (kind(choices=[("", "Any"), *TEAMS]) for kind in (LongSelect, forms.Select))
        attrs = {"id": "id_team", "aria-describedby": "why"}
        assert parse_html(mine.render("team", value, attrs)) == parse_html(usual.render("team", value, attrs)), value


def test_the_team_that_was_chosen_stays_chosen():
    form = ListForm({"team": "o-hara"}, teams=TEAMS, stages=[])
    assert str(form["team"]).count(" selected") == 1
    assert '<option value="o-hara" selected>' in str(form["team"])
