"""What all models here are made of: rows come from the database as they are, without what `__init__` is for.

Django makes each row through `Model.__init__`, which sets field by field, asks for defaults and sends two signals. A
page reads a hundred rows; nobody here listens to those signals, and no model has an `__init__` of its own.
"""

from collections.abc import Collection, Sequence
from typing import Any, Self

from django.db import models
from django.db.models.base import ModelState


class PlainModel(models.Model):
    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, db: str | None, field_names: Collection[str], values: Sequence[Any]) -> Self:
        """A row as it was read; fields that were not read are deferred, as ever."""
        row = cls.__new__(cls)
        row.__dict__.update(zip(field_names, values, strict=True))
        state = row._state = ModelState()
        state.adding, state.db = False, db
        return row
