"""A person's second step at sign-in: set up, renamed, removed; recovery codes made anew.

The rows are allauth's, which checks them at sign-in; here alone they come and go, with an entry in the trail of the
site and a mail to the person, who may not have done it. Whoever asks has signed in afresh (the views see to that).
"""

from collections.abc import Mapping
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import access, authenticators, chaining, letters
from accounts.acts import Act
from accounts.models import User
from accounts.refusals import Conflict, NotAllowed, Refusal


def add_app(*, by: User, secret: str, at: datetime | None = None) -> Authenticator:
    """Codes of an app that was shown `secret` are asked for from now on; the first way brings recovery codes.

    Conflict when an app was set up meanwhile, in another tab.
    """
    with chaining.chain("site", at=at) as trail:
        if authenticators.of(by).app:
            raise Conflict(_("An authenticator app is set up already: remove it first."))
        made = TOTP.activate(by, secret).instance
        _added(trail, by, made, gettext_lazy("An authenticator app was set up for your account."))
    return made


def add_passkey(*, by: User, name: str, credential: Mapping[str, object], at: datetime | None = None) -> Authenticator:
    """A passkey that allauth's form has checked; the first way brings recovery codes."""
    with chaining.chain("site", at=at) as trail:
        made = WebAuthn.add(by, name, dict(credential)).instance
        _added(trail, by, made, gettext_lazy("A passkey was added to your account."))
    return made


def rename_passkey(*, by: User, pk: int, name: str, at: datetime | None = None) -> Authenticator:
    """Another name for a passkey; the same again changes nothing. Refusal when it is gone."""
    with chaining.chain("site", at=at) as trail:
        found = Authenticator.objects.filter(user=by, pk=pk, type=authenticators.PASSKEY).first()
        if found is None:
            raise Refusal(_("This passkey is not there any more."))
        if found.data["name"] != name:
            told = {"before": {"name": found.data["name"]}, "after": {"name": name}}
            trail.add(by=by, verb="passkey_renamed", subject=f"person:{by.pk}", **told)
            found.data["name"] = name
            found.save(update_fields=["data"])
    return found


def remove(*, by: User, pk: int, at: datetime | None = None) -> authenticators.SecondStep:
    """One's own app or passkey; with the last one the recovery codes go too. Doing it twice changes nothing."""
    with chaining.chain("site", at=at) as trail:
        if found := authenticators.one(by, pk):
            _remove(trail, by, by, [found])
            _tell(by, _GONE[found.kind])
    return authenticators.of(by)


def remove_all(*, by: User, person: User, at: datetime | None = None) -> User:
    """For somebody who lost phone and codes: the password alone opens the account again, until they set up anew.

    By an administrator who made sure who is asking. NotAllowed for oneself. Doing it twice changes nothing.
    """
    with chaining.chain("site", at=at) as trail:
        access.demand(by, Act.TEAMS)
        if by.pk == person.pk:
            raise NotAllowed(_("Your own second step is changed on your profile."))
        if found := list(authenticators.of(person)):
            _remove(trail, by, person, found)
            _tell(person, gettext_lazy("An administrator removed the second step from your account."))
    return person


def renew_codes(*, by: User, at: datetime | None = None) -> list[str]:
    """New recovery codes; the former ones stop working. Refusal while there is no second step to recover."""
    with chaining.chain("site", at=at) as trail:
        if not authenticators.of(by):
            raise Refusal(_("Recovery codes come with a second step: set up an authenticator app or a passkey first."))
        Authenticator.objects.filter(user=by, type=authenticators.CODES).delete()
        codes = RecoveryCodes.activate(by).generate_codes()
        trail.add(by=by, verb="recovery_codes_renewed", subject=f"person:{by.pk}")
        _tell(by, gettext_lazy("New recovery codes were made for your account; the former ones no longer work."))
    return codes


_GONE = {
    authenticators.APP: gettext_lazy("The authenticator app was removed from your account."),
    authenticators.PASSKEY: gettext_lazy("A passkey was removed from your account."),
}


def _added(trail: chaining.Trail, by: User, made: Authenticator, sentence: object) -> None:
    RecoveryCodes.activate(by)  # only where there are none yet
    trail.add(by=by, verb="second_step_added", subject=f"person:{by.pk}", after=_words(authenticators.kept(made)))
    _tell(by, sentence)


def _remove(trail: chaining.Trail, by: User, person: User, found: list[authenticators.Kept]) -> None:
    Authenticator.objects.filter(pk__in=[each.pk for each in found]).delete()
    for each in found:
        trail.add(by=by, verb="second_step_removed", subject=f"person:{person.pk}", before=_words(each))
    if not authenticators.of(person):
        Authenticator.objects.filter(user=person).delete()


def _words(each: authenticators.Kept) -> dict[str, str]:
    return {"kind": each.kind, "name": each.name} if each.kind == authenticators.PASSKEY else {"kind": each.kind}


def _tell(person: User, sentence: object) -> None:
    transaction.on_commit(lambda: letters.second_step(person, sentence), robust=True)
