"""The trail of one scope as JSON Lines: first where the chain ends, then each entry with its digest."""

import json
from collections.abc import Iterator

from accounts.models import Chain, TrailEntry

AT_ONCE = 500  # entries held in memory


def lines(scope: str) -> Iterator[str]:
    """The head first, so that the file says by itself what it must hold; then every entry up to it, in order.

    Keep the head elsewhere: `manage.py verify_trail --scope … --head …` proves later that nothing was cut off.
    """
    row = Chain.objects.filter(pk=scope).first() or Chain(scope=scope)
    yield _line({"format": 1, "scope": scope, "sequence": row.sequence, "head": row.head})
    entries = TrailEntry.objects.filter(scope=scope, sequence__lte=row.sequence).select_related("who")
    for entry in entries.order_by("sequence").iterator(chunk_size=AT_ONCE):
        yield _line(_told(entry))


def _told(entry: TrailEntry) -> dict[str, object]:
    return {
        "sequence": entry.sequence,
        "at": entry.at.isoformat(),
        "who": {"id": entry.who.pk, "name": str(entry.who)} if entry.who else None,
        "verb": entry.verb,
        "subject": entry.subject,
        "before": entry.before,
        "after": entry.after,
        "digest": entry.digest,
    }


def _line(told: dict[str, object]) -> str:
    return json.dumps(told, ensure_ascii=False) + "\n"
