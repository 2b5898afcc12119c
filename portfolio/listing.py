"""The pages of the list, by keyset, made for ten thousand services; and what there is to choose from.

What narrows them is `filters.py`, what each service of a page says `rows.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from accounts.access import Standing
from accounts.models import Team
from accounts.prepared import Prepared
from portfolio import filters
from portfolio.wanted import Place, Wanted
from stages.models import Service, Stage
from stages.texts import LocalText

PAGE = 50


@dataclass(frozen=True)
class Found:
    """One page of services, with the places where the pages before and after it are cut off."""

    services: tuple[Service, ...]
    previous: Place | None
    next: Place | None


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
    """The services asked for, by name: at most `PAGE` of them, in one query."""
    found = filters.matching(who, wanted).select_related("team")
    if wanted.before:
        at = wanted.before
        found = found.filter(Q(name__lt=at.name) | Q(pk__lt=at.pk), name__lte=at.name).order_by("-name", "-pk")
        return _backwards(found[: PAGE + 1])
    if wanted.after:
        at = wanted.after
        found = found.filter(Q(name__gt=at.name) | Q(pk__gt=at.pk), name__gte=at.name)
    return _forwards(found.order_by("name", "pk")[: PAGE + 1], began=wanted.after is None)


def wider(who: Standing, wanted: Wanted) -> list[str]:
    """The filters each of which alone keeps everything away: for a page that found nothing."""
    return [name for name in wanted.filters.in_force if filters.matching(who, wanted.without(name)).exists()]


def _forwards(found: Sequence[Service], *, began: bool) -> Found:
    rows = tuple(found)
    services = rows[:PAGE]
    return Found(
        services,
        previous=None if began or not services else _place(services[0]),
        next=_place(services[-1]) if len(rows) > PAGE else None,
    )


def _backwards(found: Sequence[Service]) -> Found:
    rows = tuple(found)
    services = rows[:PAGE][::-1]
    return Found(
        services,
        previous=_place(services[0]) if len(rows) > PAGE else None,
        next=_place(services[-1]) if services else None,
    )


def _place(service: Service) -> Place:
    return Place(service.name, service.pk)
