"""What people were told: the notices of a person, and which of them are still worth a mail."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from accounts import choices
from accounts.kinds import How, Message
from accounts.models import Mail, Membership, Notice, User
from accounts.prepared import Prepared

PAGE = 30


@dataclass(frozen=True)
class Found:
    """A page of notices, the latest first; `newer` and `older` are where the pages beside it begin, 0 for none."""

    notices: tuple[Notice, ...]
    newer: int
    older: int


def of(person: User) -> QuerySet[Notice]:
    """Everything the person was told, but for teams they have left since."""
    return _of_own_teams(Notice.objects.filter(receiver=person), person)


_UNREAD: Prepared[int] = Prepared(
    lambda receiver, member: (
        _of_own_teams(Notice.objects.filter(receiver=receiver, read_at__isnull=True), member)
        .order_by()
        .values("receiver")
        .annotate(number=Count("pk"))
        .values_list("number", flat=True)
    ),
    int,
    int,
)


def unread(person: User) -> int:
    """How many are new to the person; one query."""
    return next(iter(_UNREAD(person.pk, person.pk)), 0)


def page(person: User, *, before: int = 0, after: int = 0) -> Found:
    """At most `PAGE` notices, older than the one `before` names, or newer than the one `after` names."""
    found = of(person)
    if after and (at := found.filter(pk=after).first()):
        rows = list(found.filter(_newer(at)).order_by("told_at", "pk")[: PAGE + 1])
        return _found(rows[:PAGE][::-1], newer=len(rows) > PAGE, older=bool(rows))
    if before and (at := found.filter(pk=before).first()):
        found = found.filter(_older(at))
    rows = list(found.order_by("-told_at", "-pk")[: PAGE + 1])
    return _found(rows[:PAGE], newer=bool(before and rows), older=len(rows) > PAGE)


def due(now: datetime) -> QuerySet[Notice]:
    """What is to go by mail by now and is in none yet; what was read in the app need not go."""
    return Notice.objects.filter(mail__isnull=True, read_at__isnull=True, due_at__lte=now).order_by("due_at", "pk")


def due_receivers(limit: int) -> QuerySet[User]:
    waiting = due(timezone.now()).order_by().values("receiver")
    return User.objects.filter(pk__in=waiting).order_by("pk")[:limit]


def told(messages: Iterable[Message], subjects: Iterable[str]) -> set[tuple[int, str, str]]:
    """Who was told one of these messages about which subject on which occasion; one query."""
    found = Notice.objects.filter(message__in=list(messages), subject__in=list(subjects))
    return set(found.values_list("receiver_id", "subject", "occasion"))


def worth_mailing(mail: Mail) -> list[Notice]:
    """What the mail is still to say: to somebody who can sign in, is on the team, has not read it and wants it."""
    if not mail.receiver.is_active:
        return []
    how = choices.by_kind(mail.receiver)
    unread = _of_own_teams(mail.notices.filter(read_at__isnull=True), mail.receiver)
    return [notice for notice in unread.order_by("told_at", "pk") if how[notice.kind] != How.NONE]


def _of_own_teams(notices: QuerySet[Notice], person: User | int) -> QuerySet[Notice]:
    teams = Membership.objects.filter(user=person).values("team")
    return notices.filter(Q(team__isnull=True) | Q(team__in=teams))


def _newer(than: Notice) -> Q:
    return Q(told_at__gt=than.told_at) | Q(told_at=than.told_at, pk__gt=than.pk)


def _older(than: Notice) -> Q:
    return Q(told_at__lt=than.told_at) | Q(told_at=than.told_at, pk__lt=than.pk)


def _found(shown: Sequence[Notice], *, newer: bool, older: bool) -> Found:
    return Found(tuple(shown), shown[0].pk if newer else 0, shown[-1].pk if older else 0)
