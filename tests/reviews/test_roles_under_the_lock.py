"""Whose role was taken away while the page was open, or while the lock was waited for, decides nothing any more."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Chain, Membership, User
from accounts.refusals import NotAllowed
from checklists import documenting
from reviews import settling
from reviews.models import Outcome
from stages import enrolling, keeping
from tests.reviews import walking

pytestmark = pytest.mark.django_db
WHY = {"reason": "It was agreed on Monday."}


@pytest.fixture
def acts(service, cast):
    """Each act of a manager besides signing and waiving, ready to be done."""
    walking.fulfil(service, cast.designer, cast.second_designer)
    owed = [walking.demand(cast.designer), walking.demand(cast.designer, "Name who is on call")]
    walking.sign(walking.ask(service, cast.designer), cast.second_manager, Outcome.GO)
    review = service.passages.get(stage__slug="build").reviews.get()
    walking.supersede(review, cast.second_manager, Outcome.GO_WITH_CONDITIONS, owed)
    open_one, said = service.conditions.order_by("pk")
    said = settling.say_met(by=cast.designer, condition=said, proof=walking.NOTE)
    seen, day = said.said_met_at, timezone.localdate() + timedelta(days=60)
    plan = documenting.add(
        by=cast.designer,
        service=service,
        requirement=walking.first(service, "deliverable", "go-live"),
        title="Plan",
        address="https://docs.example.org/plan",
    )
    documenting.send(by=cast.designer, version=plan)
    return {
        "judge": lambda by: documenting.approve(by=by, version=plan),
        "sign": lambda by: walking.supersede(review, by, Outcome.GO),
        "turn down": lambda by: settling.turn_down(by=by, condition=said, seen=seen, **WHY),
        "close": lambda by: settling.close(by=by, condition=said, seen=seen),
        "drop": lambda by: settling.drop(by=by, condition=open_one, **WHY),
        "extend": lambda by: settling.extend(by=by, condition=open_one, due_on=day, seen=open_one.due_on, **WHY),
        "reopen": lambda by: enrolling.reopen(by=by, passage=walking.passage_of(service), **WHY),
        "archive": lambda by: keeping.archive(by=by, service=service, **WHY),
        "bring back": lambda by: keeping.bring_back(by=by, service=service, **WHY),
    }


def leave_the_team(manager) -> None:
    Membership.objects.filter(user=manager).delete()


def leave_for_good(manager) -> None:
    User.objects.filter(pk=manager.pk).update(is_active=False)


@pytest.mark.parametrize("gone", [leave_the_team, leave_for_good])
@pytest.mark.parametrize(
    "act", ["turn down", "close", "drop", "extend", "reopen", "archive", "bring back", "judge", "sign"]
)
def test_the_role_is_read_under_the_lock(acts, act, gone, service, cast):
    if act == "bring back":
        acts["archive"](cast.second_manager)
    head = Chain.objects.get(pk=service.scope).head
    gone(cast.manager)
    with pytest.raises(NotAllowed, match=r"your roles have changed|Only a manager of the team"):
        acts[act](cast.manager)
    assert Chain.objects.get(pk=service.scope).head == head
    acts[act](cast.second_manager)
    assert Chain.objects.get(pk=service.scope).head != head
