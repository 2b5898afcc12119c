"""Which sealed records of a service can become a report, and which reports there are."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet, Subquery
from django.utils.translation import gettext as _

from accounts import calendar
from accounts.models import TrailEntry
from jobs import leasing
from reviews import wording
from reviews.models import Decision, Report, Snapshot
from stages.models import Passage, PassageState, Service

TODAY = "today"


@dataclass(frozen=True)
class Choice:
    """A record that a report can be asked for; `value` is its digest, or `today`."""

    value: str
    title: str


def choices(service: Service) -> list[Choice]:
    """Today first, then what was decided or sealed for a review, the latest first."""
    passage = current_passage(service)
    today = Choice(TODAY, _("%(stage)s as it is now") % {"stage": passage.stage.title})
    return [today, *(Choice(record.sha256, title(record)) for record in _records(service))]


def record_of(service: Service, value: str) -> Snapshot | Decision | None:
    """The record with a digest; None stands for today. Raises `LookupError` when the service has no such record."""
    if value == TODAY:
        return None
    for records in (_decisions(service), _snapshots(service)):
        if found := records.filter(sha256=value).first():
            return found
    raise LookupError(value)


def title(record: Snapshot | Decision) -> str:
    """What a record is, in a few words: stage, what happened, when."""
    if isinstance(record, Decision):
        stage, at = record.review.passage.stage.title, record.decided_at
        return _("%(stage)s: %(outcome)s, decided on %(day)s") % {
            "stage": stage,
            "outcome": wording.outcome(record.outcome),
            "day": calendar.in_words(at),
        }
    told = {"stage": record.passage.stage.title, "day": calendar.in_words(record.sealed_at, "DATETIME_FORMAT")}
    if hasattr(record, "review"):
        return _("%(stage)s: as sealed for review %(number)d on %(day)s") % {**told, "number": record.review.number}
    return _("%(stage)s: as it was on %(day)s") % told


def subject(report: Report) -> str:
    """What a report renders, in a few words; its records loaded by `listed`."""
    return title(report.decision or report.snapshot)


def stands(report: Report, aged: Mapping[int, str]) -> str:
    """What a report says has become: `superseded`, `stale`, `changed`, or nothing. What it said it goes on saying."""
    decision, review = report.decision, getattr(report.snapshot, "review", None)
    if decision and review and review.decision_id != decision.pk:
        return "superseded"
    return aged.get(decision.pk, "") if decision else ""


def listed(service: Service) -> QuerySet[Report]:
    """The reports of a service, the latest first, ready to be named."""
    return named(Report.objects.filter(service=service))


def named(rows: QuerySet[Report]) -> QuerySet[Report]:
    """Reports with what `subject` and `leasing.status` need; without the sealed texts."""
    found = leasing.judged(rows).select_related(
        "requested_by", "decision__review__passage__stage", "snapshot__passage__stage", "snapshot__review"
    )
    return found.defer("snapshot__content", "decision__content", "decision__rationale")


def current_passage(service: Service) -> Passage:
    """The stage a service works on: the one that is open or in review, else the last it passed."""
    passages = service.passages.exclude(state=PassageState.LOCKED).select_related("stage__edition__playbook")
    passage = passages.order_by("stage__position", "round").last()
    passage.service = service
    return passage


def sealed_today(passage: Passage, on: date) -> Snapshot | None:
    """The latest picture of a passage, when it was sealed on that day and nothing has been written since."""
    snapshot = Snapshot.objects.filter(passage=passage).first()
    if snapshot is None or calendar.day(snapshot.sealed_at) != on:
        return None
    entries = TrailEntry.objects.filter(scope=passage.service.scope)
    sealed = entries.filter(subject=f"snapshot:{snapshot.pk}").values("sequence")[:1]
    since = entries.filter(sequence__gt=Subquery(sealed)).exclude(subject__startswith="report:")
    return None if since.exists() else snapshot


def _records(service: Service) -> Iterator[Snapshot | Decision]:
    yield from _decisions(service).defer("content", "rationale", "review__snapshot__content")
    yield from _snapshots(service).defer("content").filter(review__isnull=False, review__decision__isnull=True)


def _decisions(service: Service) -> QuerySet[Decision]:
    decisions = Decision.objects.filter(review__passage__service=service)
    return decisions.select_related("review__passage__stage", "review__snapshot")


def _snapshots(service: Service) -> QuerySet[Snapshot]:
    return Snapshot.objects.filter(service=service).select_related("passage__stage", "review")
