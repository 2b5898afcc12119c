"""The content of a decision record: what was signed, on which picture, in sight of which changes.

Keys: `format` 1 · `snapshot` (SHA-256) · `service` {name, slug, team} · `stage` {slug, title, gate_question, round}
· `review` {number, asked_by, asked_at, note} · `outcome` · `rationale` · `conditions` [{number, text, owner, due_on,
requirements}] · `suggestion` {outcome, reasons} as recomputed under the lock · `waivers` [{slug, number, title, …
as sealed with an entry}] that golden rules rested on then · `changes` [{slug, number, what,
before, after}] since the snapshot · `decided_by` · `decided_at`.
"""

from collections.abc import Iterable
from datetime import datetime

from accounts.models import User
from reviews import picture, snapshots
from reviews.cases import Case

Json = dict[str, object]


def content(case: Case, *, outcome: str, rationale: str, conditions: Iterable[Json], by: User, at: datetime) -> Json:
    return {
        "format": 1,
        "snapshot": case.review.snapshot.sha256,
        "service": _part(case.content["service"], "name", "slug", "team"),
        "stage": _part(case.content["stage"], "slug", "title", "gate_question", "round"),
        "review": _review(case),
        "outcome": str(outcome),
        "rationale": rationale,
        "conditions": [{"number": number, **told} for number, told in enumerate(conditions, start=1)],
        "suggestion": snapshots.suggestion(case.suggestion),
        "waivers": picture.waivers(case.content, case.on),
        "changes": [change.as_json() for change in case.changes],
        "decided_by": snapshots.person(by),
        "decided_at": snapshots.moment(at),
    }


def _part(whole: Json, *keys: str) -> Json:
    return {key: whole[key] for key in keys}


def _review(case: Case) -> Json:
    review = case.review
    return {
        "number": review.number,
        "asked_by": snapshots.person(review.asked_by),
        "asked_at": snapshots.moment(review.asked_at),
        "note": review.note,
    }
