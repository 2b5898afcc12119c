"""Reports: asked for as a row, found again by everybody who asks for the same.

Asking stores the row (sealing today's snapshot first when no record is named) in one transaction; after the commit
a message with the row's id is sent. Sending may fail and nothing depends on it: the sweep sends again.
"""

from datetime import datetime

from django.db import IntegrityError, transaction

from accounts import calendar, chaining
from accounts.chaining import Trail
from accounts.models import User
from jobs import leasing
from reviews import press, reports, sealing, shelf
from reviews.models import Decision, Report, Snapshot
from stages.models import Service


def request(
    *, by: User, service: Service, record: Snapshot | Decision | None, language: str, at: datetime | None = None
) -> Report:
    """Ask for the PDF of a sealed record; without one, of the service's current stage as it is now.

    Asking again gives the same row while it waits, is being made or is done; one that failed is started again.
    """
    with chaining.chain(service.scope, at=at) as trail:
        report, new = _row(trail, by, service, record or _today(trail, by, service), language)
        if new:
            _sent(trail, by, report, "ask for report")
    if new or leasing.status(report).state != Report.State.FAILED:
        return report
    return retry(by=by, report=report)


def retry(*, by: User, report: Report, at: datetime | None = None) -> Report:
    """Make a report again that failed, or whose file is gone or altered; anything else stays as it is.

    Gives another report of the same record where there is one that has not failed.
    """
    with chaining.chain(report.service.scope, at=at) as trail:
        if report.state == Report.State.DONE and shelf.fetch(report) is None:
            Report.objects.filter(pk=report.pk, state=Report.State.DONE).update(state=Report.State.FAILED)
        try:
            with transaction.atomic():
                again = leasing.restart(Report.objects.all(), report.pk)
        except IntegrityError:
            return _living(report.record, report.language).get()
        if again:
            _sent(trail, by, report, "ask for report again")
    report.refresh_from_db()
    return report


def _row(trail: Trail, by: User, service: Service, record: Snapshot | Decision, language: str) -> tuple[Report, bool]:
    """The one row of a record in a language that has not failed, and whether it is new."""
    decision = record if isinstance(record, Decision) else None
    try:
        with transaction.atomic():
            report = Report.objects.create(
                service=service,
                snapshot=decision.review.snapshot if decision else record,
                decision=decision,
                record=record.sha256,
                language=language,
                requested_by=by,
                requested_at=trail.at,
                deadline=leasing.deadline(),
            )
    except IntegrityError:
        return _living(record.sha256, language).get(), False
    report.refresh_from_db(fields=["deadline"])
    return report, True


def _living(record: str, language: str):
    same = leasing.judged(Report.objects.filter(record=record, language=language, form="pdf"))
    return same.exclude(state=Report.State.FAILED)


def _sent(trail: Trail, by: User, report: Report, verb: str) -> None:
    trail.add(by=by, verb=verb, subject=f"report:{report.pk}", after={"record": report.record})
    transaction.on_commit(lambda: press.publish(report.pk))


def _today(trail: Trail, by: User, service: Service) -> Snapshot:
    """The picture of now: sealed anew, unless nothing was written since the last one of this day (a second click)."""
    passage = reports.current_passage(service)
    there = reports.sealed_today(passage, calendar.day(trail.at))
    return there or sealing.seal(trail=trail, by=by, passage=passage)
