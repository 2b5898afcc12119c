"""What a person asks the list of services for. Pure: how it is found is `filters.py`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Window(TextChoices):
    """When a service goes live, by today; overdue is one whose planned day has passed. All but the last have not."""

    OVERDUE = "overdue", _("Overdue")
    NEXT_30 = "30", _("In the next 30 days")
    NEXT_90 = "90", _("In the next 90 days")
    LIVE = "live", _("Is live")


class Demanded(TextChoices):
    """What is left of the conditions of earlier decisions."""

    OVERDUE = "overdue", _("One is overdue")
    OPEN = "open", _("One is open")


class Order(TextChoices):
    """What the list is sorted by; the day is that of going live, the one planned while it has not."""

    NAME = "name", _("Name")
    SOONEST = "soonest", _("Soonest go-live")
    LATEST = "latest", _("Latest go-live")
    NEWEST = "newest", _("Newest first")


@dataclass(frozen=True)
class Place:
    """Where a page begins or ends: what a service is sorted by, and its id."""

    key: str | date | int
    pk: int

    def __str__(self) -> str:
        return f"{self.pk}~{self.key}"

    @classmethod
    def read(cls, text: str, order: Order = Order.NAME) -> "Place | None":
        """None for nonsense, and for a place of a list that was sorted otherwise."""
        pk, _, key = text.partition("~")
        if not (pk.isascii() and pk.isdigit() and len(pk) < 16):
            return None
        try:
            return cls(KEYS_READ[order](key), int(pk))
        except ValueError:
            return None


def _number(key: str) -> int:
    """ValueError for what no key of a row can be."""
    if not (key.isascii() and key.isdigit() and len(key) < 16):
        raise ValueError(key)
    return int(key)


KEYS_READ: Mapping[Order, Callable[[str], str | date | int]] = {
    Order.NAME: str,
    Order.SOONEST: date.fromisoformat,
    Order.LATEST: date.fromisoformat,
    Order.NEWEST: _number,
}


@dataclass(frozen=True)
class Filters:
    """What narrows the list, all of it together; an empty one does not."""

    q: str = ""
    team: str = ""
    stage: str = ""
    suggestion: str = ""
    live: str = ""
    conditions: str = ""
    live_from: date | None = None
    live_to: date | None = None
    archived: str = ""

    @property
    def in_force(self) -> list[str]:
        return [one.name for one in fields(self) if getattr(self, one.name)]

    def without(self, name: str) -> "Filters":
        return replace(self, **{name: getattr(Filters(), name)})


@dataclass(frozen=True)
class Wanted:
    """One page of the list: whose services, narrowed by what, and where the page is cut off."""

    everything: bool = False
    filters: Filters = Filters()
    order: Order = Order.NAME
    after: Place | None = None
    before: Place | None = None

    def without(self, name: str) -> "Wanted":
        """The first page of the same list without one of its filters."""
        return Wanted(self.everything, self.filters.without(name), self.order)
