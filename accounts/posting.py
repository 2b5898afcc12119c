"""Sends what people are told: notices that are due become mails, mails that are due go to the mail server.

At least once, and twice only by one gap: between the server's word that it has taken a mail and the note of that
here. Who dies in the gap sends it again, under the same Message-ID (decision 7). Nothing here runs in a web request,
and no transaction is open while the server is talked to.
"""

import logging
import smtplib
import time
from collections.abc import Sequence

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts import choices, inbox, limits, notice_mail, outbox
from accounts.kinds import How
from accounts.models import Mail, Notice, User

log = logging.getLogger(__name__)
BATCH = 200  # looked at in one run
NOT_NEEDED = gettext_noop("The person has left, has read it, or wants no such mail any more.")


def run() -> int:
    """One run of the sender: make up mails, then send until all is sent, the time is up, or the server fails.

    Returns how many were dealt with. A server that hangs or refuses costs one attempt of one mail, the others wait.
    """
    make_up()
    outbox.give_up()
    ends, count = time.monotonic() + limits.RUN, 0
    connection = get_connection()
    try:
        for pk in outbox.due(BATCH):
            if time.monotonic() > ends or not deliver(pk, connection):
                break
            count += 1
    finally:
        _hang_up(connection)
    return count


def make_up() -> None:
    """Notices that are due and unread become mails: one each, or one for all that a person wants once a day."""
    for receiver in inbox.due_receivers(BATCH):
        by_how = _by_how(receiver)
        for notice in by_how[How.AT_ONCE]:
            _put_into(receiver, [notice], daily=False)
        if by_how[How.DAILY]:
            _put_into(receiver, by_how[How.DAILY], daily=True)
        Notice.objects.filter(pk__in=[one.pk for one in by_how[How.NONE]]).update(due_at=None)


def deliver(pk: int, connection: BaseEmailBackend) -> bool:
    """Claim one mail, send it and note that. False when it went wrong, and the others had better wait."""
    token = outbox.claim(pk)
    if token is None:
        return True
    mail = Mail.objects.select_related("receiver").get(pk=pk)
    if not (notices := inbox.worth_mailing(mail)):
        return outbox.drop(pk, token, NOT_NEEDED)
    try:
        connection.open()  # by us, so that it stays open: an error of closing must not look like one of sending
        notice_mail.compose(mail, notices, connection).send()
    except smtplib.SMTPRecipientsRefused as error:
        log.warning("mail %s was refused: %s", pk, (cause := _words(error)))
        return outbox.fail(pk, token, cause) if _for_good(error) else outbox.put_off(mail, token, cause)
    except Exception as error:  # whatever a server, a network, a text or the time limit can throw
        log.warning("mail %s could not be sent: %r", pk, error)
        outbox.put_off(mail, token, " ".join(f"{type(error).__name__}: {error}".split()))
        return False
    return outbox.sent(pk, token)


def _by_how(receiver: User) -> dict[How, list[Notice]]:
    """A person's due notices, as the person wants them now."""
    how = choices.by_kind(receiver)
    found: dict[How, list[Notice]] = {one: [] for one in How}
    for notice in inbox.due(timezone.now()).filter(receiver=receiver):
        found[how[notice.kind]].append(notice)
    return found


@transaction.atomic
def _put_into(receiver: User, notices: Sequence[Notice], *, daily: bool) -> None:
    """One mail for these; none at all when somebody else made it up meanwhile."""
    now = timezone.now()
    mail = Mail.objects.create(receiver=receiver, daily=daily, made_at=now, due_at=now)
    taken = Notice.objects.filter(pk__in=[one.pk for one in notices], mail__isnull=True).update(mail=mail)
    if not taken:
        transaction.set_rollback(True)


def _for_good(error: smtplib.SMTPRecipientsRefused) -> bool:
    return all(500 <= code < 600 for code, _text in error.recipients.values())


def _words(error: smtplib.SMTPRecipientsRefused) -> str:
    """What the server said, without the person's address."""
    return "; ".join(f"{code} {text.decode(errors='replace')}" for code, text in error.recipients.values())


def _hang_up(connection: BaseEmailBackend) -> None:
    """Close the connection, whatever state it is in; a server that is gone need not hear of it."""
    try:
        connection.close()
    except (OSError, smtplib.SMTPException) as error:
        log.warning("the mail server did not say goodbye: %s", error)
