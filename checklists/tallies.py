"""What stored tallies come to on a day: believed until the clock has overtaken them, then counted anew.

Lists, gates and filters read tallies through here, never a field of a row that may have lapsed.
"""

from collections.abc import Iterable
from datetime import date

from checklists import gates, material, readiness
from checklists.models import Tally
from checklists.readiness import Readiness
from stages import catalogue
from stages.models import Stage

Current = dict[tuple[int, int], Tally]  # by the ids of service and stage


def counted(ready: Readiness) -> dict[str, object]:
    """The fields of a tally: what a stage comes to without conditions, which a list joins by itself."""
    suggestion = gates.suggest(ready.counts, threshold=ready.sheet.stage.edition.threshold)
    return vars(ready.counts) | {
        "outcome": suggestion.outcome.value,
        "material": material.of_rows(ready.rows, ready.sheet.stage.edition.number),
        "fresh_until": ready.fresh_until,
        "waived_until": ready.waived_until,
    }


def current(stored: Iterable[Tally], *, on: date) -> Current:
    """The tallies as they are on a day, none of them stored: no query more while all hold, five when some do not."""
    stored = list(stored)
    lapsed = [one for one in stored if one.lapsed(on)]
    return {(one.service_id, one.stage_id): one for one in stored if not one.lapsed(on)} | _anew(lapsed, on)


def _anew(lapsed: list[Tally], on: date) -> Current:
    if not lapsed:
        return {}
    stages = {one.stage_id for one in lapsed}
    editions = dict(Stage.objects.filter(pk__in=stages).values_list("pk", "edition"))
    sheets = {stage: catalogue.of(editions[stage]).sheet_by_id(stage) for stage in stages}
    read = readiness.read([(one.service_id, sheets[one.stage_id]) for one in lapsed], on=on)
    return {
        (service, sheet.stage.pk): Tally(
            service_id=service, stage=sheet.stage, **counted(readiness.follow(sheet, rows, on=on))
        )
        for (service, sheet), rows in read.items()
    }
