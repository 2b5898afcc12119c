"""Fields that a form has not: whatever else is sent along, the same is written as without it."""

from functools import partial

import pytest
import time_machine
from django.apps import apps
from django.db import transaction
from django.forms.forms import BaseForm
from django.urls import reverse
from django.utils import timezone

from tests.architecture.policy import POLICY
from tests.security import bodies, visiting

pytestmark = [pytest.mark.django_db, pytest.mark.stricter_engine]
ROOMS = ("accounts", "stages", "checklists", "reviews")
ACTORS = ("designer", "manager", "administrator")
# What says who somebody is, to whom something belongs and how it stands; not what tells one row from another.
TELLING = {"is_administrator", "is_editor", "is_auditor", "is_active", "role", "roles", "team", "edition", "name"}
TELLING |= {"state", "outcome", "went_live_on", "archived_at", "planned_on", "version", "rating", "met", "due_on"}
TELLING |= {"asks_second_step"}


def columns() -> set[str]:
    """Every column there is, under its name and its name in the table."""
    fields = [
        f for room in ROOMS for model in apps.get_app_config(room).get_models() for f in model._meta.concrete_fields
    ]
    return {name for field in fields for name in (field.name, field.attname)}


def told() -> dict[str, list[tuple]]:
    """Of every table, how many rows it has and what they say of it."""
    found = {}
    for room in ROOMS:
        for model in apps.get_app_config(room).get_models():
            names = [f.attname for f in model._meta.concrete_fields if f.name in TELLING]
            rows = model._base_manager.values_list(*names) if names else model._base_manager.values_list("pk")
            found[model._meta.label] = sorted(map(str, rows)) if names else [(len(rows),)]
    return found


@pytest.fixture
def read(monkeypatch) -> set[str]:
    """The names of the fields of every form that has judged what was sent."""
    names, judge = set(), BaseForm.full_clean

    def remember(form):
        names.update(map(form.add_prefix, form.fields))
        judge(form)

    monkeypatch.setattr(BaseForm, "full_clean", remember)
    return names


def test_what_is_written_is_what_the_form_has(furnished, cast, arrived, read):
    sound = bodies.sound(furnished, cast)
    extra = dict.fromkeys(columns(), "1") | wished_for(cast)
    differ, wrote = [], set()
    for name in sorted(name for name, policy in POLICY.items() if "POST" in policy.methods):
        own = sound.get(name, {})
        address = reverse(name, kwargs=furnished.kwargs(name))
        for actor in ACTORS:
            read.clear()
            with time_machine.travel(timezone.now(), tick=False):
                plain, known = after(arrived[actor], address, own), None
                while known != read:  # what was sent may bring another form, with fields of its own
                    known = set(read)
                    with_more = after(arrived[actor], address, own | {n: v for n, v in extra.items() if n not in known})
            differ += [f"{actor} {name}"] if plain != with_more else []
            if plain[1]:
                wrote.add(name)
                break
    assert differ == []
    assert len(extra) > 100
    assert len(wrote) > 40


def wished_for(cast) -> dict[str, object]:
    """What somebody would like to have who may not, as it would be taken if anybody read it."""
    rights = dict.fromkeys(
        ("is_administrator", "is_auditor", "is_editor", "is_superuser", "is_staff", "is_active"), "on"
    )
    people = dict.fromkeys(("owner", "user", "responsible", "recorded_by", "decided_by", "asked_by"), cast.viewer.pk)
    stands = {"roles": "manager", "role": "manager", "state": "approved", "outcome": "go", "rating": 3, "version": 9}
    days = {"planned_on": bodies.later(), "due_on": bodies.later(), "went_live_on": bodies.later(-10)}
    return (
        rights | people | stands | days | {"team": cast.other_team.pk, "name": "Taken over", "email": "a@example.org"}
    )


def after(browser, address: str, form: dict[str, object]) -> tuple[int, dict[str, list[tuple]]]:
    """The status, and how everything stands then where something was written; all as before afterwards."""
    with transaction.atomic():
        response, written = visiting.kept(browser, partial(browser.post, address, form))
        stands = told() if written else {}
        transaction.set_rollback(True)
    return response.status_code, stands
