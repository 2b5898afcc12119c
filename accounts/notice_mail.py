"""A mail that carries notices, composed when it is sent: in the language and the zone of the person, plain text, and
one link. Its headers let any mail program stop mails of the kind with one click (RFC 8058)."""

import hashlib
from collections.abc import Sequence
from email.utils import parseaddr
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext, override

from accounts import choosing
from accounts.letters import absolute
from accounts.models import Mail, Notice

SHOWN = 30  # notices named in one mail


def compose(mail: Mail, notices: Sequence[Notice], connection: BaseEmailBackend) -> EmailMessage:
    """The mail of these notices, which are at least one; the same Message-ID each time it is composed."""
    person = mail.receiver
    token = choosing.token(person, None if mail.daily else notices[0].kind)
    zone = ZoneInfo(person.time_zone or settings.TIME_ZONE)
    with override(person.language or settings.LANGUAGE_CODE), timezone.override(zone):
        context = {
            "person": person,
            "notices": notices[:SHOWN],
            "more": len(notices) - SHOWN,
            "daily": mail.daily,
            "link": absolute(reverse("accounts:notices") if mail.daily else notices[0].address),
            "stop": absolute(reverse("accounts:unsubscribe", args=[token])),
        }
        text = render_to_string("accounts/mail/notices.txt", context)
        return EmailMessage(
            _subject(mail, notices), text, to=[person.email], headers=_headers(mail, token), connection=connection
        )


def _subject(mail: Mail, notices: Sequence[Notice]) -> str:
    if not mail.daily:
        return notices[0].sentence
    count = len(notices)
    return ngettext("launchkit today: %(count)d notice", "launchkit today: %(count)d notices", count) % {"count": count}


def _headers(mail: Mail, token: str) -> dict[str, str]:
    at_once = absolute(reverse("accounts:unsubscribe_at_once", args=[token]))
    return {
        "Message-ID": _message_id(mail),
        "Auto-Submitted": "auto-generated",
        "List-Unsubscribe": f"<{at_once}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _message_id(mail: Mail) -> str:
    """One for each row and installation, so that a mail that went twice is known by it."""
    seal = hashlib.sha256(f"{settings.ADDRESS} {mail.pk} {mail.made_at.isoformat()}".encode()).hexdigest()[:20]
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<notice.{mail.pk}.{seal}@{domain}>"
