"""Is a sealed record what was sealed? Its text has its digest, and the trail of its service names that digest.

Whoever may change rows can give another text its own digest, but cannot write that digest into the trail, which is
keyed (`accounts.soundness` tells whether its links hold).
"""

from collections.abc import Iterable, Iterator
from itertools import chain

from accounts.models import TrailEntry
from accounts.soundness import ALTERED, MISSING, Break
from reviews import canonical
from reviews.models import Decision, Snapshot

VERBS = ("seal", "decide", "supersede")  # of the entries that name what was sealed
AT_ONCE = 50  # records held in memory
Record = Snapshot | Decision


def intact(*records: Record, scope: str) -> bool:
    """Are they all what was sealed for the service of this scope? In one query each, or none for an altered text."""
    return all(_whole(one) and one.sha256 in _named(scope, _subject(one)) for one in records)


def breaks(scope: str) -> Iterator[Break]:
    """Each sealed record of a service that is not what its trail names, or is gone; none in a scope of another kind.

    Beside the text it is compared what a decision's own columns say, for pages show those.
    """
    if not scope.startswith("service:"):
        return
    left = {(subject, sha256): sequence for sequence, subject, sha256 in _all_named(scope)}
    for record in _records(int(scope.removeprefix("service:"))):
        sequence = left.pop((_subject(record), record.sha256), 0)
        if not sequence or not _whole(record) or not _columns_agree(record):
            yield Break(scope, sequence, ALTERED, f"The {_words(record)} is not what was sealed.")
    for (subject, _sha256), sequence in left.items():
        yield Break(scope, sequence, MISSING, f"What was sealed for {subject} is gone, or is not what was sealed.")


def _whole(record: Record) -> bool:
    return canonical.digest_of_text(record.content) == record.sha256


def _columns_agree(record: Record) -> bool:
    if isinstance(record, Snapshot):
        return True
    told = canonical.load(record.content)
    said = (told["outcome"], told["rationale"], told["decided_by"]["id"])
    return said == (record.outcome, record.rationale, record.decided_by_id)


def _records(service: int) -> Iterable[Record]:
    decisions = Decision.objects.filter(review__passage__service=service)
    return chain(
        *(rows.order_by("pk").iterator(AT_ONCE) for rows in (Snapshot.objects.filter(service=service), decisions))
    )


def _named(scope: str, subject: str) -> set[str]:
    """The digests that the trail names of one subject."""
    entries = TrailEntry.objects.filter(scope=scope, subject=subject, verb__in=VERBS)
    return {after["sha256"] for after in entries.values_list("after", flat=True)}


def _all_named(scope: str) -> Iterator[tuple[int, str, str]]:
    entries = TrailEntry.objects.filter(scope=scope, verb__in=VERBS).order_by("sequence")
    return ((entry.sequence, entry.subject, entry.after["sha256"]) for entry in entries)


def _subject(record: Record) -> str:
    return f"snapshot:{record.pk}" if isinstance(record, Snapshot) else f"review:{record.review_id}"


def _words(record: Record) -> str:
    if isinstance(record, Snapshot):
        return f"picture {record.pk}"
    return f"decision {record.pk} on review {record.review_id}"
