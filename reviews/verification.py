"""What a digest names: a sealed picture, a decision, or the file of a report; for whoever holds the digest.

What is told comes from the sealed text itself, and only after its digest was computed again and found in the trail:
columns beside it could have been altered. Nobody's name, no answer and no reason leaves this module.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reviews import attested, canonical
from reviews.models import Decision, Report, Review, Snapshot

AUTHENTIC, SUPERSEDED, WITHDRAWN, ALTERED = "authentic", "superseded", "withdrawn", "altered"
SNAPSHOT, DECISION, FILE = "snapshot", "decision", "file"
_DIGEST = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")


@dataclass(frozen=True)
class Told:
    """What a sealed record says of itself; `outcome` is empty for a picture that was not decided on."""

    service: str
    stage: str
    round: int
    sealed_at: datetime
    outcome: str = ""
    decided_at: datetime | None = None


@dataclass(frozen=True)
class Finding:
    """`what` the digest names and in which `state` that is; an altered record tells nothing."""

    what: str
    state: str
    told: Told | None


def digest_in(text: str) -> str:
    """The digest in what somebody typed or pasted, spaces and capitals aside; empty when there is none."""
    found = _DIGEST.search("".join(text.split()).lower())
    return found[0] if found else ""


def of(digest: str) -> Finding | None:
    """What the digest names, in at most six queries; None when nothing here has it."""
    return _decision(digest) or _snapshot(digest) or _file(digest)


def _decision(digest: str) -> Finding | None:
    found = (
        Decision.objects.select_related("review__snapshot__service", "review__passage").filter(sha256=digest).first()
    )
    return _finding(DECISION, found.review.snapshot, found) if found else None


def _snapshot(digest: str) -> Finding | None:
    found = Snapshot.objects.select_related("service", "passage", "review__decision").filter(sha256=digest).first()
    return _finding(SNAPSHOT, found, _decision_on(found)) if found else None


def _file(digest: str) -> Finding | None:
    records = ("decision", "snapshot__service", "snapshot__passage", "snapshot__review__decision")
    found = Report.objects.select_related(*records).filter(sha256=digest).order_by("-pk").first()
    if found is None:
        return None
    finding = _finding(FILE, found.snapshot, found.decision or _decision_on(found.snapshot))
    renders = found.decision or found.snapshot
    return finding if found.record == renders.sha256 else Finding(FILE, ALTERED, None)


def _decision_on(snapshot: Snapshot) -> Decision | None:
    return getattr(getattr(snapshot, "review", None), "decision", None)


def _finding(what: str, snapshot: Snapshot, decision: Decision | None) -> Finding:
    if not _intact(snapshot, decision):
        return Finding(what, ALTERED, None)
    told = _told(canonical.load(snapshot.content), canonical.load(decision.content) if decision else None)
    return Finding(what, _state(snapshot, decision), told)


def _intact(snapshot: Snapshot, decision: Decision | None) -> bool:
    """Are the stored texts what was sealed, and does the decision rest on this picture?"""
    records = [snapshot, *([decision] if decision else [])]
    if not attested.intact(*records, scope=snapshot.service.scope):
        return False
    return decision is None or canonical.load(decision.content)["snapshot"] == snapshot.sha256


def _told(content: Mapping[str, Any], decision: Mapping[str, Any] | None) -> Told:
    return Told(
        service=content["service"]["name"],
        stage=str(content["stage"]["title"]),
        round=content["stage"]["round"],
        sealed_at=datetime.fromisoformat(content["sealed_at"]),
        outcome=decision["outcome"] if decision else "",
        decided_at=datetime.fromisoformat(decision["decided_at"]) if decision else None,
    )


def _state(snapshot: Snapshot, decision: Decision | None) -> str:
    if decision is None and getattr(snapshot, "review", None) and snapshot.review.state == Review.State.WITHDRAWN:
        return WITHDRAWN
    return SUPERSEDED if _decided_later(snapshot, decision) else AUTHENTIC


def _decided_later(snapshot: Snapshot, decision: Decision | None) -> bool:
    """Does a later decision of the same stage exist: after this one, or on a later picture than this one?"""
    passage = snapshot.passage
    decisions = Decision.objects.filter(
        review__passage__service=passage.service_id, review__passage__stage=passage.stage_id
    )
    later = {"pk__gt": decision.pk} if decision else {"review__snapshot__gt": snapshot.pk}
    return decisions.filter(**later).exists()
