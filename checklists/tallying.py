"""Tallies: what lists need of a stage. Written with the answers, and provable: counted anew, they are the same.

The one writer of the table; `working` calls it in the transaction of each answer.
"""

from collections.abc import Iterator
from datetime import date

from accounts import calendar, chaining, storing
from checklists import readiness, tallies
from checklists.models import Tally
from checklists.readiness import Readiness
from stages import catalogue
from stages.catalogue import Sheet
from stages.models import Service

BATCH = 100  # tallies that one sweep sees to


def tally(*, service: Service, sheet: Sheet, on: date | None = None) -> Tally:
    """Count one stage anew and store it; inside the open chain of the service."""
    return store(service=service, ready=readiness.of(service, sheet, on=on))


def store(*, service: Service, ready: Readiness) -> Tally:
    """Store what a stage comes to, in one statement; inside the open chain of the service."""
    row = Tally(service=service, stage=ready.sheet.stage, **tallies.counted(ready))
    storing.put(row, once=("service", "stage"))
    return row


def sweep(*, limit: int = BATCH) -> int:
    """Count anew what the clock has overtaken, the longest overdue first; returns how many services were seen to.

    The machine does this, so it leaves no trail. Safe to run twice, and at once: each service under its chain.
    """
    today = calendar.day()
    due = Tally.objects.lapsed(today).order_by("fresh_until", "pk").values_list("service", flat=True)[:limit]
    services = Service.objects.in_bulk(set(due))
    for service in services.values():
        _refresh(service, today)
    return len(services)


def _refresh(service: Service, today: date) -> None:
    with chaining.chain(service.scope):
        for lapsed in Tally.objects.lapsed(today).filter(service=service):
            tally(service=service, sheet=catalogue.of(service.edition_id).sheet_by_id(lapsed.stage_id), on=today)


def rebuild(*, service: Service) -> None:
    """Count every stage of a service anew. The machine does this, so it leaves no trail."""
    with chaining.chain(service.scope):
        for sheet in catalogue.of(service.edition_id).sheets:
            tally(service=service, sheet=sheet)


def differences(*, service: Service, on: date | None = None) -> Iterator[str]:
    """Where the stored tallies are not what the answers say: stage, field, stored and counted value.

    On the day given, or today; a tally that the clock has overtaken, which nobody believes, on its last day.
    """
    stored = {row.stage_id: row for row in Tally.objects.filter(service=service)}
    for sheet in catalogue.of(service.edition_id).sheets:
        row = stored.get(sheet.stage.pk)
        if row is None:
            yield f"{sheet.stage.slug}: no tally"
            continue
        day = on or min(calendar.day(), row.fresh_until or date.max)
        for name, value in tallies.counted(readiness.of(service, sheet, on=day)).items():
            if getattr(row, name) != value:
                yield f"{sheet.stage.slug}: {name} is {getattr(row, name)}, counted {value}"
