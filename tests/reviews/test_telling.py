"""Who is told of acts at the gate and of days that come nearer: each once, nobody else, and not of an own act."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation
from django.utils.formats import date_format

from accounts import choosing
from accounts.kinds import How, Kind
from accounts.models import Notice
from accounts.refusals import Conflict
from checklists.proofs import Proof
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


@pytest.fixture
def said(condition, cast) -> Condition:
    """Said to be met by a colleague of the owner."""
    return settling.say_met(by=cast.second_designer, condition=condition, proof=walking.NOTE)


def test_that_a_condition_is_said_to_be_met_is_told_to_the_managers(said, cast):
    assert told("condition_said_met") == ["Manager", "Second manager"]
    notice = Notice.objects.filter(message="condition_said_met").first()
    assert notice.sentence == "Birth certificate online: said to be met by Second designer: Rehearse the way back"
    assert notice.address == f"/services/birth-certificate-online/conditions/{said.pk}/"
    settling.say_met(by=cast.second_designer, condition=said, proof=walking.NOTE)  # a double click
    assert told("condition_said_met") == ["Manager", "Second manager"]


def test_a_manager_who_says_it_is_not_told_so(condition, cast):
    Condition.objects.update(owner=cast.manager)
    settling.say_met(by=cast.manager, condition=condition, proof=walking.NOTE)
    assert told("condition_said_met") == ["Second manager"]


def test_said_once_more_with_something_else_only_that_has_to_be_looked_at(said, cast):
    more = Proof(form="note", text="And the minutes.")
    settling.say_met(by=cast.designer, condition=said, proof=more)
    assert len(told("condition_said_met")) == 4
    assert told("condition_said_met", unread=True) == ["Manager", "Second manager"]


def test_a_confirmation_is_told_to_who_owes_it_and_who_said_it(said, cast):
    settling.close(by=cast.manager, condition=said, note="Seen.", seen=said.said_met_at)
    assert told("condition_confirmed") == ["Designer", "Second designer"]
    assert told("condition_said_met", unread=True) == []
    assert told("condition_turned_down") == []


def test_turned_down_is_told_to_the_same_until_it_is_said_anew(said, cast):
    settling.turn_down(by=cast.manager, condition=said, reason="No names in it.", seen=said.said_met_at)
    assert told("condition_turned_down") == ["Designer", "Second designer"]
    assert told("condition_said_met", unread=True) == []
    settling.say_met(by=cast.designer, condition=said, proof=Proof(form="note", text="With names."))
    assert told("condition_turned_down", unread=True) == []
    assert told("condition_said_met", unread=True) == ["Manager", "Second manager"]


def test_a_condition_that_is_dropped_need_nobody_confirm(said, cast):
    settling.drop(by=cast.manager, condition=said, reason="Needless.")
    assert told("condition_said_met", unread=True) == []
    assert told("condition_confirmed") == []


def test_it_is_told_in_the_language_of_who_hears_it_and_by_mail_as_they_chose(condition, cast):
    cast.manager.language = "fr"
    cast.manager.save()
    choosing.choose(by=cast.second_manager, how={Kind.CONDITION_SAID: How.NONE})
    settling.say_met(by=cast.designer, condition=condition, proof=walking.NOTE)
    french, quiet = Notice.objects.filter(message="condition_said_met").order_by("receiver__name")
    assert (french.facts["day"], french.due_at is None) == (date_format_in("fr", condition.due_on), False)
    assert quiet.due_at is None


def test_a_refused_confirmation_tells_nobody(said, cast):
    with pytest.raises(Conflict):
        settling.close(by=cast.manager, condition=said, seen=None)
    assert told("condition_confirmed") == []
    assert told("condition_said_met", unread=True) == ["Manager", "Second manager"]


def date_format_in(language: str, day) -> str:
    with translation.override(language):
        return date_format(day)


def test_nobody_is_reminded_of_an_archived_service(condition, cast):
    keeping.archive(by=cast.manager, service=condition.service, reason="Given up.")
    reminding.remind(on=timezone.localdate() + timedelta(days=365))
    assert reminded() == []
