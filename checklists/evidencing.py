"""Evidence: put behind an answer, taken off it again, and replaced by a new revision.

A revision is never changed, and taking it off or replacing it deletes nothing: sealed records may rest on it.
"""

from datetime import date, datetime

from django.utils.translation import gettext as _

from accounts import calendar, noticing
from accounts.chaining import Trail
from accounts.models import User
from accounts.refusals import Conflict, Refusal
from checklists import proofs, tallying
from checklists.models import Answer, Evidence
from checklists.proofs import Piece, Proof
from checklists.reminding import OF_EVIDENCE
from checklists.working import Work, file_of, work_on
from stages import catalogue, chains
from stages.models import Requirement, Service

__all__ = ["Proof", "attach", "bring", "detach", "keep", "place", "prove", "revise", "stand"]
DATES = ("effective_from", "valid_until")


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
    """Take evidence off the answer. A met rule or a good rating left without any turns to re-check.

    Conflict when a newer revision has taken its place: that one was not looked at.
    """
    with work_on(service=service, requirement=requirement, at=at) as work:
        there = next((piece for piece in work.row.evidence if piece.series == evidence.series), None)
        if there is None:
            return
        if there.pk != evidence.pk:
            raise Conflict(_("“%(title)s” has a newer revision since you looked.") % {"title": evidence.title})
        Answer.evidence.through.objects.filter(answer=work.row.answer, evidence=evidence).delete()
        work.put(evidence=tuple(piece for piece in work.row.evidence if piece.pk != evidence.pk))
        work.trail.add(by=by, verb="detached", subject=requirement.subject, before=_told(evidence))


def revise(*, by: User, evidence: Evidence, proof: Proof, at: datetime | None = None) -> Evidence:
    """Put a new revision in the place of `evidence` behind every answer where it stands, and count their stages.

    `proof` says all of it; a file is left out where it stays. The same again (a double click) gives the one that is
    there. Conflict, with the `current` revision, when that is another than the one looked at.
    """
    piece = proofs.revision(evidence, proof)
    new: Evidence = piece.row
    with file_of(piece), chains.chain(evidence.service, at=at) as trail:
        _date(new, calendar.day(trail.at))
        current = Evidence.objects.filter(series=evidence.series).latest("number")
        if _key(current) == _key(new):
            return current
        if current.pk != evidence.pk:
            raise Conflict(_("A newer revision has taken its place since you looked."), current=current)
        new.service, new.series, new.number = evidence.service, current.series, current.number + 1
        new.added_by, new.added_at = by, trail.at
        new.save(force_insert=True)
        _replace(trail, by, current, new)
        noticing.settle(subject=current.subject, messages=OF_EVIDENCE, at=trail.at)
        return new


def prove(*, work: Work, proof: Piece | Evidence | None, by: User) -> None:
    """Put what is handed in with an answer behind it: something new, or what the service has already."""
    if isinstance(proof, Piece):
        place(work=work, piece=proof, by=by)
    elif proof:
        stand(work=work, evidence=proof, by=by)


def place(*, work: Work, piece: Piece, by: User) -> Evidence:
    """Store a piece behind the answer of the work at hand, unless the same one is there already."""
    new: Evidence = piece.row
    _date(new, work.on)
    same = next((one for one in work.row.evidence if _key(one) == _key(new)), None)
    if same:
        return same
    new.service, new.added_by, new.added_at = work.service, by, work.trail.at
    new.save(force_insert=True)
    return _stood(work, new, by)


def keep(*, trail: Trail, service: Service, piece: Piece, by: User) -> Evidence:
    """Store a piece that stands behind something else than an answer, inside the open chain of its service."""
    new: Evidence = piece.row
    _date(new, calendar.day(trail.at))
    new.service, new.added_by, new.added_at = service, by, trail.at
    new.save(force_insert=True)
    return new


def stand(*, work: Work, evidence: Evidence, by: User) -> Evidence:
    """Let evidence of the service stand behind this answer too; where it stands already, nothing more happens."""
    if any(one.pk == evidence.pk for one in work.row.evidence):
        return evidence
    if not Evidence.objects.current().filter(service=work.service, pk=evidence.pk).exists():
        told = _("“%(title)s” has a newer revision since you looked: choose again.")
        raise Refusal(told % {"title": evidence.title}, field="piece")
    return _stood(work, evidence, by)


def bring(*, work: Work, earlier: Evidence, by: User) -> Evidence:
    """Let evidence of an earlier service stand behind this answer, as evidence of this one that says where it is from.

    Once for the whole service: behind the next answer stands the same. A file is named by both, and never deleted.
    """
    here = Evidence.objects.filter(service=work.service, copied_from=earlier).first()
    if here:
        current = Evidence.objects.filter(series=here.series).latest("number")
        return stand(work=work, evidence=current, by=by)
    told = ("form", "title", "text", "address", "file", "file_name", "media_type", "size", "sha256")
    row = Evidence(copied_from=earlier, **{name: getattr(earlier, name) for name in (*told, *DATES)})
    return place(work=work, piece=Piece(row), by=by)


def _stood(work: Work, evidence: Evidence, by: User) -> Evidence:
    work.stand(evidence, by=by)
    work.trail.add(by=by, verb="attached", subject=work.requirement.subject, after=_told(evidence))
    return evidence


def _replace(trail: Trail, by: User, old: Evidence, new: Evidence) -> None:
    """Every answer that stood on the old revision stands on the new one; the trail says so at each of them."""
    Answer.evidence.through.objects.filter(evidence=old).update(evidence=new)
    slugs = set(new.answers.values_list("requirement__slug", flat=True))
    subjects = sorted(f"requirement:{slug}" for slug in slugs) or [new.subject]
    for subject in subjects:
        trail.add(by=by, verb="revised", subject=subject, before=_told(old), after=_told(new))
    for sheet in catalogue.of(new.service.edition_id).sheets:
        if slugs & sheet.by_slug.keys():
            tallying.tally(service=new.service, sheet=sheet, on=calendar.day(trail.at))


def _date(new: Evidence, on: date) -> None:
    new.effective_from = new.effective_from or on
    if new.valid_until and new.valid_until < new.effective_from:
        raise Refusal(_("The evidence would end before it begins."), field="valid_until")


def _told(evidence: Evidence) -> dict[str, object]:
    return {
        "evidence": evidence.pk,
        "number": evidence.number,
        "form": evidence.form,
        "title": evidence.title,
        "sha256": evidence.sha256,
        "valid_until": evidence.valid_until and evidence.valid_until.isoformat(),
    }


def _key(evidence: Evidence) -> tuple[object, ...]:
    return (
        evidence.form,
        evidence.sha256,
        evidence.title,
        evidence.text,
        evidence.effective_from,
        evidence.valid_until,
    )
