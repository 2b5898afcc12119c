"""Whatever people do at a gate, in whatever order and however the clock moves: what must always hold, holds.

A small playbook of three stages is walked by everybody at random. Acts that are refused change nothing; after each
act the promises are looked at, from the rows alone.
"""

import contextlib
from collections import Counter
from datetime import UTC, datetime, timedelta

import time_machine
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from accounts import soundness
from accounts.acts import Role
from accounts.refusals import Refusal
from checklists import documenting, evidencing, starting, tallying, waiving
from checklists.models import Evidence, Tally, Waiver
from checklists.proofs import Proof
from reviews import canonical, picture, settling, submitting
from reviews.models import Condition, Decision, Outcome, Review, Snapshot
from stages import catalogue, enrolling, publishing
from stages.models import Passage, PassageState
from tests.cast import person
from tests.reviews import walking
from tests.stages import playbooks

BEGAN = datetime(2026, 3, 2, 9, tzinfo=UTC)
PEOPLE = ("designer", "second_designer", "manager", "second_manager", "both")
STAGES = ("build", "go-live", "operate")
HERE = "here"  # the stage the service is in: that is where most things happen
STAGE = st.sampled_from([HERE, HERE, HERE, *STAGES])
DECIDERS = st.sampled_from(["manager", "second_manager", *PEOPLE])
OUTCOMES = st.sampled_from([Outcome.GO_WITH_CONDITIONS, *Outcome.values])
ENTRIES = st.tuples(STAGE, st.sampled_from(["works", "try-it", "how-well"]))
STATES = {"works": ("open", "met", "not_met"), "try-it": ("open", "done", "not_applicable"), "how-well": ("rated",)}
MOSTLY = st.sampled_from([True, True, True, False])
DAYS = st.sampled_from([None, 0, 5, 40])


def three_stages() -> dict:
    """The small playbook three times over; the last stage recurs."""
    content = playbooks.data()
    content["stages"] = [_stage(slug, place) for place, slug in enumerate(STAGES, start=1)]
    content["stages"][-1]["interval_months"] = 6
    return content


def _stage(slug: str, place: int) -> dict:
    stage = playbooks.data()["stages"][0] | {"slug": slug, "title": slug}
    for kind in ("rules", "items", "deliverables", "questions"):
        for asked in stage[kind]:
            asked["slug"], asked["number"] = f"{slug}-{asked['slug']}", f"{asked['number']}.{place}"
            if "about" in asked:
                asked["about"] = f"{slug}-{asked['about']}"
    for criterion in stage["criteria"]:
        criterion["slug"] = f"{slug}-{criterion['slug']}"
        if "slugs" in criterion.get("computed", {}):
            criterion["computed"]["slugs"] = [f"{slug}-{one}" for one in criterion["computed"]["slugs"]]
    return stage


class Walk(RuleBasedStateMachine):
    """One service, and everybody who may or may not do something to it."""

    cast, edition = None, None
    seen: Counter[str] = Counter()

    @initialize(way=st.lists(OUTCOMES, max_size=4))
    def begin(self, way) -> None:
        """A service that has come to some gates already: the last steps are as interesting as the first."""
        self.clock = time_machine.travel(BEGAN, tick=False)
        self.traveller = self.clock.start()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        day = timezone.localdate() + timedelta(days=60)
        told = {"team": self.cast.team, "edition": self.edition, "name": "Permit", "planned_on": day}
        self.service = starting.start(by=self.cast.designer, **told)
        for outcome in way:
            self.goes_live()
            self.comes_to_the_gate("designer", "manager", outcome)

    def teardown(self) -> None:
        if hasattr(self, "undone"):
            self.look_back()
            self.seen.update(Decision.objects.values_list("outcome", flat=True))
            transaction.set_rollback(True)
            self.undone.__exit__(None, None, None)
            self.clock.stop()

    def who(self, name: str):
        return getattr(self.cast, name)

    def asked(self, entry: tuple[str, str]):
        return walking.requirement(self.service, f"{self.stage(entry[0])}-{entry[1]}")

    def stage(self, name: str) -> str:
        if name != HERE:
            return name
        reached = Passage.objects.filter(service=self.service).exclude(state=PassageState.LOCKED)
        return reached.order_by("-stage__position", "-round").values_list("stage__slug", flat=True)[0]

    # --- what people do ------------------------------------------------------------------------------

    @rule(who=st.sampled_from(PEOPLE), entry=ENTRIES, pick=st.integers(0, 3), proven=st.booleans(), until=DAYS)
    def answers(self, who, entry, pick, proven, until):
        state = STATES[entry[1]][pick % len(STATES[entry[1]])]
        proof = self.note(until) if proven else None
        said = {"state": state, "rating": pick if state == "rated" else None, "reason": "There is none."}
        with contextlib.suppress(Refusal):
            walking.say(self.service, self.asked(entry), self.who(who), proof=proof, **said)

    def note(self, until) -> Proof:
        today = timezone.localdate()
        return Proof(
            form="note", text="Seen.", valid_until=today + timedelta(days=until) if until is not None else None
        )

    @rule(entry=ENTRIES, until=DAYS)
    def attaches(self, entry, until):
        with contextlib.suppress(Refusal):
            told = {"service": self.service, "requirement": self.asked(entry), "proof": self.note(until)}
            evidencing.attach(by=self.cast.designer, **told)

    @rule(until=DAYS)
    def revises(self, until):
        """The latest piece is renewed, with another day until which it counts."""
        piece = Evidence.objects.current().filter(service=self.service).order_by("-pk").first()
        if piece:
            with contextlib.suppress(Refusal):
                evidencing.revise(by=self.cast.second_designer, evidence=piece, proof=self.note(until))

    @rule(entry=ENTRIES)
    def detaches(self, entry):
        piece = Evidence.objects.filter(service=self.service, answers__requirement=self.asked(entry)).first()
        if piece:
            told = {"service": self.service, "requirement": self.asked(entry), "evidence": piece}
            with contextlib.suppress(Refusal):
                evidencing.detach(by=self.cast.designer, **told)

    @rule(stage=STAGE, judged=st.sampled_from(["approve", "send_back", ""]))
    def writes(self, stage, judged):
        with contextlib.suppress(Refusal):
            asked = {"service": self.service, "requirement": self.asked((stage, "handbook"))}
            version = documenting.add(by=self.cast.designer, address="https://example.org/handbook", **asked)
            documenting.send(by=self.cast.designer, version=version)
            if judged:
                getattr(documenting, judged)(by=self.cast.second_designer, version=version, remark="Read.")

    @rule(stage=STAGE, who=st.sampled_from(["designer", "both"]))
    def fulfils(self, stage, who):
        with contextlib.suppress(Refusal):
            walking.fulfil(self.service, self.who(who), self.cast.second_designer, self.stage(stage))

    @rule(stage=STAGE, who=st.sampled_from(["designer", "both", "manager"]), days=st.sampled_from([1, 30, 300]))
    def asks_waiver(self, stage, who, days):
        with contextlib.suppress(Refusal):
            walking.ask_waiver(self.service, self.asked((stage, "works")), self.who(who), days)

    @rule(who=DECIDERS, act=st.sampled_from(["grant", "grant", "refuse", "withdraw", "end"]))
    def turns_waiver(self, who, act):
        open_ones = Waiver.objects.filter(service=self.service, state__in=["asked", "granted"])
        waiver = open_ones.select_related("service__team", "requirement").order_by("state").first()
        said = {"refuse": {"word": "Mend it."}, "end": {"reason": "It is of no use."}}
        with contextlib.suppress(Refusal):
            if waiver:
                getattr(waiving, act)(by=self.who(who), waiver=waiver, **said.get(act, {}))

    @rule(days=st.sampled_from([1, 6, 41, 200]))
    def waits(self, days):
        self.traveller.shift(timedelta(days=days))

    @rule(stage=STAGE, met=MOSTLY, who=st.sampled_from(PEOPLE))
    def asks(self, stage, met, who):
        with contextlib.suppress(Refusal):
            self.traveller.shift(timedelta(minutes=1))  # no two pictures are sealed in the same microsecond
            walking.ask(self.service, self.who(who), self.stage(stage), met=met)

    @rule(again=st.booleans())
    def withdraws(self, again):
        review = self.waiting()
        self.traveller.shift(timedelta(minutes=1))
        if review and again:
            said = walking.by_hand(self.service, review.passage.stage.slug)
            submitting.ask_again(by=self.cast.second_designer, review=review, note="", confirmations=said)
        elif review:
            submitting.withdraw(by=self.cast.designer, review=review)

    @rule(who=DECIDERS, outcome=OUTCOMES, due=st.sampled_from([0, 20]))
    def decides(self, who, outcome, due):
        review = self.waiting()
        if review:
            owed = [walking.demand(self.cast.designer, days=due)] if outcome == Outcome.GO_WITH_CONDITIONS else []
            with contextlib.suppress(Refusal):
                walking.sign(review, self.who(who), outcome, owed)

    @rule(by=st.sampled_from(PEOPLE), who=DECIDERS, outcome=OUTCOMES)
    def comes_to_the_gate(self, by, who, outcome):
        """A whole way to a gate in one step, so that walks reach far; of these too many are refused."""
        self.traveller.shift(timedelta(minutes=1))
        self.fulfils(HERE, "designer")
        self.asks(HERE, True, by)
        self.decides(who, outcome, 20)

    def waiting(self) -> Review | None:
        open_ones = Review.objects.filter(passage__service=self.service, state=Review.State.OPEN)
        return open_ones.select_related("passage__stage", "passage__service__team", "snapshot").first()

    @rule(drop=st.booleans())
    def settles(self, drop):
        condition = Condition.objects.filter(service=self.service, state=Condition.State.OPEN).first()
        if condition and drop:
            settling.drop(by=self.cast.manager, condition=condition, reason="It is of no use any more.")
        elif condition:
            with contextlib.suppress(Refusal):
                walking.meet(condition, self.cast.designer, self.cast.manager)

    @rule(who=DECIDERS, outcome=OUTCOMES)
    def supersedes(self, who, outcome):
        decided = Review.objects.filter(passage__service=self.service, decision__isnull=False).order_by("-pk").first()
        owed = [walking.demand(self.cast.designer)] if outcome == Outcome.GO_WITH_CONDITIONS else []
        with contextlib.suppress(Refusal):
            if decided:
                self.traveller.shift(timedelta(minutes=1))
                walking.supersede(decided, self.who(who), outcome, owed)

    @rule(stage=STAGE)
    def reopens(self, stage):
        passage = walking.passage_of(self.service, self.stage(stage))
        with contextlib.suppress(Refusal):
            enrolling.reopen(by=self.cast.manager, passage=passage, reason="Something came to light.")

    @rule()
    def goes_live(self):
        with contextlib.suppress(Refusal):
            enrolling.record_live(by=self.cast.designer, service=self.service, on=timezone.localdate())

    # --- what must always hold -----------------------------------------------------------------------

    @invariant()
    def no_stage_is_passed_without_a_go(self):
        for passage in Passage.objects.filter(service_id=self.service_id, state=PassageState.PASSED):
            outcomes = Decision.objects.filter(review__passage=passage).order_by("-decided_at", "-pk")
            assert outcomes.first().outcome in (Outcome.GO, Outcome.GO_WITH_CONDITIONS)

    @invariant()
    def every_tally_equals_its_rebuild(self):
        today = timezone.localdate()
        fresh = Tally.objects.filter(service_id=self.service_id).exclude(fresh_until__lt=today)
        slugs = set(fresh.values_list("stage__slug", flat=True))
        wrong = [one for one in self.differences() if one.split(":")[0] in slugs]
        assert wrong == []

    def look_back(self):
        """What stays wrong once it is: enough to look at the end of a walk."""
        self.look_who_decided()
        self.look_who_waived()
        self.look_at_the_seals()
        self.look_at_the_chains()

    def look_who_decided(self):
        for decision in Decision.objects.select_related("review__snapshot"):
            sealed = canonical.load(decision.review.snapshot.content)
            assert decision.decided_by_id not in {decision.review.asked_by_id, *picture.recorders(sealed)}

    def look_who_waived(self):
        """Nobody answered their own request, and no go went over a rule neither met nor waived on its day."""
        assert not Waiver.objects.filter(answered_by=F("asked_by")).exists()
        for decision in Decision.objects.exclude(outcome=Outcome.NO_GO):
            signed, day = canonical.load(decision.content), timezone.localdate(decision.decided_at).isoformat()
            assert next(one["met"] for one in signed["suggestion"]["reasons"] if one["key"] == "rules")
            assert all(waiver["expires_on"] >= day for waiver in signed["waivers"])

    def look_at_the_seals(self):
        for record in [*Snapshot.objects.all(), *Decision.objects.all()]:
            assert canonical.digest_of_text(record.content) == record.sha256

    def look_at_the_chains(self):
        assert [walk.broken for walk in map(soundness.walk, soundness.scopes()) if walk.broken] == []

    def differences(self) -> list[str]:
        return list(tallying.differences(service=self.service)) if hasattr(self, "service") else []

    @property
    def service_id(self) -> int | None:
        return self.service.pk if hasattr(self, "service") else None


def test_the_promises_hold_on_every_walk(cast):
    catalogue.forget()
    cast.people.both = person("both", cast.team, Role.DESIGNER, Role.MANAGER)
    Walk.cast = cast
    Walk.edition = publishing.publish(by=None, text=playbooks.text(three_stages()).encode()).edition
    run_state_machine_as_test(
        Walk,
        settings=settings(
            max_examples=15,
            stateful_step_count=20,
            phases=[Phase.reuse, Phase.generate],  # making a walk of twenty steps shorter takes longer than reading it
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
        ),
    )
    assert min(Walk.seen[outcome] for outcome in Outcome.values) > 0, "walks without decisions prove nothing"
