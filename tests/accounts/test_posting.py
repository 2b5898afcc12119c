"""What is told goes out once: by a real conversation with a mail server, one that refuses, hangs or breaks off."""

import threading
import time
from collections.abc import Iterator
from datetime import date, timedelta
from typing import ClassVar

import pytest
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import lazy

from accounts import limits, noticing, outbox, posting
from accounts.kinds import How, Kind, Message
from accounts.models import Mail, MailChoice, Membership, Notice
from tests.accounts import sink
from tests.accounts.test_noticing import tell

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings) -> Iterator[sink.Sink]:
    with sink.listening() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_TIMEOUT = 0.3
        yield server


def states() -> list[tuple[str, int]]:
    return list(Mail.objects.order_by("pk").values_list("state", "attempts"))


def is_due() -> None:
    """The pauses have passed, and the leases of who died have ended."""
    past = timezone.now() - timedelta(seconds=1)
    Mail.objects.update(due_at=past)
    Mail.objects.filter(state="sending").update(lease_until=past)


def test_limits_stand_one_inside_the_other():
    assert limits.SILENCE < limits.RUN < limits.SOFT < limits.HARD < limits.LEASE
    assert list(limits.PAUSES) == sorted(limits.PAUSES)


def test_it_is_sent_once_with_one_link(cast, server, settings):
    settings.ADDRESS = "https://launchkit.example"
    tell(cast, cast.manager)
    assert [posting.run(), posting.run()] == [1, 0]
    (mail,) = server.mails
    assert mail["To"] == "manager@example.org"
    assert mail["Subject"] == "Birth certificate, Build: decision asked for by Designer"
    assert mail.get_content_type() == "text/plain"
    text = mail.get_content()
    assert text.count("https://launchkit.example/services/birth/build/review/") == 1
    assert states() == [("sent", 1)]


def test_nothing_is_sent_for_an_act_that_was_mailed_already_and_done_again(cast, server):
    tell(cast, cast.manager)
    posting.run()
    tell(cast, cast.manager)
    posting.run()
    assert len(server.mails) == 1


def test_in_the_language_of_the_receiver(cast, server, settings):
    settings.LANGUAGES = [("en", "English"), ("fr", "French")]
    cast.manager.language = "fr"
    cast.manager.save()
    MailChoice.objects.create(user=cast.manager, kind=Kind.ASSIGNED, how=How.AT_ONCE)
    day = lazy(date_format, str)(date(2026, 12, 1))
    tell(cast, cast.manager, message=Message.CONDITION_OWED, facts={"service": "S", "condition": "C", "day": day})
    posting.run()
    assert "1 décembre 2026" in server.mails[0]["Subject"]


def test_once_a_day_is_one_mail_at_the_set_hour(cast, server):
    MailChoice.objects.create(user=cast.manager, kind=Kind.REVIEW_ASKED, how=How.DAILY)
    for number in range(3):
        tell(cast, cast.manager, subject=f"review:{number}", facts={"who": "D", "stage": "B", "service": f"S{number}"})
    posting.run()
    assert server.mails == []
    Notice.objects.update(due_at=timezone.now())
    posting.run()
    posting.run()
    (mail,) = server.mails
    assert mail["Subject"] == "launchkit today: 3 notices"
    assert [line for line in mail.get_content().splitlines() if line.startswith("- ")][:3] == [
        f"- S{number}, B: decision asked for by D" for number in range(3)
    ]


def test_who_wants_none_gets_none(cast, server):
    tell(cast, cast.manager)
    MailChoice.objects.create(user=cast.manager, kind=Kind.REVIEW_ASKED, how=How.NONE)
    posting.run()
    assert (server.mails, states()) == ([], [])


@pytest.mark.parametrize("happens", ["left", "deactivated", "read", "stopped"])
def test_what_became_needless_before_it_was_sent_is_dropped(cast, server, happens):
    tell(cast, cast.manager)
    posting.make_up()
    if happens == "left":
        Membership.objects.filter(user=cast.manager).delete()
    elif happens == "deactivated":
        cast.manager.is_active = False
        cast.manager.save()
    elif happens == "read":
        noticing.read(notices=Notice.objects.all())
    else:
        MailChoice.objects.create(user=cast.manager, kind=Kind.REVIEW_ASKED, how=How.NONE)
    posting.run()
    assert (server.mails, states()) == ([], [("dropped", 1)])


def test_who_dies_between_claim_and_sending_is_followed_by_another(cast, server):
    tell(cast, cast.manager)
    posting.make_up()
    assert outbox.claim(Mail.objects.get().pk)
    posting.run()
    assert server.mails == [], "the lease still runs"
    is_due()
    posting.run()
    posting.run()
    assert (len(server.mails), states()) == (1, [("sent", 2)])


def test_a_slow_sender_that_lost_its_lease_notes_nothing(cast):
    tell(cast, cast.manager)
    posting.make_up()
    pk = Mail.objects.get().pk
    slow = outbox.claim(pk)
    is_due()
    quick = outbox.claim(pk)
    assert quick is not None
    assert not outbox.sent(pk, slow)
    assert outbox.sent(pk, quick)
    assert outbox.claim(pk) is None


def test_a_mail_sent_twice_is_known_by_its_id(cast, server):
    tell(cast, cast.manager)
    posting.run()
    Mail.objects.update(state="waiting", finished_at=None)
    posting.run()
    first, second = server.mails
    assert first["Message-ID"] == second["Message-ID"]


def test_two_runs_at_once_make_up_one_mail(cast, server):
    tell(cast, cast.manager)
    due = list(Notice.objects.all())
    posting._put_into(cast.manager, due, daily=False)
    posting._put_into(cast.manager, due, daily=False)
    assert states() == [("waiting", 0)]


def test_a_server_that_is_away_costs_one_attempt_of_one_mail(cast, server, settings):
    settings.EMAIL_PORT = 1
    tell(cast, cast.manager, cast.second_manager)
    posting.run()
    assert states() == [("waiting", 1), ("waiting", 0)]
    assert "ConnectionRefusedError" in Mail.objects.order_by("pk").first().cause
    settings.EMAIL_PORT = server.port
    posting.run()
    assert states() == [("waiting", 1), ("sent", 1)]
    is_due()
    posting.run()
    assert states() == [("sent", 2), ("sent", 1)]


@pytest.mark.parametrize("at", ["connect", "EHLO", "MAIL", "DATA", "taken"])
def test_a_server_that_hangs_is_left_soon(cast, server, at):
    """F25."""
    server.hangs_at = at.lower() if at in ("connect", "taken") else at
    tell(cast, cast.manager, cast.second_manager)
    begun = time.monotonic()
    assert posting.run() == 0
    assert time.monotonic() - begun < 5
    assert states() == [("waiting", 1), ("waiting", 0)]


def test_a_server_that_hangs_at_goodbye_has_taken_the_mail(cast, server):
    server.hangs_at = "QUIT"
    tell(cast, cast.manager)
    posting.run()
    assert (len(server.mails), states()) == (1, [("sent", 1)])


def test_a_conversation_broken_off_is_begun_anew(cast, server):
    server.broken = 1
    tell(cast, cast.manager)
    posting.run()
    assert states() == [("waiting", 1)]
    is_due()
    posting.run()
    assert (len(server.mails), states()) == (1, [("sent", 2)])


def test_an_address_that_is_refused_holds_up_nobody(cast, server):
    server.refuses["manager@example.org"] = "550 no such mailbox"
    server.refuses["viewer@example.org"] = "450 try later"
    tell(cast, cast.manager, cast.second_manager, cast.viewer)
    posting.run()
    assert states() == [("failed", 1), ("sent", 1), ("waiting", 1)]
    assert [one.cause for one in outbox.failed()] == ["550 no such mailbox"]
    assert [one.receiver.name for one in outbox.waiting()] == ["Viewer"]


def test_it_is_given_up_visibly_and_can_be_sent_again(cast, server, settings):
    settings.EMAIL_PORT = 1
    tell(cast, cast.manager)
    for _attempt in range(limits.ATTEMPTS):
        posting.run()
        is_due()
    (mail,) = outbox.failed()
    assert (mail.attempts, "ConnectionRefusedError" in mail.cause) == (limits.ATTEMPTS, True)
    settings.EMAIL_PORT = server.port
    assert outbox.again(mail.pk)
    posting.run()
    assert len(server.mails) == 1


def test_what_kills_its_sender_each_time_is_given_up(cast, server):
    tell(cast, cast.manager)
    posting.make_up()
    for _attempt in range(limits.ATTEMPTS):
        assert outbox.claim(Mail.objects.get().pk)
        is_due()
    posting.run()
    assert (server.mails, states()) == ([], [("failed", limits.ATTEMPTS)])


def test_of_four_senders_at_once_one_sends(cast, server, transactional_db):
    tell(cast, cast.manager)
    ready = threading.Barrier(4)

    def send() -> None:
        ready.wait()
        posting.run()
        connection.close()

    threads = [threading.Thread(target=send) for _sender in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(server.mails), states()) == (1, [("sent", 1)])


class Watching(BaseEmailBackend):
    """Notes for each mail whether a transaction was open when it was handed over."""

    seen: ClassVar[list[bool]] = []

    def send_messages(self, email_messages):
        self.seen.append(connection.in_atomic_block)
        return len(email_messages)


def test_no_transaction_is_open_while_the_server_is_talked_to(cast, settings, transactional_db):
    settings.EMAIL_BACKEND = "tests.accounts.test_posting.Watching"
    tell(cast, cast.manager)
    posting.run()
    assert (Watching.seen, states()) == ([False], [("sent", 1)])
