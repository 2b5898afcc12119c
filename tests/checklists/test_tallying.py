"""Whatever is done in whatever order, a stored tally is what counting anew would say."""

import contextlib
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import TrailEntry
from accounts.refusals import Refusal
from checklists import answering, documenting, evidencing, readiness, tallies, tallying, waiving
from checklists.models import STATES, Answer, DocumentVersion, Evidence, State, Tally, Waiver
from checklists.proofs import Proof
from stages import catalogue, keeping
from stages.models import Kind


@pytest.fixture
def sheet(service):
    return catalogue.of(service.edition_id).sheets[0]


def test_a_new_service_has_a_tally_of_every_stage(service):
    sheets = catalogue.of(service.edition_id).sheets
    assert {tally.stage_id: tally.asked for tally in Tally.objects.all()} == {
        sheet.stage.pk: len(sheet.requirements) for sheet in sheets
    }
    assert list(tallying.differences(service=service)) == []


# Some requirements of each kind are enough; a random walk visits them again and again.
PLACES = st.integers(min_value=0, max_value=2)
KINDS = st.sampled_from(list(Kind))
NOTES = st.sampled_from(["Report of May.", "Minutes of June."])
DAYS = st.sampled_from([None, -1, 0, 1, 30])
STEPS = st.one_of(
    st.tuples(st.just("say"), KINDS, PLACES, st.sampled_from(list(State)), st.integers(-1, 4), st.booleans()),
    st.tuples(st.just("attach"), KINDS, PLACES, NOTES, DAYS, DAYS),
    st.tuples(st.just("detach"), st.integers(0, 5)),
    st.tuples(st.just("revise"), st.integers(0, 5), NOTES, DAYS),
    st.tuples(st.just("add"), PLACES, NOTES),
    st.tuples(st.sampled_from(["send", "approve", "send_back"]), st.integers(0, 3)),
    st.tuples(st.just("ask_waiver"), KINDS, PLACES, st.sampled_from([0, 1, 30, 400])),
    st.tuples(st.sampled_from(["withdraw_waiver", "grant_waiver", "refuse_waiver", "end_waiver"]), st.integers(0, 2)),
)


class Walker:
    """Does one step after the other; what is refused changes nothing."""

    def __init__(self, service, sheet, cast):
        self.service, self.sheet, self.cast = service, sheet, cast

    def asked(self, kind, place):
        return self.sheet.of_kind(kind)[place]

    def step(self, name, *given):
        with contextlib.suppress(Refusal):
            getattr(self, name)(*given)

    def say(self, kind, place, state, rating, proven):
        asked = self.asked(kind, place)
        there = Answer.objects.filter(service=self.service, requirement=asked).first()
        said = {"state": state, "rating": rating, "reason": "There is none."}
        proof = Proof(form="note", text="Seen.") if proven else None
        seen = there.version if there else 0
        who = {"by": self.cast.designer, "service": self.service, "requirement": asked}
        answering.record(**who, seen=seen, **said, proof=proof)

    def attach(self, kind, place, note, starts, ends):
        today = timezone.localdate()
        dates = [None if days is None else today + timedelta(days=days) for days in (starts, ends)]
        proof = Proof(form="note", text=note, effective_from=dates[0], valid_until=dates[1])
        who = {"by": self.cast.designer, "service": self.service, "requirement": self.asked(kind, place)}
        evidencing.attach(**who, proof=proof)

    def detach(self, place):
        pieces = list(Evidence.objects.all()[: place + 1])
        for answer in Answer.objects.filter(evidence__in=pieces[-1:]).select_related("requirement"):
            who = {"by": self.cast.designer, "service": self.service, "requirement": answer.requirement}
            evidencing.detach(**who, evidence=pieces[-1])

    def revise(self, place, note, ends):
        until = None if ends is None else timezone.localdate() + timedelta(days=ends)
        for piece in Evidence.objects.select_related("service")[place : place + 1]:
            evidencing.revise(by=self.cast.designer, evidence=piece, proof=Proof("note", text=note, valid_until=until))

    def add(self, place, note):
        asked = self.asked(Kind.DELIVERABLE, place)
        address = f"https://example.org/{len(note)}"
        documenting.add(by=self.cast.designer, service=self.service, requirement=asked, address=address)

    def send(self, place):
        self._on_a_version(place, documenting.send, self.cast.designer)

    def approve(self, place):
        self._on_a_version(place, documenting.approve, self.cast.manager)

    def send_back(self, place):
        self._on_a_version(place, documenting.send_back, self.cast.manager, remark="Not yet.")

    def ask_waiver(self, kind, place, days):
        who = {"by": self.cast.designer, "service": self.service, "requirement": self.asked(kind, place)}
        until = timezone.localdate() + timedelta(days=days)
        waiving.ask(**who, reason="No certificate yet.", measure="Watched by hand.", expires_on=until)

    def withdraw_waiver(self, place):
        self._on_a_waiver(place, waiving.withdraw, self.cast.designer)

    def grant_waiver(self, place):
        self._on_a_waiver(place, waiving.grant, self.cast.manager)

    def refuse_waiver(self, place):
        self._on_a_waiver(place, waiving.refuse, self.cast.manager, word="Too long.")

    def end_waiver(self, place):
        self._on_a_waiver(place, waiving.end, self.cast.manager, reason="The measure was dropped.")

    def _on_a_waiver(self, place, act, by, **said):
        for waiver in Waiver.objects.select_related("service__team", "requirement").order_by("-pk")[place : place + 1]:
            act(by=by, waiver=waiver, **said)

    def _on_a_version(self, place, act, by, **said):
        for version in DocumentVersion.objects.select_related("document__requirement")[place : place + 1]:
            version.document.service = self.service
            act(by=by, version=version, **said)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, min_size=3, max_size=14))
def test_after_any_walk_the_tally_is_what_is_counted_anew(service, sheet, cast, steps):
    walker = Walker(service, sheet, cast)
    for step in steps:
        walker.step(*step)
        assert list(tallying.differences(service=service)) == []
    read_right_on_later_days(service, sheet)


def read_right_on_later_days(service, sheet):
    """Until `fresh_until` a tally is its rebuild; after that whoever reads it gets what is counted that day."""
    stored, today = Tally.objects.get(service=service, stage=sheet.stage), timezone.localdate()
    last = stored.fresh_until or today
    for day in {last, *(today + timedelta(days=days) for days in (0, 1, 2, 30, 31))}:
        there = tallies.current([stored], on=day)[service.pk, sheet.stage.pk]
        counted = tallies.counted(readiness.of(service, sheet, on=day))
        assert {name: getattr(there, name) for name in counted} == counted


def test_every_state_is_tried():
    assert {state for states in STATES.values() for state in states} == set(State)


@pytest.fixture
def met(service, sheet, cast):
    """A rule met by a certificate that ends in ten days."""
    until = timezone.localdate() + timedelta(days=10)
    proof = Proof(form="note", text="Certificate.", valid_until=until)
    who = {"by": cast.designer, "service": service, "requirement": sheet.of_kind("rule")[0]}
    answering.record(**who, seen=0, state="met", proof=proof)
    return until


def test_a_tally_holds_until_its_day_and_no_longer(service, met):
    assert list(tallying.differences(service=service, on=met)) == []
    after = met + timedelta(days=1)
    assert "build: rules_met is 1, counted 0" in list(tallying.differences(service=service, on=after))


def at(day):
    return time_machine.travel(datetime(day.year, day.month, day.day, 9, tzinfo=UTC), tick=False)


def test_a_reader_past_that_day_counts_anew(service, sheet, met):
    stored = list(Tally.objects.filter(service=service))
    assert tallies.current(stored, on=met)[service.pk, sheet.stage.pk].rules_met == 1
    assert tallies.current(stored, on=met + timedelta(days=1))[service.pk, sheet.stage.pk].rules_met == 0


def test_reading_costs_the_same_for_one_lapsed_tally_and_for_three(service, sheet, met, django_assert_num_queries):
    stored = list(Tally.objects.filter(service=service))
    with django_assert_num_queries(0):
        tallies.current(stored, on=met)
    for some in ([one for one in stored if one.stage_id == sheet.stage.pk], stored):
        for one in some:
            one.fresh_until = met
        with django_assert_num_queries(5):
            tallies.current(some, on=met + timedelta(days=1))


def test_the_sweep_puts_right_what_the_clock_has_overtaken(service, sheet, met):
    told = TrailEntry.objects.count()
    with at(met + timedelta(days=1)):
        assert list(tallying.differences(service=service)) == []
        assert tallying.sweep() == 1
        assert Tally.objects.get(service=service, stage=sheet.stage).rules_met == 0
        assert list(tallying.differences(service=service)) == []
        assert tallying.sweep() == 0
    assert TrailEntry.objects.count() == told


def test_the_sweep_leaves_alone_what_holds(service, sheet, met):
    with at(met):
        assert tallying.sweep() == 0
    assert Tally.objects.get(service=service, stage=sheet.stage).rules_met == 1


def test_a_sweep_takes_no_more_than_it_may(service, sheet, met, cast):
    Tally.objects.update(fresh_until=met)
    with at(met + timedelta(days=1)):
        assert tallying.sweep(limit=1) == 1
        assert Tally.objects.lapsed(met + timedelta(days=1)).count() == 0


def test_archived_services_are_swept_too(service, met, cast):
    keeping.archive(by=cast.manager, service=service, reason="Merged into another.")
    with at(met + timedelta(days=1)):
        assert tallying.sweep() == 1
        assert Tally.objects.get(service=service, stage__slug="build").rules_met == 0


def rebuilt(*options):
    out = StringIO()
    call_command("rebuild_readiness", *options, stdout=out)
    return out.getvalue()


def test_the_command_finds_nothing_to_put_right(service, met):
    assert rebuilt("--check") == "1 services counted, 0 tallies differ.\n"


def test_the_command_puts_right_what_is_wrong(service, sheet, met):
    Tally.objects.filter(service=service, stage=sheet.stage).update(rules_met=7, judged=9)
    with pytest.raises(CommandError, match="1 tallies differ"):
        rebuilt("--check")
    assert Tally.objects.get(service=service, stage=sheet.stage).rules_met == 7
    assert f"{service.slug}, build: rules_met is 7, counted 1" in rebuilt()
    assert Tally.objects.get(service=service, stage=sheet.stage).rules_met == 1


def test_the_command_makes_a_tally_that_is_missing(service):
    Tally.objects.all().delete()
    rebuilt()
    assert rebuilt("--check") == "1 services counted, 0 tallies differ.\n"
