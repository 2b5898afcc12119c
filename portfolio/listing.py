"""Which services a person finds: filters, search and pages by keyset, made for ten thousand services.

What each service of a page says is `rows.py`. Both judge a service by the furthest stage that is open to it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from accounts.access import Standing
from accounts.models import Team
from checklists.gates import Outcome
from checklists.models import Tally
from portfolio.rows import rows_of
from reviews.models import Condition
from stages.access import visible_services
from stages.models import Passage, PassageState, Service, Stage

PAGE = 50


@dataclass(frozen=True)
class Place:
    """Where a page begins or ends: the name and id of a service."""

    name: str
    pk: int

    def __str__(self) -> str:
        return f"{self.pk}~{self.name}"

    @classmethod
    def read(cls, text: str) -> "Place | None":
        pk, _, name = text.partition("~")
        return cls(name, int(pk)) if pk.isascii() and pk.isdigit() and len(pk) < 16 else None


@dataclass(frozen=True)
class Wanted:
    """What a person asked the list for; everything empty means: no filter."""

    everything: bool = False
    name: str = ""
    team: str = ""
    stage: str = ""
    suggestion: str = ""
    archived: bool = False
    after: Place | None = None
    before: Place | None = None

    @property
    def filtered(self) -> bool:
        return bool(self.name or self.team or self.stage or self.suggestion or self.archived)


@dataclass(frozen=True)
class Found:
    """One page of services, with the places where the pages before and after it are cut off."""

    services: tuple[Service, ...]
    previous: Place | None
    next: Place | None


def teams(who: Standing) -> QuerySet[Team]:
    """Teams whose services the person may see."""
    return Team.objects.all() if who.sees_all else Team.objects.filter(pk__in=who.roles)


def stages() -> list[tuple[str, str]]:
    """Slug and title of every stage, each slug once, as the latest edition calls it."""
    titles: dict[str, str] = {}
    for stage in Stage.objects.order_by("edition__playbook", "-edition__number", "position"):
        titles.setdefault(stage.slug, str(stage.title))
    return list(titles.items())


def page(who: Standing, wanted: Wanted) -> Found:
    """The services asked for, by name: at most `PAGE` of them, in one query."""
    found = _matching(who, wanted).select_related("team")
    if wanted.before:
        at = wanted.before
        found = found.filter(Q(name__lt=at.name) | Q(pk__lt=at.pk), name__lte=at.name).order_by("-name", "-pk")
        return _backwards(found[: PAGE + 1])
    if wanted.after:
        at = wanted.after
        found = found.filter(Q(name__gt=at.name) | Q(pk__gt=at.pk), name__gte=at.name)
    return _forwards(found.order_by("name", "pk")[: PAGE + 1], began=wanted.after is None)


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


def _matching(who: Standing, wanted: Wanted) -> QuerySet[Service]:
    found = visible_services(who).filter(archived_at__isnull=not wanted.archived)
    if who.sees_all and who.roles and not wanted.everything:
        found = found.filter(team__in=who.roles)
    if wanted.team:
        found = found.filter(team__slug=wanted.team)
    if wanted.name:
        found = found.filter(named(wanted.name))
    if wanted.stage or wanted.suggestion:
        found = _with_stage(found)
    if wanted.stage:
        found = found.filter(current_stage__in=Stage.objects.filter(slug=wanted.stage).values("pk"))
    if wanted.suggestion:
        found = found.filter(_suggested(wanted.suggestion, _overtaken(found, timezone.localdate())))
    return found


def named(text: str) -> Q:
    """Names that hold `text` in any case. SQLite folds only ASCII, so other scripts are asked for as written."""
    found = Q()
    for variant in {text, text.lower(), text.upper(), text.title()}:
        found |= Q(name__icontains=variant)
    return found


def _with_stage(found: QuerySet[Service]) -> QuerySet[Service]:
    reached = Passage.objects.filter(service=OuterRef("pk")).exclude(state=PassageState.LOCKED)
    furthest = reached.order_by("-stage__position")
    return found.annotate(
        current_stage=Subquery(furthest.values("stage")[:1]),
        current_position=Subquery(furthest.values("stage__position")[:1]),
    )


def _overtaken(found: QuerySet[Service], on: date) -> dict[int, str]:
    """The suggestion of services with a tally that the clock has overtaken, as their row says it: few, soon none."""
    lapsed = Tally.objects.lapsed(on).filter(service=OuterRef("pk"))
    rows = rows_of(tuple(found.filter(Exists(lapsed))))
    return {row.service.pk: str(row.suggestion.outcome) for row in rows}


def _suggested(outcome: str, overtaken: Mapping[int, str]) -> Q:
    """Services with this suggestion: what their tallies come to, or for those `overtaken` what was counted anew."""
    anew = [pk for pk, suggestion in overtaken.items() if suggestion == outcome]
    return (_stored(outcome) & ~Q(pk__in=list(overtaken))) | Q(pk__in=anew)


def _stored(outcome: str) -> Q:
    """The tally's suggestion, but never plain go while something else weighs on the gate."""
    stored = Tally.objects.filter(service=OuterRef("pk"), stage=OuterRef("current_stage"))
    if outcome == Outcome.GO_WITH_CONDITIONS:
        return Q(Exists(stored.filter(outcome=outcome))) | (Q(Exists(stored.filter(outcome=Outcome.GO))) & _weighed())
    asked = Q(Exists(stored.filter(outcome=outcome)))
    return asked & ~_weighed() if outcome == Outcome.GO else asked


def _weighed() -> Q:
    """Is a condition overdue, an earlier stage open again, or does a golden rule of a passed one no longer hold?"""
    overdue = Condition.objects.filter(
        service=OuterRef("pk"), state=Condition.State.OPEN, due_on__lt=timezone.localdate()
    )
    passed = Passage.objects.filter(service=OuterRef("service"), stage=OuterRef("stage"), state=PassageState.PASSED)
    broken = Tally.objects.filter(
        Exists(passed),
        service=OuterRef("pk"),
        stage__position__lt=OuterRef("current_position"),
        rules__gt=F("rules_met") + F("waived"),
    )
    again = Passage.objects.filter(service=OuterRef("pk"), stage__position__lt=OuterRef("current_position"))
    reopened = again.filter(reopened_at__isnull=False)
    return Q(Exists(overdue)) | Q(Exists(broken)) | Q(Exists(reopened))
