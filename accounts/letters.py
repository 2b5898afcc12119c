"""Mail about coming in. Sent after the commit; what it links to is in the mail alone, never in a log."""

from allauth.account import app_settings
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import Invitation, User


def invite(invitation: Invitation, token: str) -> None:
    """The link that accepts the invitation, in the language of whoever invites."""
    link = absolute(reverse("accounts:join_with", args=[token]))
    context = {"invitation": invitation, "link": link, "roles": invitation.role_words}
    _send(invitation.email, _("You are invited to launchkit"), "accounts/mail/invitation.txt", context)


def choose_password(user: User) -> None:
    """The link under which a new account chooses its first password: the one of a forgotten password."""
    key = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    link = absolute(reverse("account_reset_password_from_key", args=[user_pk_to_url_str(user), key]))
    with override(user.language or settings.LANGUAGE_CODE):
        _send(
            user.email, _("Your launchkit account"), "accounts/mail/choose_password.txt", {"user": user, "link": link}
        )


def second_step(user: User, sentence: object) -> None:
    """Tells a person what was done to their second step, in their language: it may have been somebody else."""
    context = {"user": user, "sentence": sentence, "link": absolute(reverse("accounts:profile"))}
    with override(user.language or settings.LANGUAGE_CODE):
        _send(user.email, _("Your launchkit sign-in was changed"), "accounts/mail/second_step.txt", context)


def absolute(path: str) -> str:
    return settings.ADDRESS.rstrip("/") + path


def _send(to: str, subject: str, template: str, context: dict[str, object]) -> None:
    send_mail(subject, render_to_string(template, context), None, [to])
