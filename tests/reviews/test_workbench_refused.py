"""Who may answer, what is no answer, and how little a tick asks of the database."""

import re
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from checklists.models import Answer
from checklists.proofs import Proof
from reviews.models import Outcome
from stages import catalogue
from tests.reviews import walking
from tests.reviews.bench import Browser

NOTE = Proof(form="note", text="Seen in the test report.")


@pytest.mark.parametrize(
    ("who", "status"),
    [("viewer", 403), ("manager", 403), ("auditor", 403), ("administrator", 403), ("outsider", 404), ("editor", 404)],
)
@pytest.mark.parametrize("act", ["answer/", "evidence/", "evidence/1/remove/", "document/", "document/1/send/"])
def test_only_designers_answer(client_for, cast, service, sheet, item, who, status, act):
    browser = Browser(client_for(getattr(cast, who)), service, sheet)
    assert browser.post(item, act, seen="0", state="done").status_code == status
    assert not Answer.objects.exists()


def test_an_unknown_requirement(desk, rule, sheet):
    assert desk.client.post(f"{desk.bench}no-such-thing/answer/", {"seen": 0}).status_code == 404
    assert desk.client.get(f"{desk.bench}no-such-thing/").status_code == 404


def test_a_requirement_of_another_stage_is_not_here(desk, service):
    other = catalogue.of(service.edition_id).sheets[1].of_kind("item")[0]
    assert desk.post(other, seen="0", state="done").status_code == 404


def test_a_locked_stage_refuses_with_a_sentence(client_for, cast, service):
    later = catalogue.of(service.edition_id).sheets[1]
    desk = Browser(client_for(cast.designer), service, later)
    response = desk.post(later.of_kind("item")[0], seen="0", state="done")
    assert response.status_code == 422
    assert "opens when the gate of" in response.content.decode()


@pytest.mark.parametrize("seen", ["", "-1", "x", "99999999999999999999"])
def test_a_broken_version_is_refused(desk, item, seen):
    assert desk.post(item, seen=seen, state="done").status_code in (409, 422)
    assert not Answer.objects.exists()


@pytest.mark.parametrize("said", [{"state": "approved"}, {"state": "nonsense"}, {"rating": "9"}, {"rating": "two"}])
def test_what_no_button_says_is_refused(desk, question, said):
    assert desk.post(question, seen="0", **said).status_code == 422
    assert not Answer.objects.exists()


def asked_of_the_database(post) -> int:
    """How many statements an answer takes that is taken, beside those of session, person and transaction."""
    with CaptureQueriesContext(connection) as queries:
        assert post().status_code == 200
    beside = ("BEGIN", "SAVEPOINT", "RELEASE", "COMMIT")
    told = [one["sql"] for one in queries if not one["sql"].startswith(beside)]
    return sum(1 for sql in told if 'FROM "django_session"' not in sql and not _loads_the_person(sql))


def _loads_the_person(sql: str) -> bool:
    return (
        re.search(r'FROM "accounts_user" LEFT OUTER JOIN "accounts_membership"|EXECUTE "accounts_user_', sql)
        is not None
    )


def test_a_tick_takes_few_queries_in_every_stage(client_for, cast, service):
    """While a review waits, a rule is waived, evidence stands behind the others, and earlier conditions are open.

    An answer that brings new evidence stores it, and that it stands there: two statements more.
    """
    ticks, proven = {}, {}
    for stage in ("build", "go-live", "operate"):
        desk = Browser(client_for(cast.designer), service, catalogue.of(service.edition_id).sheet(stage))
        waived, *rules = desk.sheet.of_kind("rule")
        walking.waive(service, waived, cast.designer, cast.manager)
        for rule in rules:
            walking.say(service, rule, cast.designer, state="met", proof=NOTE)
        review = walking.ask(service, cast.designer, stage)
        item, question = desk.sheet.of_kind("item")[0], desk.sheet.of_kind("question")[0]
        ticks[stage] = asked_of_the_database(partial(desk.post, item, seen="0", state="done"))
        proven[stage] = asked_of_the_database(partial(desk.post, question, seen="0", rating="3", proof_text="Seen."))
        assert Answer.objects.get(service=service, requirement=question).evidence.count() == 1
        linked = walking.demand(cast.designer, requirements=(item,))
        walking.sign(review, cast.manager, Outcome.GO_WITH_CONDITIONS, [linked, walking.demand(cast.designer, "Plan")])
        if stage == "go-live":
            walking.go_live(service, cast.designer)
    assert max(ticks.values()) == 14
    assert max(proven.values()) == 16
