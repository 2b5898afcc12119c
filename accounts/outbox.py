"""Mails that wait, as rows: claimed, finished, put off and given up by conditional updates.

The house's pattern for work that must not get lost (decision 5): a lease with a token, fencing, the database's clock.
A mail is due again after an attempt that failed, later each time. Nothing here leaves a trail: these are the
machine's doings.
"""

from datetime import timedelta
from uuid import UUID, uuid4

from django.db.models import DateTimeField, ExpressionWrapper, F, Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext_noop

from accounts import limits
from accounts.models import Mail

WAITING, SENDING, SENT, FAILED, DROPPED = Mail.State
CUT_OFF = gettext_noop("Sending it was cut off each time.")


def due(limit: int) -> list[int]:
    """Mails to be sent now, the longest due first; those of a sender that died are among them."""
    return list(_free().order_by("due_at", "pk").values_list("pk", flat=True)[:limit])


def claim(pk: int) -> UUID | None:
    """Take one attempt at a mail; None when it is not to be had."""
    token = uuid4()
    taken = {"state": SENDING, "lease": token, "lease_until": _in(limits.LEASE), "attempts": F("attempts") + 1}
    return token if _free().filter(pk=pk).update(**taken) else None


def sent(pk: int, token: UUID) -> bool:
    """The server has taken it; False when the claim was lost meanwhile."""
    return bool(_held(pk, token).update(state=SENT, cause="", **_ended()))


def drop(pk: int, token: UUID, cause: str) -> bool:
    """Nobody needs it any more."""
    return bool(_held(pk, token).update(state=DROPPED, cause=cause, **_ended()))


def fail(pk: int, token: UUID, cause: str) -> bool:
    """Give up for good, saying why."""
    return bool(_held(pk, token).update(state=FAILED, cause=cause[:300], **_ended()))


def put_off(mail: Mail, token: UUID, cause: str) -> bool:
    """Try again later, or give up after the last attempt; `mail` is as it was claimed."""
    if mail.attempts >= limits.ATTEMPTS:
        return fail(mail.pk, token, cause)
    later = _in(limits.PAUSES[mail.attempts - 1])
    told = {"state": WAITING, "lease": None, "lease_until": None, "due_at": later, "cause": cause[:300]}
    return bool(_held(mail.pk, token).update(**told))


def give_up() -> int:
    """Fail what killed or outlasted its sender at every attempt."""
    dead = Mail.objects.filter(state=SENDING, lease_until__lt=Now(), attempts__gte=limits.ATTEMPTS)
    return dead.update(state=FAILED, cause=CUT_OFF, **_ended())


def again(pk: int) -> bool:
    """Begin anew with a mail that was given up."""
    anew = {"state": WAITING, "attempts": 0, "due_at": Now(), "finished_at": None, "cause": ""}
    return bool(Mail.objects.filter(pk=pk, state=FAILED).update(**anew))


def waiting() -> QuerySet[Mail]:
    """What is still to be sent, the longest due first; `cause` says why the last attempt failed."""
    return Mail.objects.filter(finished_at__isnull=True).select_related("receiver").order_by("due_at", "pk")


def failed() -> QuerySet[Mail]:
    """What was given up, the latest first, with the cause."""
    return Mail.objects.filter(state=FAILED).select_related("receiver").order_by("-finished_at", "-pk")


def _free() -> QuerySet[Mail]:
    free = Q(state=WAITING) | Q(state=SENDING, lease_until__lt=Now(), attempts__lt=limits.ATTEMPTS)
    return Mail.objects.filter(free, finished_at__isnull=True, due_at__lte=Now())


def _held(pk: int, token: UUID) -> QuerySet[Mail]:
    return Mail.objects.filter(pk=pk, state=SENDING, lease=token)


def _ended() -> dict[str, object]:
    return {"lease": None, "lease_until": None, "finished_at": Now()}


def _in(seconds: int) -> ExpressionWrapper:
    return ExpressionWrapper(Now() + timedelta(seconds=seconds), output_field=DateTimeField())
