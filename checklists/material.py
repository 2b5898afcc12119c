"""What counts of a stage's answers, as one digest: whether something that counts has changed since is one comparison.

States, ratings, evidence, versions, waivers that a rule rests on, and what the clock made of them; not notes, people
or due dates. Pure.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping

from checklists.models import DocumentVersion, State
from checklists.readiness import Row

COUNTING = (State.AWAITING, State.APPROVED)  # states of a document version that stands for its deliverable


def of_rows(rows: Iterable[Row], edition: int) -> str:
    """The digest of a stage as its rows are on their day; a sealed picture gives the same (`reviews.picture`)."""
    return _sha256(told(rows, edition))


def told(rows: Iterable[Row], edition: int) -> str:
    """What that digest is made of, as one text."""
    return _text(edition, {row.requirement.slug: _row(row) for row in rows})


def digest(edition: int, entries: Mapping[str, object]) -> str:
    """SHA-256 (hex) of the material content of a stage."""
    return _sha256(_text(edition, entries))


def _text(edition: int, entries: Mapping[str, object]) -> str:
    content = {"edition": edition, "entries": entries}
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def entry(
    *,
    state: str,
    rating: int | None,
    evidence: Iterable[str],
    document: Mapping[str, object] | None,
    recheck: bool,
    waiver: str | None,
) -> dict[str, object]:
    """The material content of one entry; `waiver` is the digest of the one it rests on.

    What the clock did not change, and what is not waived, is not said, so that old digests hold.
    """
    told = {"state": str(state), "rating": rating, "evidence": sorted(set(evidence)), "document": document}
    if recheck:
        told["recheck"] = True
    if waiver:
        told["waiver"] = waiver
    return told


def _row(row: Row) -> dict[str, object]:
    return entry(
        state=row.entry.state,
        rating=row.entry.rating,
        evidence=[piece.sha256 for piece in row.evidence],
        document=_version(row.document),
        recheck=row.entry.recheck,
        waiver=row.waiver.sha256 if row.waiver and row.entry.waived else None,
    )


def _version(version: DocumentVersion | None) -> dict[str, object] | None:
    counts = version is not None and version.state in COUNTING
    return {"number": version.number, "sha256": version.sha256} if version and counts else None
