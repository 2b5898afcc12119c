"""What was done to a service, told from its trail: who did what, when, and where it can be seen. The latest first."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.models import TrailEntry, User
from checklists.history import Event
from reviews import wording_trail
from reviews.places import Places
from stages.models import Passage, Service

PAGE = 50


@dataclass(frozen=True)
class Wanted:
    """What a reader asked for; zero or empty means: no filter. `before` and `after` are places in the trail."""

    who: int = 0
    kind: str = ""
    before: int = 0
    after: int = 0


@dataclass(frozen=True)
class Line:
    """One event and what it is about; `url` is empty when that has no page."""

    event: Event
    about: str
    url: str


@dataclass(frozen=True)
class Found:
    """A page of history; `newer` and `older` are the places where the pages beside it begin, 0 for none."""

    lines: tuple[Line, ...]
    newer: int
    older: int


def entries(service: Service) -> QuerySet[TrailEntry]:
    return TrailEntry.objects.filter(scope=service.scope).select_related("who")


def people(service: Service) -> QuerySet[User]:
    """Everybody who ever did something to the service."""
    done = TrailEntry.objects.filter(scope=service.scope).values("who")
    return User.objects.filter(pk__in=done).order_by("name", "pk")


def reopening(passage: Passage) -> TrailEntry | None:
    """Who opened a passed stage again, and why; None (and no query) for a stage that is not reopened."""
    if passage.reopened_at is None:
        return None
    told = entries(passage.service).filter(subject=passage.subject, verb="reopened", at=passage.reopened_at)
    return told.first()


def page(service: Service, wanted: Wanted) -> Found:
    """At most `PAGE` events, in three queries however many there are."""
    found = _matching(service, wanted)
    if wanted.after:
        rows = list(found.filter(sequence__gt=wanted.after).order_by("sequence")[: PAGE + 1])
        shown = rows[:PAGE][::-1]
        return _found(service, shown, newer=len(rows) > PAGE, older=bool(rows))
    if wanted.before:
        found = found.filter(sequence__lt=wanted.before)
    rows = list(found.order_by("-sequence")[: PAGE + 1])
    return _found(service, rows[:PAGE], newer=bool(wanted.before and rows), older=len(rows) > PAGE)


def _matching(service: Service, wanted: Wanted) -> QuerySet[TrailEntry]:
    found = entries(service)
    if wanted.who:
        found = found.filter(who=wanted.who)
    if wanted.kind:
        found = found.filter(verb__in=wording_trail.KINDS[wanted.kind][1])
    return found


def _found(service: Service, shown: Sequence[TrailEntry], *, newer: bool, older: bool) -> Found:
    places = Places(service, shown)
    lines = tuple(Line(wording_trail.event(entry), *places.of(entry)) for entry in shown)
    return Found(lines, shown[0].sequence if newer else 0, shown[-1].sequence if older else 0)
