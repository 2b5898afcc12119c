"""Who is told of documents that wait and are judged, and of evidence that is about to count no more."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Notice
from checklists import documenting, evidencing, reminding, waiving
from checklists.evidencing import Proof
from checklists.models import DocumentVersion, Evidence, Waiver
from tests.reviews import walking

pytestmark = pytest.mark.django_db
ENDS = timezone.localdate() + timedelta(days=90)


def told(message: str, *, unread: bool = False) -> list[str]:
    found = Notice.objects.filter(message=message, **({"read_at": None} if unread else {}))
    return sorted(notice.receiver.name for notice in found.select_related("receiver"))


def steps() -> list[tuple[str, str]]:
    return [(one.message, one.occasion.partition("/")[2]) for one in Notice.objects.order_by("pk")]


@pytest.fixture
def version(service, cast) -> DocumentVersion:
    plan = walking.first(service, "deliverable")
    draft = documenting.add(by=cast.designer, service=service, requirement=plan, address="https://docs.example.org/x")
    for _click in range(2):
        sent = documenting.send(by=cast.designer, version=draft)
    return sent


@pytest.fixture
def evidence(service, cast) -> Evidence:
    proof = Proof(form="note", text="Tested with users.", valid_until=ENDS)
    return evidencing.attach(by=cast.designer, service=service, requirement=walking.first(service, "rule"), proof=proof)


def test_those_who_may_approve_are_told_but_not_who_sent(version):
    assert told("approval_asked") == ["Manager", "Second designer", "Second manager"]


@pytest.mark.parametrize(("act", "message"), [("approve", "document_approved"), ("send_back", "document_sent_back")])
def test_who_sent_is_told_what_became_of_it_and_nobody_need_look_any_more(version, cast, act, message):
    for _click in range(2):
        getattr(documenting, act)(by=cast.second_designer, version=version, remark="Costs are missing.")
    assert told(message) == ["Designer"]
    assert told("approval_asked", unread=True) == []


def test_evidence_is_told_of_30_7_and_0_days_ahead(evidence):
    for left in (31, 30, 30, 8, 7, 1, 0, -1):
        reminding.remind(on=ENDS - timedelta(days=left))
    assert steps() == [("evidence_expires", step) for step in ("30", "7", "0")]
    assert told("evidence_expires") == ["Designer"] * 3


def test_after_downtime_it_is_told_once_that_it_has_lapsed(evidence):
    for late in (1, 2, 31, 300):
        reminding.remind(on=ENDS + timedelta(days=late))
    assert steps() == [("evidence_expired", "0")]


def test_what_stands_behind_no_answer_or_was_replaced_is_nobodys_worry(evidence, service, cast):
    reminding.remind(on=ENDS)
    proof = Proof(form="note", text="Tested again.", valid_until=ENDS + timedelta(days=365))
    newer = evidencing.revise(by=cast.designer, evidence=evidence, proof=proof)
    assert told("evidence_expires", unread=True) == []
    reminding.remind(on=ENDS)
    evidencing.detach(by=cast.designer, service=service, requirement=walking.first(service, "rule"), evidence=newer)
    reminding.remind(on=ENDS + timedelta(days=365))
    assert steps() == [("evidence_expires", "0")]


@pytest.fixture
def waiver(service, cast) -> Waiver:
    said = {"reason": "The test is in March.", "measure": "Logins are looked at.", "expires_on": ENDS}
    for _click in range(2):
        asked = waiving.ask(by=cast.designer, service=service, requirement=walking.first(service, "rule"), **said)
    return asked


def test_managers_are_asked_for_a_waiver_while_it_waits(waiver, cast):
    assert told("waiver_asked") == ["Manager", "Second manager"]
    waiving.withdraw(by=cast.designer, waiver=waiver)
    assert told("waiver_asked", unread=True) == []


@pytest.mark.parametrize(("act", "message"), [("grant", "waiver_granted"), ("refuse", "waiver_refused")])
def test_who_asked_for_a_waiver_is_told_the_answer(waiver, cast, act, message):
    for _click in range(2):
        getattr(waiving, act)(by=cast.manager, waiver=waiver, word="Until then.")
    assert told(message) == ["Designer"]
    assert told("waiver_asked", unread=True) == []
