"""Fields that a form has not: whatever else is sent along, the same is written as without it."""

from functools import partial

import pytest
import time_machine
from django.apps import apps
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from tests.architecture.policy import POLICY
from tests.security import bodies, made_up, visiting

pytestmark = [pytest.mark.django_db, pytest.mark.any_engine]
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


def test_what_is_written_is_what_the_form_has(furnished, cast, arrived):
    sound = bodies.sound(furnished, cast)
    extra = dict.fromkeys(columns() - set(made_up.fields()), "1") | {"is_superuser": "on", "is_staff": "on"}
    differ, wrote = [], set()
    for name in sorted(name for name, policy in POLICY.items() if "POST" in policy.methods):
        own = sound.get(name, {})
        address = reverse(name, kwargs=furnished.kwargs(name))
        for actor in ACTORS:
            with time_machine.travel(timezone.now(), tick=False):
                plain, with_more = (after(arrived[actor], address, form) for form in (own, extra | own))
            differ += [f"{actor} {name}"] if plain != with_more else []
            if plain[1]:
                wrote.add(name)
                break
    assert differ == []
    assert len(extra) > 60
    assert len(wrote) > 40


def after(browser, address: str, form: dict[str, object]) -> tuple[int, dict[str, list[tuple]]]:
    """The status, and how everything stands then where something was written; all as before afterwards."""
    with transaction.atomic():
        response, written = visiting.kept(browser, partial(browser.post, address, form))
        stands = told() if written else {}
        transaction.set_rollback(True)
    return response.status_code, stands
