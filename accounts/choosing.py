"""How people choose which notices come by mail: on their own page, or by the link that every mail carries.

Nobody but the person can do it, and nothing else follows from it, so it leaves no trail.
"""

from collections.abc import Mapping

from django.core import signing
from django.db import transaction

from accounts import choices
from accounts.kinds import How, Kind
from accounts.models import MailChoice, User

SALT = "accounts.choosing"


@transaction.atomic
def choose(*, by: User, how: Mapping[Kind, How]) -> None:
    """How the person wants each of these kinds from now on; mails under way are asked again when they are sent."""
    for kind, one in how.items():
        MailChoice.objects.update_or_create(user=by, kind=kind, defaults={"how": one})


def stop(*, by: User, kind: Kind | None) -> None:
    """No more mails of this kind; without one, no more of those that come once a day."""
    kinds = [kind] if kind else [one for one, how in choices.by_kind(by).items() if how == How.DAILY]
    choose(by=by, how=dict.fromkeys(kinds, How.NONE))


def token(person: User, kind: Kind | None) -> str:
    """What a mail carries to stop its kind (or, without one, the daily mail). It works for ever, and nothing else."""
    return signing.dumps([person.pk, kind or ""], salt=SALT)


def read(token: str) -> tuple[User, Kind | None] | None:
    """Whose token it is, and the kind it stops; None when it is none of ours."""
    try:
        pk, kind = signing.loads(token, salt=SALT)
        person = User.objects.filter(pk=pk).first()
        return (person, Kind(kind) if kind else None) if person else None
    except (signing.BadSignature, ValueError):
        return None
