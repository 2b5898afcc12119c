"""Who may decide on a picture, and why somebody may not: whoever asked or recorded what it holds does not decide."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import rosters
from accounts.acts import Act
from accounts.models import Team, User

NAMED = 4


@dataclass(frozen=True)
class Deciders:
    """The managers of a team: those who may decide, and those who may not, each with the reason."""

    may: tuple[User, ...]
    barred: tuple[tuple[User, str], ...]

    @property
    def names(self) -> list[str]:
        return [str(user) for user in self.may]


def of(team: Team, *, asked_by: int | None, recorders: Mapping[int, Sequence[str]]) -> Deciders:
    """Sort the team's managers; `recorders` maps a user id to the numbers of the entries recorded."""
    managers = [(manager, bar(manager.pk, asked_by=asked_by, recorders=recorders)) for manager in managers_of(team)]
    return Deciders(
        may=tuple(manager for manager, why in managers if not why),
        barred=tuple((manager, why) for manager, why in managers if why),
    )


def managers_of(team: Team) -> QuerySet[User]:
    return rosters.able(team, Act.DECIDE)


def members_of(team: Team) -> QuerySet[User]:
    """Who may owe a condition: everybody on the team who can sign in."""
    return User.objects.filter(is_active=True, memberships__team=team).distinct().order_by("name", "pk")


def bar(user_id: int, *, asked_by: int | None, recorders: Mapping[int, Sequence[str]]) -> str:
    """Why this person does not decide on the picture; empty when nothing bars them.

    Said of anybody, to be read after a name or after a colon: verbs that take a person differ in other languages.
    """
    if user_id == asked_by:
        return _("whoever asked for this review does not decide on it")
    numbers = recorders.get(user_id, ())
    if not numbers:
        return ""
    shown, more = ", ".join(numbers[:NAMED]), len(numbers) - NAMED
    if more <= 0:
        return _("whoever recorded %(shown)s, which this picture holds, does not decide on it") % {"shown": shown}
    sentence = ngettext(
        "whoever recorded %(shown)s and %(more)d more entry that this picture holds does not decide on it",
        "whoever recorded %(shown)s and %(more)d more entries that this picture holds does not decide on it",
        more,
    )
    return sentence % {"shown": shown, "more": more}
