"""Signatures while others tick: none rests on another picture, none hides a change from the manager who signed.

What each manager was shown is kept here, and compared with what was sealed and with what the trail says was done
between the picture and the signature.
"""

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import pytest
from django.db import connection

from accounts.models import TrailEntry, User
from accounts.refusals import Conflict
from reviews import canonical, deciding, submitting
from reviews.models import Decision, Outcome, Review
from stages.models import Kind, Requirement, Service
from tests.reviews import walking

pytestmark = pytest.mark.django_db(transaction=True)
DECISIONS, REFUSALS = 2_000, 100


@pytest.fixture
def edition(db):
    return walking.small_edition()


@dataclass
class Shown:
    """What a manager had before the eyes while signing."""

    snapshot: str
    changes: list[object]


class Meanwhile(threading.Thread):
    """Somebody who does one thing, at a moment that nobody knows; whoever comes too late is told so."""

    def __init__(self, act: Callable[[], object]):
        super().__init__()
        self.act, self.pause = act, random.random() * 0.06
        self.fault: Exception | None = None
        self.done = False

    def run(self) -> None:
        threading.Event().wait(self.pause)
        try:
            self.act()
            self.done = True
        except Conflict:
            pass
        except Exception as fault:
            self.fault = fault
        finally:
            connection.close()


def tick(service: Service, item: Requirement, by: User) -> None:
    walking.say(service, item, by, state=random.choice(("done", "open")))


def take_again(service: Service, review: Review, by: User) -> None:
    """The picture is taken anew, as it is now: what the manager looks at then is another one."""
    confirmed = walking.by_hand(service)
    submitting.ask_again(by=by, review=review, note=f"After {review.number}", confirmations=confirmed)


def sign(service: Service, by: User, thinks: float) -> tuple[Shown, Decision | Conflict]:
    """Look, think for so many seconds at most, and sign what was looked at: on the review that waits by then, as the
    page does.
    """
    case = walking.case(open_review(service))
    shown = Shown(case.review.snapshot.sha256, [change.as_json() for change in case.changes])
    told = {"seen_snapshot": shown.snapshot, "seen_changes": case.changes_digest, "conditions": []}
    threading.Event().wait(random.random() * thinks)
    told |= {"outcome": Outcome.NO_GO, "rationale": "It is not sound."}
    try:
        return shown, deciding.decide(by=by, review=open_review(service), **told)
    except Conflict as refusal:
        return shown, refusal


def open_review(service: Service) -> Review:
    return Review.objects.get(passage__service=service, state=Review.State.OPEN)


def really_changed(service: Service, decision: Decision) -> set[str]:
    """By the trail alone: whose state between picture and signature is another than before."""
    entries = TrailEntry.objects.filter(scope=service.scope)
    sealed = entries.get(verb="seal", subject=f"snapshot:{decision.review.snapshot_id}").sequence
    signed = entries.get(verb="decide", subject=f"review:{decision.review_id}").sequence
    first: dict[str, str] = {}
    last: dict[str, str] = {}
    for entry in entries.filter(verb="recorded", sequence__gt=sealed, sequence__lt=signed).order_by("sequence"):
        slug = entry.subject.partition(":")[2]
        first.setdefault(slug, entry.before["state"])
        last[slug] = entry.after["state"]
    return {slug for slug in last if first[slug] != last[slug]}


def test_no_signature_hides_a_change_or_rests_on_another_picture(service, cast, request, measured):
    tenth = request.config.getoption("--tenth")
    wanted, enough = (DECISIONS // 10, REFUSALS // 10) if tenth else (DECISIONS, REFUSALS)
    walking.fulfil(service, cast.designer, cast.second_designer)
    item = walking.first(service, Kind.ITEM)
    wrong, refused, changed, taken = [], 0, 0, 0
    for number in range(wanted):
        review = walking.ask(service, cast.designer)
        others = [Meanwhile(partial(tick, service, item, cast.designer))]
        if number % 2:
            others.append(Meanwhile(partial(take_again, service, review, cast.second_designer)))
        for other in others:
            other.start()
        thinks = 0.03 if len(others) == 1 else 0.15  # long enough for a picture to be taken meanwhile
        shown, signed = sign(service, cast.manager, thinks)
        while isinstance(signed, Conflict):
            refused += 1
            shown, signed = sign(service, cast.manager, thinks)
        for other in others:
            other.join()
            assert other.fault is None, other.fault
        told = canonical.load(signed.content)["changes"]
        real = really_changed(service, signed)
        changed, taken = changed + bool(real), taken + sum(other.done for other in others[1:])
        same = (signed.review.snapshot.sha256, told) == (shown.snapshot, shown.changes)
        if not same or {one["slug"] for one in told} != real:
            wrong.append((signed.review.number, told, real))
    engine = connection.vendor
    what = f"wrong of {wanted:,} decisions, {refused} refused, {changed} on what had changed in full sight"
    what += f", {taken} on a picture taken again, {engine}"
    measured(what, len(wrong), 0, "")
    assert min(refused, taken) >= enough, f"{what}: too few, this proves nothing"
