"""What every write to one requirement does alike: queue, refuse a locked stage, read, and leave the tally right.

The rows are read once, under the lock; a write changes the one row in memory as well, so that the tally, and the
page that follows, need not read the stage again.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from django.core.files.storage import Storage
from django.db import Error
from django.utils.translation import gettext as _

from accounts import calendar, chaining
from accounts.models import User
from accounts.refusals import Refusal
from checklists import readiness, tallying
from checklists.models import Answer, DocumentVersion, Evidence
from checklists.proofs import Piece
from checklists.readiness import Readiness, Row
from stages import assignments, catalogue, chains
from stages.assignments import Filled
from stages.catalogue import Sheet
from stages.models import PassageState, Requirement, Service


@dataclass
class Work:
    """One requirement of a service under the lock: what is there, and what the write leaves behind."""

    trail: chaining.Trail
    service: Service
    requirement: Requirement
    sheet: Sheet
    rows: tuple[Row, ...]
    on: date
    roles: Mapping[int, Filled]
    stood: list[Evidence] = field(default_factory=list)

    @cached_property
    def place(self) -> int:
        """Where among the rows, which are those of the sheet, the requirement stands."""
        return self.sheet.requirements.index(self.requirement)

    @property
    def row(self) -> Row:
        return self.rows[self.place]

    @cached_property
    def ready(self) -> Readiness:
        """What follows from the rows; asked for when the write has ended."""
        return readiness.follow(self.sheet, self.rows, on=self.on)

    def put(self, **parts: object) -> None:
        """The row with other parts (`answer`, `evidence`, `versions`, `waivers`), and what follows from them."""
        old = self.row
        kept = {name: getattr(old, name) for name in ("answer", "evidence", "versions", "waivers")} | parts
        new = readiness.row(old.requirement, on=self.on, **kept)
        self.rows = (*self.rows[: self.place], new, *self.rows[self.place + 1 :])

    def answer(self, by: User) -> Answer:
        """The answer, or one of version 0 that says nothing yet and is not stored."""
        return self.row.answer or Answer.silent(self.service, self.requirement, by=by, at=self.trail.at)

    def stand(self, evidence: Evidence, *, by: User) -> None:
        """Let evidence stand behind the answer, or behind one that says nothing yet."""
        behind = sorted((*self.row.evidence, evidence), key=lambda one: (one.added_at, one.pk))  # as they are read
        self.put(answer=self.answer(by), evidence=tuple(behind))
        self.stood.append(evidence)

    def link(self) -> None:
        """Store what stands behind the answer now, after the answer: it is written once, however much came with it."""
        if not self.stood:
            return
        answer = self.row.answer
        if answer.pk is None:
            answer.save()
        behind = Answer.evidence.through
        behind.objects.bulk_create([behind(answer=answer, evidence=evidence) for evidence in self.stood])


@contextmanager
def work_on(
    *, service: Service, requirement: Requirement, piece: Piece | None = None, at: datetime | None = None
) -> Iterator[Work]:
    """Lock the service, read the stage of `requirement`, and write its tally when the block has ended well.

    The file of `piece` is stored before the lock is taken, and is gone again unless its row was written.
    Refusal when the service is archived, when the stage is not open yet, or when the requirement is not of the
    service's edition.
    """
    with file_of(piece), chaining.chain(service.scope, at=at) as trail:
        sheet, roles = _open_sheet(service, requirement)
        on = calendar.day(trail.at)
        work = Work(trail, service, requirement, sheet, readiness.rows_of(service, sheet, on=on), on, roles)
        before = work.rows
        yield work
        work.link()
        if work.rows is not before:
            tallying.store(service=service, ready=work.ready)


def _open_sheet(service: Service, requirement: Requirement) -> tuple[Sheet, Mapping[int, Filled]]:
    """The stage that is worked on, and who fills the roles."""
    if requirement.edition_id != service.edition_id:
        raise Refusal(_("This is not part of the playbook that the service follows."))
    sheets = catalogue.of(service.edition_id).sheets
    place = next(place for place, sheet in enumerate(sheets) if sheet.stage.pk == requirement.stage_id)
    setting = assignments.setting(service, requirement.stage_id)
    service.archived_at = setting.archived_at
    chains.refuse_archived(service)
    if setting.state in (None, PassageState.LOCKED):
        told = _("“%(stage)s” opens when the gate of “%(before)s” is passed.")
        raise Refusal(told % {"stage": sheets[place].stage, "before": sheets[max(place - 1, 0)].stage})
    return sheets[place], setting.roles


@contextmanager
def file_of(piece: Piece | None) -> Iterator[None]:
    """Store the file of a piece before the lock is taken, so that nobody waits for it.

    It leaves no file behind that no row names: not when the write is refused, not when it proves needless. Where the
    database went away at the end, it may have kept the row all the same: then the file stays.
    """
    if piece is None or piece.upload is None:
        yield
        return
    _put_down(piece)
    written = False
    try:
        yield
        written = not piece.row._state.adding
    except Error:
        written = _may_be_there(piece.row)
        raise
    finally:
        if not written:
            _take_away(piece.row.file.storage, piece.row.file.name)


def _may_be_there(row: Evidence | DocumentVersion) -> bool:
    """Does a stored row name its file? It may, while nobody can tell."""
    try:
        return not row._state.adding and type(row)._base_manager.filter(pk=row.pk, file=row.file.name).exists()
    except Error:
        return True


def _put_down(piece: Piece) -> None:
    field, storage = piece.row.file.field, piece.row.file.storage
    name = field.generate_filename(piece.row, piece.upload.stored_name)
    try:
        piece.row.file = storage.save(name, piece.upload.file, max_length=field.max_length)
    except OSError as error:  # disk full, no permission
        _take_away(storage, name)
        told = _("The file could not be stored just now. Nothing was changed; try again later.")
        raise Refusal(told, field="file") from error


def _take_away(storage: Storage, name: str) -> None:
    """As far as it goes: where nothing can be written, nothing can be removed, and what is to be said is said."""
    with suppress(OSError):
        storage.delete(name)
