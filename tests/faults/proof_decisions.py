"""Signatures while others tick: none rests on another picture, none hides a change from the manager who signed.

What each manager was shown is kept here, and compared with what was sealed and with what the trail says was done
between the picture and the signature.
"""

import random
import threading
from dataclasses import dataclass

import pytest
from django.db import connection

from accounts.models import TrailEntry, User
from accounts.refusals import Conflict
from reviews import canonical, deciding
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


class Ticker(threading.Thread):
    """Somebody who ticks one entry once, at a moment that nobody knows."""

    def __init__(self, service: Service, item: Requirement, by: User):
        super().__init__()
        self.told, self.pause = (service, item, by), random.random() * 0.06
        self.fault: Exception | None = None

    def run(self) -> None:
        service, item, by = self.told
        threading.Event().wait(self.pause)
        try:
            walking.say(service, item, by, state=random.choice(("done", "open")))
        except Exception as fault:
            self.fault = fault
        finally:
            connection.close()


def sign(review: Review, by: User) -> tuple[Shown, Decision | Conflict]:
    """Look, think, and sign what was looked at."""
    case = walking.case(review)
    shown = Shown(case.review.snapshot.sha256, [change.as_json() for change in case.changes])
    told = {"seen_snapshot": shown.snapshot, "seen_changes": case.changes_digest, "conditions": []}
    threading.Event().wait(random.random() * 0.03)
    try:
        return shown, deciding.decide(
            by=by, review=case.review, outcome=Outcome.NO_GO, rationale="It is not sound.", **told
        )
    except Conflict as refusal:
        return shown, refusal


def really_changed(service: Service, review: Review, decision: Decision) -> set[str]:
    """By the trail alone: whose state between picture and signature is another than before."""
    entries = TrailEntry.objects.filter(scope=service.scope)
    sealed = entries.get(verb="seal", subject=f"snapshot:{decision.review.snapshot_id}").sequence
    signed = entries.get(verb="decide", subject=f"review:{review.pk}").sequence
    first: dict[str, str] = {}
    last: dict[str, str] = {}
    for entry in entries.filter(verb="recorded", sequence__gt=sealed, sequence__lt=signed).order_by("sequence"):
        slug = entry.subject.partition(":")[2]
        first.setdefault(slug, entry.before["state"])
        last[slug] = entry.after["state"]
    return {slug for slug in last if first[slug] != last[slug]}


def test_no_signature_hides_a_change(service, cast, request, measured):
    tenth = request.config.getoption("--tenth")
    wanted, enough = (DECISIONS // 10, REFUSALS // 10) if tenth else (DECISIONS, REFUSALS)
    walking.fulfil(service, cast.designer, cast.second_designer)
    item = walking.first(service, Kind.ITEM)
    wrong, refused, changed = [], 0, 0
    for _number in range(wanted):
        review = walking.ask(service, cast.designer)
        ticker = Ticker(service, item, cast.designer)
        ticker.start()
        shown, signed = sign(review, cast.manager)
        while isinstance(signed, Conflict):
            refused += 1
            shown, signed = sign(review, cast.manager)
        ticker.join()
        assert ticker.fault is None, ticker.fault
        told = canonical.load(signed.content)["changes"]
        real = really_changed(service, review, signed)
        changed += bool(real)
        same = (signed.review.snapshot.sha256, told) == (shown.snapshot, shown.changes)
        if not same or {one["slug"] for one in told} != real:
            wrong.append((review.number, told, real))
    engine = connection.vendor
    what = f"wrong of {wanted:,} decisions, {refused} refused, {changed} on what had changed in full sight, {engine}"
    measured(what, len(wrong), 0, "")
    assert refused >= enough, f"{what}: too few refusals, this proves nothing"
