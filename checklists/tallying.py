"""Tallies: what lists need of a stage. Written with the answers, and provable: counted anew, they are the same.

The one writer of the table; `working` calls it in the transaction of each answer.
"""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date

from accounts import chaining
from checklists import gates, material, readiness
from checklists.models import Tally
from checklists.readiness import Readiness
from stages import catalogue
from stages.catalogue import Sheet
from stages.models import Service


def tally(*, service: Service, sheet: Sheet, on: date | None = None) -> Tally:
    """Count one stage anew and store it; inside the open chain of the service."""
    return store(service=service, ready=readiness.of(service, sheet, on=on))


def store(*, service: Service, ready: Readiness) -> Tally:
    """Store what a stage comes to, in one statement; inside the open chain of the service."""
    fields = _counted(ready)
    row = Tally(service=service, stage=ready.sheet.stage, **fields)
    Tally.objects.bulk_create([row], update_conflicts=True, unique_fields=["service", "stage"], update_fields=[*fields])
    return row


def rebuild(*, service: Service) -> None:
    """Count every stage of a service anew. The machine does this, so it leaves no trail."""
    with chaining.chain(service.scope):
        for sheet in catalogue.of(service.edition_id).sheets:
            tally(service=service, sheet=sheet)


def true_on(tally: Tally, service: Service, *, on: date) -> Tally:
    """The tally as it is, or counted anew and not stored where the clock alone has changed it by that day."""
    if tally.fresh_until is None or tally.fresh_until >= on:
        return tally
    ready = readiness.of(service, catalogue.of(service.edition_id).sheet_by_id(tally.stage_id), on=on)
    return Tally(service=service, stage=ready.sheet.stage, **_counted(ready))


def differences(*, service: Service, on: date | None = None) -> Iterator[str]:
    """Where the stored tallies are not what the answers say today: stage, field, stored and counted value."""
    stored = {row.stage_id: row for row in Tally.objects.filter(service=service)}
    for sheet in catalogue.of(service.edition_id).sheets:
        row = stored.get(sheet.stage.pk)
        if row is None:
            yield f"{sheet.stage.slug}: no tally"
            continue
        for name, value in _counted(readiness.of(service, sheet, on=on)).items():
            if getattr(row, name) != value:
                yield f"{sheet.stage.slug}: {name} is {getattr(row, name)}, counted {value}"


def _counted(ready: Readiness) -> dict[str, object]:
    """The fields of a tally: what a stage comes to without conditions, which a list joins by itself."""
    suggestion = gates.suggest(ready.counts, threshold=ready.sheet.stage.edition.threshold)
    return asdict(ready.counts) | {
        "outcome": suggestion.outcome.value,
        "material": material.of_rows(ready.rows, ready.sheet.stage.edition.number),
        "fresh_until": ready.fresh_until,
        "waived_until": ready.waived_until,
    }
