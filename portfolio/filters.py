"""Which services a list holds: what it is narrowed by, told from stored rows and counts, never from answers.

A service is judged by the furthest stage that is open to it, as its row is (`rows.py`).
"""

from collections.abc import Mapping
from datetime import date, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from accounts import calendar, searches
from accounts.access import Standing
from checklists.gates import Outcome
from checklists.models import Tally
from portfolio.rows import rows_of
from portfolio.wanted import Demanded, Filters, Wanted, Window
from reviews.models import Condition
from stages.access import visible_services
from stages.models import Passage, PassageState, Service, Stage


def matching(who: Standing, wanted: Wanted) -> QuerySet[Service]:
    """The services of one list, in no order. A suggestion costs five more queries: it comes last."""
    asked, on = wanted.filters, calendar.day()
    found = visible_services(who).filter(_plainly(asked, on), archived_at__isnull=not asked.archived)
    if who.sees_all and who.roles and not wanted.everything:
        found = found.filter(team__in=who.roles)
    if asked.stage or asked.suggestion:
        found = _with_stage(found)
    if asked.stage:
        found = found.filter(current_stage__in=Stage.objects.filter(slug=asked.stage).values("pk"))
    if asked.suggestion:
        found = found.filter(_suggested(asked.suggestion, _overtaken(found, on), on))
    return found


def _plainly(asked: Filters, on: date) -> Q:
    """What the service's own row says, and its conditions."""
    narrowed = Q()
    if asked.team:
        narrowed &= Q(team__slug=asked.team)
    if asked.q:
        narrowed &= searches.holding(asked.q, "name")
    if asked.live:
        narrowed &= _window(asked.live, on)
    if asked.live_from:
        narrowed &= Q(went_live_on__isnull=True, planned_on__gte=asked.live_from) | Q(went_live_on__gte=asked.live_from)
    if asked.live_to:
        narrowed &= Q(went_live_on__isnull=True, planned_on__lte=asked.live_to) | Q(went_live_on__lte=asked.live_to)
    if asked.conditions:
        narrowed &= Q(pk__in=_demanded(asked.conditions, on).values("service"))
    return narrowed


def _window(window: str, on: date) -> Q:
    if window == Window.LIVE:
        return Q(went_live_on__isnull=False)
    planned = {"planned_on__lt": on}
    if window != Window.OVERDUE:
        planned = {"planned_on__gte": on, "planned_on__lte": on + timedelta(days=int(window))}
    return Q(went_live_on__isnull=True, **planned)


def _demanded(which: str, on: date) -> QuerySet[Condition]:
    still_open = Condition.objects.filter(state=Condition.State.OPEN).order_by()
    return still_open.filter(due_on__lt=on) if which == Demanded.OVERDUE else still_open


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


def _suggested(outcome: str, overtaken: Mapping[int, str], on: date) -> Q:
    """Services with this suggestion: what their tallies come to, or for those `overtaken` what was counted anew."""
    anew = [pk for pk, suggestion in overtaken.items() if suggestion == outcome]
    return (_stored(outcome, on) & ~Q(pk__in=list(overtaken))) | Q(pk__in=anew)


def _stored(outcome: str, on: date) -> Q:
    """The tally's suggestion, but never plain go while something else weighs on the gate."""
    stored = Tally.objects.filter(service=OuterRef("pk"), stage=OuterRef("current_stage"))
    if outcome == Outcome.GO_WITH_CONDITIONS:
        return Q(Exists(stored.filter(outcome=outcome))) | (Q(Exists(stored.filter(outcome=Outcome.GO))) & _weighed(on))
    asked = Q(Exists(stored.filter(outcome=outcome)))
    return asked & ~_weighed(on) if outcome == Outcome.GO else asked


def _weighed(on: date) -> Q:
    """Is a condition overdue, an earlier stage open again, or does a golden rule of a passed one no longer hold?"""
    overdue = _demanded(Demanded.OVERDUE, on).filter(service=OuterRef("pk"))
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
