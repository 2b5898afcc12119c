"""Seals a picture: the canonical JSON of a gate and its SHA-256, never changed afterwards."""

from collections.abc import Mapping, Sequence

from accounts import calendar
from accounts.chaining import Trail
from accounts.models import User
from reviews import canonical, picture, snapshots
from reviews.gate import gate_of
from reviews.models import Confirmation, Snapshot
from stages.models import Passage


def seal(
    *,
    trail: Trail,
    by: User,
    passage: Passage,
    confirmations: Sequence[Confirmation] | None = None,
    people: Mapping[str, User] | None = None,
) -> Snapshot:
    """Seal what is true of `passage` now, inside the open chain of its service.

    `confirmations` (not stored yet) stand for those of the open review; `people` names who else stands behind
    the picture. The very same content gives the row that is there.
    """
    seen = gate_of(passage, on=calendar.day(trail.at), confirmations=confirmations)
    content = snapshots.content(seen, by=by, at=trail.at, people=people or {})
    text = canonical.text(content)
    snapshot, new = Snapshot.objects.get_or_create(
        sha256=canonical.digest_of_text(text),
        defaults={
            "service": passage.service,
            "passage": passage,
            "content": text,
            "material": picture.material(content),
            "sealed_by": by,
            "sealed_at": trail.at,
        },
    )
    if new:
        after = {"sha256": snapshot.sha256, "stage": passage.stage.slug, "round": passage.round}
        trail.add(by=by, verb="seal", subject=f"snapshot:{snapshot.pk}", after=after)
    return snapshot
