"""Told once: who is told and who is not, in whose words, and when it goes by mail."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import gettext_lazy

from accounts import noticing
from accounts.kinds import DEFAULTS, KIND_OF, How, Kind, Message
from accounts.models import MailChoice, Notice

pytestmark = pytest.mark.django_db


def tell(cast, *to, **other: object) -> None:
    told = {
        "message": Message.REVIEW_ASKED,
        "to": to,
        "by": cast.designer,
        "team": cast.team,
        "subject": "review:3",
        "address": "/services/birth/build/review/",
        "facts": {"who": cast.designer, "stage": "Build", "service": "Birth certificate"},
    }
    noticing.tell(**(told | other))


def told() -> list[str]:
    return sorted(notice.receiver.name for notice in Notice.objects.select_related("receiver"))


def test_every_message_is_of_a_kind_with_a_default():
    assert set(KIND_OF) == set(Message)
    assert set(KIND_OF.values()) == set(Kind) == set(DEFAULTS)


def test_each_is_told_once_however_often_it_is_said(cast):
    for _time in range(3):
        tell(cast, cast.manager, cast.second_manager, cast.manager)
    assert told() == ["Manager", "Second manager"]


def test_another_occasion_is_another_notice(cast):
    tell(cast, cast.manager, occasion="1")
    tell(cast, cast.manager, occasion="2")
    assert told() == ["Manager", "Manager"]


def test_the_database_holds_that_it_is_told_once(cast):
    tell(cast, cast.manager)
    notice = Notice.objects.get()
    notice.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        notice.save(force_insert=True)


def test_nobody_is_told_of_an_own_act_nor_when_deactivated(cast):
    cast.second_manager.is_active = False
    tell(cast, cast.designer, cast.second_manager, cast.manager)
    assert told() == ["Manager"]


def test_an_act_that_is_rolled_back_tells_nobody(cast):
    with transaction.atomic():
        tell(cast, cast.manager)
        transaction.set_rollback(True)
    assert told() == []


def test_two_queries_for_one_and_for_three(cast):
    counts = []
    for subject, people in (("review:1", 1), ("review:2", 3)):
        with CaptureQueriesContext(connection) as queries:
            tell(cast, *(cast.manager, cast.second_manager, cast.viewer)[:people], subject=subject)
        counts.append(len([one for one in queries.captured_queries if "SAVEPOINT" not in one["sql"]]))
    assert counts == [2, 2]


def test_facts_are_one_short_line_each_in_the_language_of_the_receiver(cast, settings):
    settings.LANGUAGES = [("en", "English"), ("fr", "French")]
    cast.manager.language = "fr"
    tell(cast, cast.manager, facts={"who": "A\nB", "stage": gettext_lazy("Monday"), "service": "x" * 300})
    notice = Notice.objects.get()
    assert notice.facts == {"who": "A B", "stage": "lundi", "service": "x" * 99 + "…"}
    assert notice.sentence == f"{'x' * 99}…, lundi: decision asked for by A B"


def test_a_sentence_that_lacks_a_fact_is_a_fault_at_once(cast):
    with pytest.raises(KeyError):
        tell(cast, cast.manager, facts={"who": "A"})


def test_it_goes_by_mail_as_the_person_chose(cast):
    now = timezone.now()
    MailChoice.objects.create(user=cast.second_manager, kind=Kind.REVIEW_ASKED, how=How.NONE)
    MailChoice.objects.create(user=cast.viewer, kind=Kind.REVIEW_ASKED, how=How.DAILY)
    tell(cast, cast.manager, cast.second_manager, cast.viewer, at=now)
    due = {one.receiver_id: one.due_at for one in Notice.objects.all()}
    assert due[cast.manager.pk] == now
    assert due[cast.second_manager.pk] is None
    assert due[cast.viewer.pk] == noticing.next_morning(now, ZoneInfo("UTC"))


@pytest.mark.parametrize("hours", [2, 15, 48])
def test_what_is_told_of_the_past_is_not_mailed(cast, hours):
    """Nor of yesterday's morning, when the demo is built soon after midnight."""
    tell(cast, cast.manager, at=timezone.now() - timedelta(hours=hours))
    assert Notice.objects.get().due_at is None


@pytest.mark.parametrize(
    ("at", "zone", "morning"),
    [
        ("2026-11-26T06:59", "UTC", "2026-11-26T07:00"),
        ("2026-11-26T07:00", "UTC", "2026-11-27T07:00"),
        ("2026-11-26T12:00", "Europe/Athens", "2026-11-27T05:00"),
        ("2026-11-26T12:00", "Pacific/Auckland", "2026-11-26T18:00"),
        ("2026-03-28T12:00", "Europe/Athens", "2026-03-29T04:00"),  # the night in which summer time begins
    ],
)
def test_the_next_morning_is_that_of_the_person(at, zone, morning):
    found = noticing.next_morning(datetime.fromisoformat(at).replace(tzinfo=UTC), ZoneInfo(zone))
    assert found == datetime.fromisoformat(morning).replace(tzinfo=UTC)


def test_what_is_dealt_with_need_not_be_read(cast):
    tell(cast, cast.manager, cast.second_manager)
    tell(cast, cast.manager, subject="review:4")
    noticing.settle(subject="review:3", messages=[Message.REVIEW_ASKED])
    unread = Notice.objects.filter(read_at=None)
    assert [one.subject for one in unread] == ["review:4"]
