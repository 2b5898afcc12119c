"""What allauth asks us: who may come in, and how a second step is kept and spoken of."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts import authenticators, letters, vault
from accounts.models import User


class ClosedAdapter(DefaultAccountAdapter):
    """Nobody signs up by themselves: accounts come from an administrator or an invitation."""

    METHODS = {
        "reauthenticate": gettext_lazy("Give your password"),
        "mfa_reauthenticate": gettext_lazy("Give a code of your authenticator app, or a recovery code"),
        "mfa_reauthenticate:webauthn": gettext_lazy("Use a passkey"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: str) -> str:
        """Attempts are counted by account alone; allauth adds the host, whose port whoever guesses may choose."""
        return credentials.get("email", "").lower()

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Where this installation is, and not the name under which somebody has asked for the mail."""
        uid, _dash, token = key.partition("-")
        return letters.absolute(reverse("account_reset_password_from_key", args=[uid, token]))

    def get_reauthentication_methods(self, user: User) -> list[dict]:
        methods = super().get_reauthentication_methods(user)
        return [one | {"description": self.METHODS[one["id"]]} for one in methods]

    def post_login(self, request: HttpRequest, user: User, **kwargs: object) -> HttpResponse:
        """Whoever came in by a recovery code is told how many are left."""
        last = get_authentication_records(request, user)[-1:]
        if last and last[0].get("type") == Authenticator.Type.RECOVERY_CODES:
            left = authenticators.of(user).codes_left
            told = ngettext("One recovery code is left.", "%(count)d recovery codes are left.", left)
            messages.warning(request, _("That recovery code is used up.") + " " + told % {"count": left})
        return super().post_login(request, user, **kwargs)


class SecondStepAdapter(DefaultMFAAdapter):
    """Secrets are kept encrypted, the QR code is drawn by the library that the reports use."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy("This did not fit, or it took too long. Try once more.")
    }

    def encrypt(self, text: str) -> str:
        return vault.close(text)

    def decrypt(self, encrypted_text: str) -> str:
        return vault.opened(encrypted_text)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return super().get_public_key_credential_rp_entity() | {"name": "Launchkit"}
