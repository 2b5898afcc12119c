from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from accounts import chaining
from accounts.models import TrailEntry
from accounts.refusals import Conflict, Refusal
from stages import enrolling
from stages.models import Passage, PassageState, Service

PLANNED = date(2027, 1, 15)
AT = datetime(2026, 8, 31, 10, tzinfo=UTC)


@pytest.fixture
def enrol(cast, edition):
    def with_name(name: str, **told: object) -> Service:
        return enrolling.enrol(by=cast.designer, team=cast.team, edition=edition, name=name, planned_on=PLANNED, **told)

    return with_name


@pytest.fixture
def enrolled(enrol) -> Service:
    return enrol("Birth certificate online", at=AT)


def passage(service: Service, stage: str, round: int = 1) -> Passage:
    return service.passages.select_related("stage").get(stage__slug=stage, round=round)


def go(service: Service, stage: str, by, round: int = 1, at: datetime = AT) -> Passage | None:
    """Ask and pass, as a review with a go does."""
    with chaining.chain(service.scope, at=at) as trail:
        asked = enrolling.move(trail=trail, by=by, passage=passage(service, stage, round), to=PassageState.IN_REVIEW)
        return enrolling.open_next(trail=trail, by=by, passage=asked)


def states(service: Service) -> list[tuple[str, int, str]]:
    return list(service.passages.values_list("stage__slug", "round", "state"))


class TestEnrolling:
    def test_the_first_stage_is_open_and_the_others_are_locked(self, enrolled):
        assert states(enrolled) == [("build", 1, "open"), ("go-live", 1, "locked"), ("operate", 1, "locked")]
        assert passage(enrolled, "build").opened_at == AT
        assert passage(enrolled, "go-live").opened_at is None

    def test_it_is_what_was_told(self, enrol, cast, edition):
        service = enrol("  Schulanmeldung ", summary=" Enrol a child. ", at=AT)
        assert (service.name, service.slug, service.summary) == ("Schulanmeldung", "schulanmeldung", "Enrol a child.")
        assert (service.team, service.edition, service.planned_on) == (cast.team, edition, PLANNED)
        assert (service.created_at, service.went_live_on) == (AT, None)

    def test_it_stands_in_the_trail_of_its_own(self, enrolled, cast, edition):
        entry = TrailEntry.objects.get(scope=enrolled.scope)
        assert (entry.who, entry.verb, entry.subject, entry.sequence, entry.at) == (
            cast.designer,
            "created",
            "service",
            1,
            AT,
        )
        assert entry.after == {
            "name": "Birth certificate online",
            "team": cast.team.pk,
            "edition": edition.pk,
            "planned_on": "2027-01-15",
        }

    @pytest.mark.parametrize("name", ["", "   ", "\n"])
    def test_without_a_name_it_is_refused(self, enrol, name):
        with pytest.raises(Refusal, match="A service needs a name"):
            enrol(name)
        assert not Service.objects.exists()

    def test_a_name_that_hides_something_is_refused(self, enrol):
        with pytest.raises(Refusal, match=r"U\+202E"):
            enrol("Tax \u202ereturn")
        assert not Service.objects.exists()

    def test_names_may_repeat_but_addresses_do_not(self, enrol):
        names = ["Tax return", "Tax return", "Tax-Return!", "New", "new", "税務", "!!!", "Έναρξη επιχείρησης"]
        assert [enrol(name).slug for name in names] == [
            "tax-return",
            "tax-return-2",
            "tax-return-3",
            "new-2",
            "new-3",
            "service",
            "service-2",
            "enarxi-epicheirisis",
        ]

    def test_the_longest_name_has_an_address(self, enrol):
        slugs = [enrol("ψ" * 120).slug for _ in range(2)]
        assert slugs == ["ps" * 60, "ps" * 60 + "-2"]


@pytest.mark.django_db(transaction=True)
def test_the_same_name_at_once_gets_two_addresses(enrol):
    start = Barrier(4)

    def one() -> str:
        try:
            start.wait()
            return enrol("Tax return").slug
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        slugs = [future.result() for future in [pool.submit(one) for _ in range(4)]]
    assert sorted(slugs) == ["tax-return", "tax-return-2", "tax-return-3", "tax-return-4"]
    assert Passage.objects.count() == 12


class TestMoving:
    def test_asking_and_taking_back(self, enrolled, cast):
        with chaining.chain(enrolled.scope) as trail:
            asked = enrolling.move(trail=trail, by=cast.designer, passage=passage(enrolled, "build"), to="in_review")
            back = enrolling.move(trail=trail, by=cast.designer, passage=asked, to="open")
        assert (back.state, back.opened_at, back.passed_at) == (PassageState.OPEN, AT, None)
        entries = TrailEntry.objects.filter(scope=enrolled.scope, verb="moved")
        assert [(one.subject, one.before, one.after) for one in entries] == [
            ("stage:build/1", {"state": "open"}, {"state": "in_review"}),
            ("stage:build/1", {"state": "in_review"}, {"state": "open"}),
        ]

    @pytest.mark.parametrize(("stage", "to"), [("build", "open"), ("go-live", "passed"), ("go-live", "in_review")])
    def test_what_is_not_legal_is_a_conflict(self, enrolled, cast, stage, to):
        before = states(enrolled)
        with pytest.raises(Conflict), chaining.chain(enrolled.scope) as trail:
            enrolling.move(trail=trail, by=cast.designer, passage=passage(enrolled, stage), to=to)
        assert states(enrolled) == before

    def test_it_judges_the_state_as_it_is_now(self, enrolled, cast):
        seen = passage(enrolled, "build")
        go(enrolled, "build", cast.manager)
        with pytest.raises(Conflict, match="This stage is now “passed”"), chaining.chain(enrolled.scope) as trail:
            enrolling.move(trail=trail, by=cast.designer, passage=seen, to=PassageState.IN_REVIEW)


class TestOpeningTheNext:
    def test_a_go_passes_and_opens_the_next_stage(self, enrolled, cast):
        opened = go(enrolled, "build", cast.manager)
        assert (opened.stage.slug, opened.state, opened.opened_at) == ("go-live", PassageState.OPEN, AT)
        assert passage(enrolled, "build").passed_at == AT
        assert states(enrolled) == [("build", 1, "passed"), ("go-live", 1, "open"), ("operate", 1, "locked")]

    def test_a_recurring_stage_opens_its_next_round_with_a_day_it_is_due(self, enrolled, cast):
        go(enrolled, "build", cast.manager)
        go(enrolled, "go-live", cast.manager)
        second = go(enrolled, "operate", cast.manager)
        assert (second.round, second.state, second.due_on) == (2, PassageState.OPEN, date(2027, 2, 28))
        third = go(enrolled, "operate", cast.manager, round=2, at=datetime(2027, 3, 1, tzinfo=UTC))
        assert (third.round, third.due_on) == (3, date(2027, 9, 1))
        assert states(enrolled)[-3:] == [("operate", 1, "passed"), ("operate", 2, "passed"), ("operate", 3, "open")]
        told = TrailEntry.objects.filter(scope=enrolled.scope, verb="opened").values_list("subject", "after")
        assert told[0] == ("stage:operate/2", {"state": "open", "due_on": "2027-02-28"})

    def test_a_next_stage_that_is_under_way_stays_as_it_is(self, enrolled, cast):
        go(enrolled, "build", cast.manager)
        Passage.objects.filter(service=enrolled, stage__slug="build").update(state="open", passed_at=None)
        assert go(enrolled, "build", cast.manager) is None
        assert states(enrolled) == [("build", 1, "passed"), ("go-live", 1, "open"), ("operate", 1, "locked")]


class TestGoingLive:
    @pytest.fixture
    def passed(self, enrolled, cast) -> Service:
        go(enrolled, "build", cast.manager)
        go(enrolled, "go-live", cast.manager)
        return enrolled

    def test_it_is_recorded_with_its_day(self, passed, cast):
        live = enrolling.record_live(by=cast.designer, service=passed, on=date(2026, 9, 1), at=AT + timedelta(days=3))
        assert live.went_live_on == Service.objects.get().went_live_on == date(2026, 9, 1)
        entry = TrailEntry.objects.get(scope=passed.scope, verb="went_live")
        assert (entry.who, entry.subject, entry.after) == (cast.designer, "service", {"went_live_on": "2026-09-01"})

    def test_it_is_recorded_once(self, passed, cast):
        stale = Service.objects.get()
        enrolling.record_live(by=cast.designer, service=passed, on=date(2026, 9, 1))
        with pytest.raises(Conflict, match="already recorded"):
            enrolling.record_live(by=cast.designer, service=stale, on=date(2026, 9, 2))
        assert Service.objects.get().went_live_on == date(2026, 9, 1)

    def test_not_in_the_future(self, passed, cast):
        tomorrow = timezone.localdate() + timedelta(days=1)
        with pytest.raises(Refusal, match="cannot be in the future"):
            enrolling.record_live(by=cast.designer, service=passed, on=tomorrow)
        assert Service.objects.get().went_live_on is None
        enrolling.record_live(by=cast.designer, service=passed, on=timezone.localdate())

    def test_not_before_the_gate_that_lets_it_go_live(self, enrolled, cast):
        go(enrolled, "build", cast.manager)
        with pytest.raises(Refusal, match="The stage “Go-live” must be passed first"):
            enrolling.record_live(by=cast.designer, service=enrolled, on=date(2026, 9, 1))
        assert Service.objects.get().went_live_on is None
