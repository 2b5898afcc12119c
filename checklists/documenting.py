"""Written deliverables: versions, sent for approval by one member, approved or sent back by another."""

from contextlib import AbstractContextManager
from datetime import datetime

from django.core.files.base import File
from django.utils.translation import gettext as _

from accounts import access
from accounts.acts import Act
from accounts.models import User
from accounts.refusals import Conflict, NotAllowed, Refusal
from checklists import answering, plaintext, proofs, telling
from checklists.models import Document, DocumentVersion, State
from checklists.proofs import Piece
from checklists.working import Work, work_on
from stages.models import Kind, Requirement, Service

VERBS = {
    State.AWAITING: "document_sent",
    State.APPROVED: "document_approved",
    State.SENT_BACK: "document_sent_back",
}


def add(
    *,
    by: User,
    service: Service,
    requirement: Requirement,
    title: str = "",
    address: str = "",
    file: File | None = None,
    at: datetime | None = None,
) -> DocumentVersion:
    """Add a draft version, as a link or a file. The same as the latest draft (a double click) gives that one."""
    return _added(by, service, requirement, proofs.version(title, address, file), at)


def bring(*, by: User, service: Service, requirement: Requirement, earlier: DocumentVersion) -> DocumentVersion:
    """Add a draft version that is the same as one of an earlier service; a file is named by both, and never deleted.

    Inside the open chain of the service. It says nothing yet: it is sent for approval like any other.
    """
    told = ("title", "address", "file", "file_name", "media_type", "size", "sha256")
    row = DocumentVersion(**{name: getattr(earlier, name) for name in told})
    return _added(by, service, requirement, Piece(row), None)


def _added(by: User, service: Service, requirement: Requirement, piece: Piece, at: datetime | None) -> DocumentVersion:
    version: DocumentVersion = piece.row
    with work_on(service=service, requirement=requirement, piece=piece, at=at) as work:
        if requirement.kind != Kind.DELIVERABLE:
            raise Refusal(_("Only a deliverable is written in versions."))
        latest = work.row.versions[-1] if work.row.versions else None
        if latest and latest.state == State.DRAFT and _content(latest) == _content(version):
            return latest
        version.document, _made = Document.objects.get_or_create(service=service, requirement=requirement)
        version.number = latest.number + 1 if latest else 1
        version.written_by, version.written_at = by, work.trail.at
        version.save(force_insert=True)
        _follow(work, (*work.row.versions, version), by=by)
        work.trail.add(by=by, verb="document_added", subject=requirement.subject, after=_told(version))
        return version


def send(*, by: User, version: DocumentVersion, at: datetime | None = None) -> DocumentVersion:
    """Send the latest draft for approval. Sent already by the same person: nothing more happens."""
    with _locked(version, at) as work:
        version = _latest(work, version)
        if version.state == State.AWAITING and version.sent_by_id == by.pk:
            return version
        if version.state != State.DRAFT:
            raise Conflict(_("This version has been sent for approval already."), row=work.row)
        version.sent_by, version.sent_at = by, work.trail.at
        return _moved(work, version, State.AWAITING, by=by)


def approve(*, by: User, version: DocumentVersion, remark: str = "", at: datetime | None = None) -> DocumentVersion:
    """Approve a version that somebody else sent."""
    return _judge(by, version, State.APPROVED, remark, at)


def send_back(*, by: User, version: DocumentVersion, remark: str, at: datetime | None = None) -> DocumentVersion:
    """Send a version back, always with a remark that says what is missing."""
    return _judge(by, version, State.SENT_BACK, remark, at)


def _judge(by: User, version: DocumentVersion, state: State, remark: str, at: datetime | None) -> DocumentVersion:
    remark = plaintext.cleaned(remark, field="remark")
    if state == State.SENT_BACK and not remark:
        raise Refusal(_("Say what is missing, so that the next version can be right."), field="remark")
    with _locked(version, at) as work:
        access.demand(by, Act.APPROVE, work.service.team)
        version = _latest(work, version)
        if version.sent_by_id == by.pk:
            raise NotAllowed(_("You sent this version for approval; another member approves it or sends it back."))
        if (version.state, version.judged_by_id) == (state, by.pk):
            return version
        if version.state != State.AWAITING:
            raise Conflict(_("This version is not waiting for approval any more."), row=work.row)
        version.judged_by, version.judged_at, version.remark = by, work.trail.at, remark
        return _moved(work, version, state, by=by)


def _locked(version: DocumentVersion, at: datetime | None) -> AbstractContextManager[Work]:
    document = version.document
    return work_on(service=document.service, requirement=document.requirement, at=at)


def _latest(work: Work, version: DocumentVersion) -> DocumentVersion:
    """The version as it is now, under the lock; Conflict when a newer one has taken its place."""
    now = next(one for one in work.row.versions if one.pk == version.pk)
    newer = [one for one in work.row.versions if one.number > now.number]
    if any(one.sent_at for one in newer) or (newer and now.state == State.DRAFT):
        raise Conflict(_("There is a newer version now."), row=work.row)
    return now


def _moved(work: Work, version: DocumentVersion, state: State, *, by: User) -> DocumentVersion:
    before, version.state = _told(version), state
    version.save()
    _follow(work, work.row.versions, by=by)
    work.trail.add(by=by, verb=VERBS[state], subject=work.requirement.subject, before=before, after=_told(version))
    telling.moved(work, version)
    return version


def _follow(work: Work, versions: tuple[DocumentVersion, ...], *, by: User) -> None:
    """The answer's state: the latest version that was sent decides; while there are only drafts, draft."""
    deciding = next((one for one in reversed(versions) if one.sent_at), versions[-1])
    answering.settle(work=work, by=deciding.sent_by or by, state=str(deciding.state))
    work.put(versions=versions)


def _told(version: DocumentVersion) -> dict[str, object]:
    return {"number": version.number, "title": version.title, "state": str(version.state), "sha256": version.sha256}


def _content(version: DocumentVersion) -> tuple[str, str, str]:
    return version.title, version.address, version.sha256
