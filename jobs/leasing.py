"""Work that a row stands for: claimed, renewed, finished and swept by conditional updates.

The row is the record of work, never the broker. Whoever works holds a lease with a token and renews it; only the
same token may finish (a slow worker that lost its lease cannot overwrite what another one did). `sweep` frees what
a dead worker left. The clock is the database's, for who reads as for who writes, so that machines need not agree on
the time.

The rows are of any model that takes on `jobs.models.Work`. Nothing here leaves a trail: these are the machine's
doings.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from django.db.models import BooleanField, DateTimeField, ExpressionWrapper, F, Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext_noop

from jobs import limits
from jobs.models import Work

QUEUED, RUNNING, DONE, FAILED = Work.State
PENDING = Q(state__in=[QUEUED, RUNNING])
LATE = PENDING & Q(deadline__lte=Now())
TOO_LATE = gettext_noop("It was not ready in time.")
TOO_OFTEN = gettext_noop("Making it was tried three times without success.")


@dataclass(frozen=True)
class Status:
    """What a row is at a moment; `cause` is a sentence when it failed."""

    state: str
    cause: str = ""

    @property
    def pending(self) -> bool:
        return self.state in (QUEUED, RUNNING)


def judged(rows: QuerySet) -> QuerySet:
    """Rows with `late`, which says whether the deadline had passed when they were read: `status` needs it."""
    return rows.annotate(late=ExpressionWrapper(LATE, output_field=BooleanField()))


def status(row: Work) -> Status:
    """The state as it counted when the row was read out of `judged`: past its deadline it has failed, even when nobody
    is alive to write that.
    """
    return Status(FAILED, TOO_LATE) if row.late else Status(row.state, row.cause)


def claim(rows: QuerySet, pk: int) -> UUID | None:
    """Take one attempt at a row that waits, or whose worker stopped renewing; None when it is not to be had."""
    token = uuid4()
    free = Q(state=QUEUED) | Q(state=RUNNING, lease_until__lt=Now())
    claimed = rows.filter(free, pk=pk, attempts__lt=limits.ATTEMPTS, deadline__gt=Now()).update(
        state=RUNNING, lease=token, lease_until=_in(limits.LEASE), attempts=F("attempts") + 1
    )
    return token if claimed else None


def renew(rows: QuerySet, pk: int, token: UUID) -> bool:
    """Hold on to the lease; False when it went to somebody else, or the deadline has passed."""
    return bool(_held(rows, pk, token).update(lease_until=_in(limits.LEASE)))


def finish(rows: QuerySet, pk: int, token: UUID, **result: object) -> bool:
    """Write the result, once: False when the lease was lost and the result is to be thrown away."""
    return bool(_held(rows, pk, token).update(state=DONE, cause="", **_ended(), **result))


def fail(rows: QuerySet, pk: int, token: UUID, cause: str) -> bool:
    """Give up for good, saying why."""
    return bool(_held(rows, pk, token).update(state=FAILED, cause=cause, **_ended()))


def release(rows: QuerySet, pk: int, token: UUID) -> bool:
    """Hand the row back after an attempt that went wrong: to be tried again, or failed after the last one."""
    held = _held(rows, pk, token)
    again = held.filter(attempts__lt=limits.ATTEMPTS).update(**_waiting())
    return bool(again or held.update(state=FAILED, cause=TOO_OFTEN, **_ended()))


def deadline() -> ExpressionWrapper:
    """When a row that is asked for now has failed, unless it is done: by the clock of the database, as all else."""
    return _in(limits.DEADLINE)


def restart(rows: QuerySet, pk: int) -> bool:
    """Start over a row that failed, or that is past its deadline without anybody having said so."""
    return bool(
        rows.filter(Q(state=FAILED) | LATE, pk=pk).update(
            **_waiting(), attempts=0, deadline=deadline(), finished_at=None, cause=""
        )
    )


@dataclass(frozen=True)
class Swept:
    late: int
    exhausted: int
    freed: int


def sweep(rows: QuerySet) -> Swept:
    """Fail what is too late or tried too often, free what a dead worker left. Any number may sweep at once."""
    expired = rows.filter(state=RUNNING, lease_until__lt=Now())
    return Swept(
        late=rows.filter(LATE).update(state=FAILED, cause=TOO_LATE, **_ended()),
        exhausted=expired.filter(attempts__gte=limits.ATTEMPTS).update(state=FAILED, cause=TOO_OFTEN, **_ended()),
        freed=expired.update(**_waiting()),
    )


def unheard(rows: QuerySet) -> Iterable[int]:
    """Rows that wait and whose message was never sent, or sent so long ago that it may be lost. Oldest first."""
    unsent = Q(published_at__isnull=True) | Q(published_at__lt=_in(-limits.UNCLAIMED))
    return rows.filter(unsent, state=QUEUED).order_by("pk").values_list("pk", flat=True)


def published(rows: QuerySet, pk: int) -> None:
    rows.filter(pk=pk, state=QUEUED).update(published_at=Now())


def idle(rows: QuerySet) -> bool:
    """Does something wait that was sent lately, while nobody works? For long, that is a deaf worker."""
    sent = rows.filter(state=QUEUED, published_at__gte=_in(-2 * limits.UNCLAIMED))
    return sent.exists() and not rows.filter(state=RUNNING, lease_until__gte=Now()).exists()


def _held(rows: QuerySet, pk: int, token: UUID) -> QuerySet:
    return rows.filter(pk=pk, state=RUNNING, lease=token, deadline__gt=Now())


def _waiting() -> dict[str, object]:
    return {"state": QUEUED, "lease": None, "lease_until": None, "published_at": None}


def _ended() -> dict[str, object]:
    return {"lease": None, "lease_until": None, "finished_at": Now()}


def _in(seconds: int) -> ExpressionWrapper:
    return ExpressionWrapper(Now() + timedelta(seconds=seconds), output_field=DateTimeField())
