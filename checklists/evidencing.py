"""Evidence: attaching a note, link or file to an answer, and taking it off again.

Evidence is never changed, and taking it off deletes nothing: sealed records may rest on it.
"""

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.refusals import Refusal
from checklists import proofs
from checklists.models import Answer, Evidence
from checklists.proofs import Piece, Proof
from checklists.working import Work, work_on
from stages.models import Requirement, Service

__all__ = ["Proof", "attach", "detach", "place"]


def attach(
    *, by: User, service: Service, requirement: Requirement, proof: Proof, at: datetime | None = None
) -> Evidence:
    """Put evidence behind the answer; the same piece again (a double click) gives the one that is there."""
    piece = proofs.evidence(proof)
    with work_on(service=service, requirement=requirement, piece=piece, at=at) as work:
        return place(work=work, piece=piece, by=by)


def detach(
    *, by: User, service: Service, requirement: Requirement, evidence: Evidence, at: datetime | None = None
) -> None:
    """Take evidence off the answer. A met rule or a good rating left without any turns to re-check."""
    with work_on(service=service, requirement=requirement, at=at) as work:
        left = tuple(piece for piece in work.row.evidence if piece.pk != evidence.pk)
        if left == work.row.evidence:
            return
        Answer.evidence.through.objects.filter(answer=work.row.answer, evidence=evidence).delete()
        work.put(evidence=left)
        work.trail.add(by=by, verb="detached", subject=requirement.subject, before=_told(evidence))


def place(*, work: Work, piece: Piece, by: User) -> Evidence:
    """Store a piece behind the answer of the work at hand, unless the same one is there already."""
    new: Evidence = piece.row
    new.effective_from = new.effective_from or work.on
    if new.valid_until and new.valid_until < new.effective_from:
        raise Refusal(_("The evidence would end before it begins."), field="valid_until")
    same = next((one for one in work.row.evidence if _key(one) == _key(new)), None)
    if same:
        return same
    new.service, new.added_by, new.added_at = work.service, by, work.trail.at
    new.save(force_insert=True)
    Answer.evidence.through.objects.create(answer=work.stored_answer(by), evidence=new)
    work.put(evidence=(*work.row.evidence, new))
    work.trail.add(by=by, verb="attached", subject=work.requirement.subject, after=_told(new))
    return new


def _told(evidence: Evidence) -> dict[str, object]:
    return {"evidence": evidence.pk, "form": evidence.form, "title": evidence.title, "sha256": evidence.sha256}


def _key(evidence: Evidence) -> tuple[object, ...]:
    return (
        evidence.form,
        evidence.sha256,
        evidence.title,
        evidence.text,
        evidence.effective_from,
        evidence.valid_until,
    )
