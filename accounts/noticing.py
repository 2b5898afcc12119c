"""Tells people: a notice in the app, and by mail when it is due, written with the act that it is about.

An act that is rolled back tells nobody, and nothing here reaches a mail server: `posting` sends, later, what is due.
Notices leave no trail of their own; the act they tell of is in it.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import override

from accounts import choices
from accounts.kinds import KIND_OF, How, Message
from accounts.models import Notice, Team, User

DAILY_AT = 7  # o'clock, in the person's zone
NEWS = timedelta(hours=1)  # what is older (told by the demo) stands in the app and is not mailed
LONGEST = 100  # characters of one fact; a sentence is also the subject of a mail


def tell(
    *,
    message: Message,
    to: Iterable[User],
    by: User | None,
    subject: str,
    address: str,
    facts: Mapping[str, object],
    team: Team | None = None,
    occasion: str = "",
    at: datetime | None = None,
) -> None:
    """Tell each person once: never `by` about an own act, nobody who is deactivated. In two queries for all of them.

    Called inside the transaction of the act. `subject` is named as the trail names it (`review:3`), `occasion` tells
    one time from the next; `facts` are what the sentence names, said in the receiver's language. Who is told leaves
    `team` is shown and sent it no more.
    """
    at = at or timezone.now()
    people = {one.pk: one for one in to if one.is_active and one != by}
    if not people:
        return
    chosen = choices.of(people, KIND_OF[message])
    notices = [
        Notice(
            receiver=one,
            message=message,
            subject=subject,
            occasion=occasion,
            team=team,
            address=address,
            facts=_said(message, facts, one),
            told_at=at,
            due_at=due(chosen[one.pk], at, one),
        )
        for one in people.values()
    ]
    Notice.objects.bulk_create(notices, ignore_conflicts=True)


def settle(*, subject: str, messages: Collection[Message], at: datetime | None = None) -> None:
    """What was told has been dealt with, by whomever: nobody has to read it any more, and no mail goes out for it."""
    told = Notice.objects.filter(subject=subject, message__in=messages, read_at__isnull=True)
    told.update(read_at=at or timezone.now())


def read(*, notices: QuerySet[Notice]) -> int:
    """Somebody has seen these; returns how many were new to them."""
    return notices.filter(read_at__isnull=True).update(read_at=timezone.now())


def due(how: How, at: datetime, person: User) -> datetime | None:
    """When a notice told `at` a time goes by mail; None when it does not."""
    if how == How.NONE or at < timezone.now() - NEWS:
        return None
    return at if how == How.AT_ONCE else next_morning(at, ZoneInfo(person.time_zone or settings.TIME_ZONE))


def next_morning(at: datetime, zone: ZoneInfo) -> datetime:
    """The next time that it is the set hour in a zone."""
    here = at.astimezone(zone)
    morning = here.replace(hour=DAILY_AT, minute=0, second=0, microsecond=0)
    return morning if morning > here else morning + timedelta(days=1)


def _said(message: Message, facts: Mapping[str, object], person: User) -> dict[str, str]:
    """Each fact as one short line in the receiver's language. KeyError when the sentence names another one."""
    with override(person.language or settings.LANGUAGE_CODE):
        said = {name: Truncator(" ".join(str(fact).split()).rstrip(".")).chars(LONGEST) for name, fact in facts.items()}
        _ = message.label % said
    return said
