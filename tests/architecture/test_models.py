"""Every model: people and published content are protected, constraints have names, rows can be told apart."""

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import models

from stages.models import Edition, Requirement, Stage
from tests.architecture.sources import ROOMS

MODELS = [model for room in ROOMS[:-1] for model in apps.get_app_config(room).get_models()]
OUTSIDE_STAGES = [model for model in MODELS if model._meta.app_label != "stages"]
PUBLISHED = {Edition, Stage, Requirement}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_it_says_what_it_is(model):
    assert model.__str__ is not models.Model.__str__
    assert model.__doc__
    assert not model.__doc__.startswith(f"{model.__name__}(") or model.__name__ in {"User", "Team"}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_people_are_protected(model):
    for field in model._meta.get_fields():
        if isinstance(field, models.ForeignKey) and field.related_model is get_user_model():
            assert field.remote_field.on_delete is models.PROTECT, field.name


@pytest.mark.parametrize(
    "model", [m for m in MODELS if m._meta.app_label != "stages"], ids=lambda model: model.__name__
)
def test_published_content_is_protected(model):
    for field in model._meta.get_fields():
        if isinstance(field, models.ForeignKey) and field.related_model in PUBLISHED:
            assert field.remote_field.on_delete is models.PROTECT, field.name


def test_constraint_names_are_telling_and_unique():
    names = [constraint.name for model in MODELS for constraint in model._meta.constraints]
    assert len(names) == len(set(names))
    assert [name for name in names if "%(" in name or name.count("_") < 1] == []


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_states_are_known_to_the_database(model):
    """A column `state` is limited by a constraint, not by forms alone."""
    if "state" not in {field.name for field in model._meta.get_fields()}:
        return
    limited = [constraint for constraint in model._meta.constraints if "state" in str(constraint)]
    assert limited
