"""The second step of a person at sign-in, as pages show it: authenticator app, passkeys, recovery codes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address

import segno
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.utils.translation import gettext as _

from accounts.models import User

APP, PASSKEY, CODES = Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN, Authenticator.Type.RECOVERY_CODES


@dataclass(frozen=True)
class Kept:
    """One way to do the second step."""

    pk: int
    kind: str
    name: str
    since: datetime
    used_at: datetime | None


@dataclass(frozen=True)
class SecondStep:
    """`codes` are the recovery codes not used yet, `codes_made_at` is when they were made."""

    app: Kept | None
    passkeys: list[Kept]
    codes: list[str]
    codes_made_at: datetime | None

    def __iter__(self) -> Iterator[Kept]:
        yield from ([self.app] if self.app else [])
        yield from self.passkeys

    def __bool__(self) -> bool:
        """Is anything asked for after the password?"""
        return bool(self.app or self.passkeys)

    @property
    def codes_left(self) -> int:
        return len(self.codes)


def of(user: User) -> SecondStep:
    """What a person has set up, in one query."""
    rows = list(Authenticator.objects.filter(user=user).order_by("created_at", "pk"))
    codes = next((row for row in rows if row.type == CODES), None)
    return SecondStep(
        app=next((kept(row) for row in rows if row.type == APP), None),
        passkeys=[kept(row) for row in rows if row.type == PASSKEY],
        codes=codes.wrap().get_unused_codes() if codes else [],
        codes_made_at=codes.created_at if codes else None,
    )


def kept(row: Authenticator) -> Kept:
    name = row.wrap().name if row.type == PASSKEY else _("Authenticator app")
    return Kept(row.pk, row.type, name, row.created_at, row.last_used_at)


def one(user: User, pk: int) -> Kept | None:
    """An app or a passkey of this person."""
    return next((each for each in of(user) if each.pk == pk), None)


@dataclass(frozen=True)
class Poster:
    """What an authenticator app is shown: a picture to scan, the key to type in groups of four, a link to follow."""

    picture: str
    key: str
    link: str


def poster(user: User, secret: str) -> Poster:
    link = get_adapter().build_totp_url(user, secret)
    picture = segno.make_qr(link, error="m").svg_inline(border=4, omitsize=True, light="#fff", dark="#000")
    return Poster(picture, " ".join(secret[start : start + 4] for start in range(0, len(secret), 4)), link)


def passkeys_work_at(host: str) -> bool:
    """Browsers bind passkeys to a name: they refuse at an address that is a number."""
    try:
        ip_address(host.rsplit(":", 1)[0].strip("[]"))
    except ValueError:
        return True
    return False
