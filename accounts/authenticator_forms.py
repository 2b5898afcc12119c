"""Forms of the second step: allauth's checks (limits, challenges, signatures) under our words."""

from collections.abc import Callable
from typing import Any

from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts import authenticators, names
from accounts.refusals import Refusal

NAME_LENGTH = 60
NO_PASSKEY = _("Your browser gave no passkey. Try once more.")
NO_FIT = _("This code does not fit. Codes of an app change every 30 seconds, and each code works once.")
CODE = {"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}


def fitting(check: Callable[[], str]) -> str:
    """What `check` returns; where it says that a code is wrong, in our words."""
    try:
        return check()
    except forms.ValidationError as error:
        raise forms.ValidationError(NO_FIT, code=error.code) if error.code == "incorrect_code" else error from error


def checked(check: Callable[[], Any]) -> Any:
    """What a stranger sends are bytes for a parser: whatever it stumbles over, it is no passkey, nor our fault."""
    try:
        return check()
    except (forms.ValidationError, DatabaseError):
        raise
    except Exception as error:
        raise get_adapter().validation_error("incorrect_code") from error


class OnceForm:
    """A code of an app or a recovery code; the same one is not taken twice while the clock would still allow it."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["code"].widget.attrs = dict(CODE)
        self.fields["code"].help_text = (
            _("Six digits from your authenticator app, or one of your recovery codes.")
            if self.second_step.app
            else _("One of your recovery codes.")
        )

    @cached_property
    def second_step(self) -> authenticators.SecondStep:
        return authenticators.of(self.user)

    def clean_code(self) -> str:
        code = fitting(super().clean_code)
        lasts = settings.MFA_TOTP_TOLERANCE * 2 * 30 + 30
        if not cache.add(f"second-step:{self.user.pk}:{normalize_user_code(code)}", 1, timeout=lasts):
            raise forms.ValidationError(NO_FIT, code="incorrect_code")
        return code


class CodeForm(OnceForm, AuthenticateForm):
    """At sign-in."""


class CodeAgainForm(OnceForm, ReauthenticateForm):
    """Before an act that asks for a fresh sign-in."""


class AppForm(ActivateTOTPForm):
    """The first code of an app that has just been shown its secret."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        code = self.fields["code"]
        code.label, code.help_text = _("Code"), _("The six digits that the app shows now.")
        code.widget.attrs = {key: value for key, value in CODE.items() if key != "autofocus"}

    def clean_code(self) -> str:
        return fitting(super().clean_code)


class PasskeyNameField(forms.CharField):
    def __init__(self) -> None:
        super().__init__(
            label=_("Name"), max_length=NAME_LENGTH, help_text=_("So that you know it again: the device, for example.")
        )

    def clean(self, value: Any) -> str:
        try:
            return names.checked(super().clean(value))
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


class PasskeyForm(AddWebAuthnForm):
    """A new passkey as the browser made it. Every one opens the account by itself: it asked for finger, face or PIN."""

    passwordless = None
    name = PasskeyNameField()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["credential"].error_messages["required"] = NO_PASSKEY

    def clean(self) -> dict[str, Any]:
        return checked(super().clean)


class ShownForm:
    """A passkey that a browser shows."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["credential"].error_messages["required"] = NO_PASSKEY

    def clean_credential(self) -> Authenticator:
        return checked(super().clean_credential)


class PasskeySignInForm(ShownForm, LoginWebAuthnForm):
    """Instead of the password."""


class PasskeyStepForm(ShownForm, AuthenticateWebAuthnForm):
    """After the password."""


class PasskeyAgainForm(ShownForm, ReauthenticateWebAuthnForm):
    """Before an act that asks for a fresh sign-in."""


class PasskeyNameForm(forms.Form):
    name = PasskeyNameField()
