"""How people want their notices by mail: as they chose, else as `kinds.DEFAULTS` says."""

from collections.abc import Iterable

from accounts.kinds import DEFAULTS, How, Kind
from accounts.models import MailChoice, User


def of(people: Iterable[int], kind: Kind) -> dict[int, How]:
    """How each of these people wants one kind; one query."""
    people = list(people)
    chosen = dict(MailChoice.objects.filter(user__in=people, kind=kind).values_list("user_id", "how"))
    return {pk: How(chosen.get(pk, DEFAULTS[kind])) for pk in people}


def by_kind(person: User) -> dict[Kind, How]:
    """How one person wants each kind; one query."""
    chosen = dict(MailChoice.objects.filter(user=person).values_list("kind", "how"))
    return {kind: How(chosen.get(kind, how)) for kind, how in DEFAULTS.items()}
