"""Who is told of acts at the gate and of days that come nearer: each once, nobody else, and not of an own act."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Notice
from reviews import reminding, settling, submitting
from reviews.models import Condition, Outcome
from stages import keeping
from tests.reviews import walking

pytestmark = pytest.mark.django_db


def told(message: str, *, unread: bool = False) -> list[str]:
    found = Notice.objects.filter(message=message, **({"read_at": None} if unread else {}))
    return sorted(notice.receiver.name for notice in found.select_related("receiver"))


def reminded() -> list[tuple[str, str]]:
    found = Notice.objects.filter(message__in=["condition_due", "condition_overdue"]).order_by("pk")
    return [(notice.message, notice.occasion.partition("/")[2]) for notice in found]


@pytest.fixture
def condition(review, cast) -> Condition:
    walking.sign(review, cast.manager, Outcome.GO_WITH_CONDITIONS, [walking.demand(cast.designer, days=60)])
    return Condition.objects.select_related("service").get()


def test_those_who_may_decide_are_asked_once_and_only_while_it_waits(review, cast):
    assert told("review_asked") == ["Manager", "Second manager"]
    walking.ask(review.passage.service, cast.designer)  # a double click
    assert told("review_asked") == ["Manager", "Second manager"]
    submitting.withdraw(by=cast.designer, review=review)
    assert told("review_asked", unread=True) == []


def test_a_decision_is_told_to_who_asked_the_designers_and_who_owes(condition):
    assert told("decided") == ["Designer", "Second designer"]
    assert told("condition_owed") == ["Designer"]
    assert told("review_asked", unread=True) == []
    notice = Notice.objects.filter(message="decided").first()
    assert notice.sentence == "Birth certificate online, Build: decided by Manager: Go with conditions"
    assert notice.address == "/services/birth-certificate-online/build/review/1/"


def test_a_condition_is_reminded_of_once_a_step_and_after_downtime_only_of_the_most_urgent(condition, cast):
    due = condition.due_on
    for left in (15, 14, 14, 13):
        reminding.remind(on=due - timedelta(days=left))
    assert reminded() == [("condition_due", "14")]
    for late in (2, 2, 3):  # nobody swept at 3 and 0 days
        reminding.remind(on=due + timedelta(days=late))
    assert reminded() == [("condition_due", "14"), ("condition_overdue", "overdue")]
    assert told("condition_due") == ["Designer"]


def test_an_extended_condition_is_reminded_of_anew_and_a_closed_one_no_more(condition, cast):
    first, later = condition.due_on, condition.due_on + timedelta(days=30)
    reminding.remind(on=first)
    settling.extend(by=cast.manager, condition=condition, due_on=later, reason="Snow.", seen=first)
    assert told("condition_due", unread=True) == []
    reminding.remind(on=later)
    assert reminded() == [("condition_due", "0"), ("condition_due", "0")]
    settling.drop(by=cast.manager, condition=condition, reason="Needless.")
    assert told("condition_due", unread=True) == []
    reminding.remind(on=later + timedelta(days=1))
    assert len(reminded()) == 2


def test_nobody_is_reminded_of_an_archived_service(condition, cast):
    keeping.archive(by=cast.manager, service=condition.service, reason="Given up.")
    reminding.remind(on=timezone.localdate() + timedelta(days=365))
    assert reminded() == []
