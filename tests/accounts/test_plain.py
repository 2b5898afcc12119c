"""Rows that are put together plainly are what Django would have made of them."""

import pytest
from django.db.models import Model

from accounts.models import Team, User
from accounts.plain import PlainModel

pytestmark = pytest.mark.django_db


def as_django_makes_it(model: type[Model], pk: int) -> dict[str, object]:
    columns = [field.attname for field in model._meta.concrete_fields]
    values = model._default_manager.filter(pk=pk).values_list(*columns).get()
    row = super(PlainModel, model).from_db.__func__(model, "default", columns, values)
    return {name: value for name, value in vars(row).items() if name != "_state"}


@pytest.mark.parametrize("model", [User, Team])
def test_a_row_holds_what_it_would_hold(model, cast):
    for row in model._default_manager.all():
        held = {name: value for name, value in vars(row).items() if name != "_state"}
        assert held == as_django_makes_it(model, row.pk)
        assert (row._state.adding, row._state.db) == (False, "default")


def test_what_was_not_read_is_read_when_it_is_asked_for(cast, django_assert_num_queries):
    person = User.objects.only("email").get(pk=cast.designer.pk)
    assert person.get_deferred_fields() >= {"name", "language"}
    with django_assert_num_queries(1):
        assert person.name == cast.designer.name


def test_a_row_is_saved_as_a_change(cast):
    person = User.objects.get(pk=cast.designer.pk)
    person.name = "Somebody else"
    person.save()
    cast.designer.refresh_from_db()
    assert cast.designer.name == "Somebody else"
    assert User.objects.filter(name="Somebody else").count() == 1
