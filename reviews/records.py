"""The content of a decision record: what was signed, on which picture, in sight of which changes.

Keys: `format` 1 · `snapshot` (SHA-256) · `service` {name, slug, team} · `stage` {slug, title, gate_question, round}
· `review` {number, asked_by, asked_at, note} · `outcome` · `rationale` · `conditions` [{number, text, owner, due_on,
days_after_live, requirements}] · `suggestion` {outcome, reasons} as recomputed under the lock · `waivers` [{slug,
number, title, … as sealed with an entry}] that golden rules rested on then · `changes` [{slug, number, what, before,
after}] since the snapshot · `supersedes` {sha256, outcome, decided_by, decided_at, mistake} or null (absent in older
records) · `decided_by` · `decided_at`.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from accounts.models import User
from reviews import picture, snapshots
from reviews.cases import Case
from reviews.models import Decision

if TYPE_CHECKING:
    from reviews.deciding import Said

Json = dict[str, object]


def content(case: Case, said: "Said", *, conditions: Iterable[Json], by: User, at: datetime) -> Json:
    """The record of what `by` signs."""
    return {
        "format": 1,
        "snapshot": case.review.snapshot.sha256,
        "service": _part(case.content["service"], "name", "slug", "team"),
        "stage": _part(case.content["stage"], "slug", "title", "gate_question", "round"),
        "review": _review(case),
        "outcome": str(said.outcome),
        "rationale": said.rationale,
        "conditions": [{"number": number, **told} for number, told in enumerate(conditions, start=1)],
        "suggestion": snapshots.suggestion(case.suggestion),
        "waivers": picture.waivers(case.content, case.on),
        "changes": [change.as_json() for change in case.changes],
        "supersedes": _superseded(case.review.decision, said.mistake),
        "decided_by": snapshots.person(by),
        "decided_at": snapshots.moment(at),
    }


def _part(whole: Json, *keys: str) -> Json:
    return {key: whole[key] for key in keys}


def _superseded(decision: Decision | None, mistake: str) -> Json | None:
    if decision is None:
        return None
    return {
        "sha256": decision.sha256,
        "outcome": decision.outcome,
        "decided_by": snapshots.person(decision.decided_by),
        "decided_at": snapshots.moment(decision.decided_at),
        "mistake": mistake,
    }


def _review(case: Case) -> Json:
    review = case.review
    return {
        "number": review.number,
        "asked_by": snapshots.person(review.asked_by),
        "asked_at": snapshots.moment(review.asked_at),
        "note": review.note,
    }
