"""In a stage that recurs what is said grows old, and counts again only when somebody says that it is still true."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import TrailEntry
from accounts.refusals import Conflict
from checklists import answering, documenting, readiness, tallies, tallying
from checklists.answering import ProofNeeded
from checklists.models import Answer, Tally
from checklists.proofs import Proof
from stages import catalogue
from stages.models import Kind, Passage
from stages.passages import months_later

NOTE = Proof(form="note", text="Seen.")


@pytest.fixture
def sheet(service):
    """Operate, open: how it was reached does not matter here."""
    Passage.objects.filter(service=service, stage__slug="operate").update(state="open", opened_at=timezone.now())
    return catalogue.of(service.edition_id).sheet("operate")


@pytest.fixture
def say(service, sheet, cast):
    """Answer what stands at a place of a kind, some days ago; by the designer, as it is unless `seen` says other."""

    def say(kind, place=0, *, by=None, days=0, seen=None, **said):
        asked = sheet.of_kind(kind)[place]
        there = Answer.objects.filter(service=service, requirement=asked).first()
        seen = seen if seen is not None else (there.version if there else 0)
        at = timezone.now() - timedelta(days=days)
        who = {"by": by or cast.designer, "service": service, "requirement": asked}
        return answering.record(**who, seen=seen, at=at, **said)

    return say


def entry(service, sheet, kind, on=None):
    return next(one for one in readiness.of(service, sheet, on=on).entries if one.kind == kind)


def tally(service):
    return Tally.objects.get(service=service, stage__slug="operate")


def test_after_a_year_it_is_to_be_checked_again(service, sheet, say):
    answer = say(Kind.ITEM, state="done")
    last = months_later(timezone.localdate(answer.recorded_at), 12)
    assert tally(service).fresh_until == last
    assert (entry(service, sheet, Kind.ITEM, last).judged, entry(service, sheet, Kind.ITEM, last).recheck) == (
        True,
        False,
    )
    after = entry(service, sheet, Kind.ITEM, last + timedelta(days=1))
    assert (after.state, after.judged, after.recheck, after.aged) == ("done", False, True, True)


def test_in_a_stage_that_is_passed_once_nothing_grows_old(service, cast):
    build = catalogue.of(service.edition_id).sheets[0]
    item = build.of_kind(Kind.ITEM)[0]
    answering.record(by=cast.designer, service=service, requirement=item, seen=0, state="done")
    far = timezone.localdate() + timedelta(days=4000)
    assert entry(service, build, Kind.ITEM, far).judged
    assert Tally.objects.get(service=service, stage=build.stage).fresh_until is None


def test_still_true_is_said_with_a_new_date_and_version(service, sheet, say, cast):
    say(Kind.ITEM, state="done", note="All trained.", days=400)
    assert entry(service, sheet, Kind.ITEM).recheck
    answer = say(Kind.ITEM, state="done", by=cast.second_designer)
    assert (answer.version, answer.recorded_by, answer.note) == (2, cast.second_designer, "All trained.")
    assert answer.before is None, "there is nothing to undo"
    assert entry(service, sheet, Kind.ITEM).judged
    assert tally(service).items_done == 1
    told = TrailEntry.objects.filter(scope=service.scope).latest("sequence")
    assert (told.verb, told.who, told.after["version"]) == ("confirmed", cast.second_designer, 2)


def test_said_twice_it_is_confirmed_once(service, say):
    say(Kind.ITEM, state="done", days=400)
    assert [say(Kind.ITEM, state="done", seen=1).version for _ in range(2)] == [2, 2]
    assert TrailEntry.objects.filter(verb="confirmed").count() == 1


def test_what_is_not_old_is_not_confirmed(service, say):
    say(Kind.ITEM, state="done", days=300)
    assert say(Kind.ITEM, state="done").version == 1


def test_words_alone_confirm_nothing(service, sheet, say):
    say(Kind.ITEM, state="done", days=400)
    assert say(Kind.ITEM, note="A word corrected.").version == 2
    assert entry(service, sheet, Kind.ITEM).recheck


def test_a_stale_tab_confirms_nothing(service, sheet, say):
    say(Kind.ITEM, state="done", days=400)
    say(Kind.ITEM, note="Half of them have left.")
    with pytest.raises(Conflict):
        say(Kind.ITEM, state="done", seen=1)
    assert entry(service, sheet, Kind.ITEM).recheck


def test_without_evidence_in_force_it_is_not_true_still(service, sheet, say):
    ended = timezone.localdate() - timedelta(days=30)
    proof = Proof("note", text="Certificate.", valid_until=ended)
    say(Kind.RULE, state="met", proof=proof, days=400)
    with pytest.raises(ProofNeeded):
        say(Kind.RULE, state="met")
    assert say(Kind.RULE, state="met", proof=NOTE).version == 2
    assert entry(service, sheet, Kind.RULE).judged


def test_an_approved_document_grows_old_and_is_confirmed(service, sheet, say, cast):
    asked = sheet.of_kind(Kind.DELIVERABLE)[0]
    ago = timezone.now() - timedelta(days=400)
    told = {"service": service, "requirement": asked, "address": "https://example.org/plan", "at": ago}
    version = documenting.add(by=cast.designer, **told)
    documenting.send(by=cast.designer, version=version, at=ago)
    documenting.approve(by=cast.manager, version=version, at=ago)
    assert entry(service, sheet, Kind.DELIVERABLE).recheck
    say(Kind.DELIVERABLE, state="approved")
    assert entry(service, sheet, Kind.DELIVERABLE).fulfilled


AGES = st.integers(0, 500)
SAYINGS = st.lists(
    st.tuples(st.sampled_from([Kind.RULE, Kind.ITEM, Kind.QUESTION]), st.integers(0, 2), AGES), min_size=1, max_size=5
)
STATES = {Kind.RULE: {"state": "met", "proof": NOTE}, Kind.ITEM: {"state": "done"}, Kind.QUESTION: {"state": "rated"}}


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sayings=SAYINGS, ahead=st.lists(AGES, max_size=4))
def test_a_tally_is_read_right_on_every_day(service, sheet, say, sayings, ahead):
    for kind, place, days in sayings:
        rated = {"rating": 3, "proof": NOTE} if kind == Kind.QUESTION else {}
        say(kind, place, days=days, **STATES[kind], **rated)
    stored, today = tally(service), timezone.localdate()
    for day in {stored.fresh_until or today, *(today + timedelta(days=days) for days in (0, *ahead))}:
        counted = tallies.counted(readiness.of(service, sheet, on=day))
        there = tallies.current([stored], on=day)[service.pk, sheet.stage.pk]
        assert {name: getattr(there, name) for name in counted} == counted


def test_the_sweep_sees_to_what_has_grown_old(service, sheet, say):
    say(Kind.ITEM, state="done")
    with time_machine.travel(timezone.now() + timedelta(days=370), tick=False):
        assert tallying.sweep() == 1
        assert (tally(service).judged, tally(service).fresh_until) == (0, None)
