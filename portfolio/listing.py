"""The pages of the list, by keyset, made for ten thousand services; and what there is to choose from.

What narrows them is `filters.py`, what each service of a page says `rows.py`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.db.models import Q, QuerySet

from accounts.access import Standing
from accounts.models import Team
from accounts.prepared import Prepared
from portfolio import filters
from portfolio.wanted import Order, Place, Wanted
from stages.models import GO_LIVE_DAY, Service, Stage
from stages.texts import LocalText

PAGE = 50
COUNTED = 1000  # more are only said to be more: counting them all would take as long as there are many
DAY = "day"
# What each order sorts by, then by id; and whether it falls. An index of `Service` carries each.
KEYS: Mapping[Order, tuple[str, bool]] = {
    Order.NAME: ("name", False),
    Order.SOONEST: (DAY, False),
    Order.LATEST: (DAY, True),
    Order.NEWEST: ("pk", True),
}


@dataclass(frozen=True)
class Found:
    """One page of services, with the places where the pages before and after it are cut off.

    `number` is how many there are on all pages, up to one more than `COUNTED`.
    """

    services: tuple[Service, ...]
    previous: Place | None
    next: Place | None
    number: int = 0

    @property
    def alone(self) -> bool:
        return self.previous is None and self.next is None


def teams(who: Standing) -> QuerySet[Team]:
    """Teams whose services the person may see."""
    return Team.objects.all() if who.sees_all else Team.objects.filter(pk__in=who.roles)


_STAGES: Prepared[tuple[str, LocalText]] = Prepared(
    lambda: Stage.objects.order_by("edition__playbook", "-edition__number", "position").values_list("slug", "title")
)


def stages() -> list[tuple[str, str]]:
    """Slug and title of every stage, each slug once, as the latest edition calls it."""
    titles: dict[str, str] = {}
    for slug, title in _STAGES():
        titles.setdefault(slug, str(title))
    return list(titles.items())


def page(who: Standing, wanted: Wanted) -> Found:
    """The services asked for, in the order asked for: at most `PAGE` of them, in one query; in one more their number,
    where they fill more than a page.
    """
    found = filters.matching(who, wanted)
    rows = ordered(found.select_related("team"), wanted)[: PAGE + 1]
    one = _backwards(rows, wanted.order) if wanted.before else _forwards(rows, wanted)
    return replace(one, number=len(one.services) if one.alone else found.order_by()[: COUNTED + 1].count())


def ordered(found: QuerySet[Service], wanted: Wanted) -> QuerySet[Service]:
    """From the place on where the page begins; towards the beginning where it is known by its end."""
    key, falling = KEYS[wanted.order]
    down = falling != bool(wanted.before)
    if key == DAY:
        found = found.annotate(day=GO_LIVE_DAY)
    if at := wanted.before or wanted.after:
        beyond = "lt" if down else "gt"
        further = Q(**{f"{key}__{beyond}": at.key}) | Q(**{f"pk__{beyond}": at.pk})
        found = found.filter(further, **{f"{key}__{beyond}e": at.key})
    sign = "-" if down else ""
    return found.order_by(f"{sign}{key}", f"{sign}pk")


def wider(who: Standing, wanted: Wanted) -> list[str]:
    """The filters each of which alone keeps everything away: for a page that found nothing."""
    return [name for name in wanted.filters.in_force if filters.matching(who, wanted.without(name)).exists()]


def _forwards(found: Sequence[Service], wanted: Wanted) -> Found:
    rows = tuple(found)
    services = rows[:PAGE]
    return Found(
        services,
        previous=None if wanted.after is None or not services else place(services[0], wanted.order),
        next=place(services[-1], wanted.order) if len(rows) > PAGE else None,
    )


def _backwards(found: Sequence[Service], order: Order) -> Found:
    rows = tuple(found)
    services = rows[:PAGE][::-1]
    return Found(
        services,
        previous=place(services[0], order) if len(rows) > PAGE else None,
        next=place(services[-1], order) if services else None,
    )


def place(service: Service, order: Order) -> Place:
    """Where a page ends with this service, as `ordered` gave it."""
    return Place(getattr(service, KEYS[order][0]), service.pk)
