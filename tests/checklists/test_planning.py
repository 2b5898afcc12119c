"""Who is responsible for an entry, and until when."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.models import TrailEntry
from accounts.refusals import Conflict, Refusal
from checklists import due_dates, planning, tallying
from checklists.models import Answer
from checklists.planning import Care, care_of
from reviews import canonical, submitting
from stages import catalogue, keeping
from stages.chains import Archived
from stages.models import Passage
from tests.reviews import walking

pytestmark = pytest.mark.django_db
NOTHING = Care()


@pytest.fixture
def today() -> date:
    return timezone.localdate()


@pytest.fixture
def rule(service):
    return walking.first(service, "rule")


def entrust(service, requirement, by, care, seen=NOTHING):
    return planning.entrust(by=by, service=service, requirement=requirement, care=care, seen=seen)


def test_before_anything_is_said_it_hangs_on_an_answer_of_version_0(service, rule, cast, today):
    care = Care(cast.viewer, today)
    entrust(service, rule, cast.designer, care)
    answer = Answer.objects.get()
    assert (care_of(answer), answer.version, answer.state) == (care, 0, "open")
    assert list(tallying.differences(service=service)) == []


def test_it_is_not_an_answer(service, rule, cast, today):
    walking.say(service, rule, cast.second_designer, **walking.FULL["rule"])
    entrust(service, rule, cast.designer, Care(None, today))
    answer = Answer.objects.get()
    assert (answer.version, answer.recorded_by, answer.due_on) == (1, cast.second_designer, today)


def test_a_tick_keeps_it(service, rule, cast, today):
    entrust(service, rule, cast.designer, Care(cast.viewer, today))
    walking.say(service, rule, cast.designer, state="not_met")
    assert care_of(Answer.objects.get()) == Care(cast.viewer, today)


def test_who_plans_does_not_record(service, rule, cast, today):
    """The picture of a review names as recorder whoever answered, and nobody where nobody did."""
    entrust(service, rule, cast.manager, Care(cast.viewer, today))
    walking.say(service, walking.first(service, "item"), cast.designer, state="done")
    review = submitting.submit(
        by=cast.designer, passage=walking.passage_of(service), note="", confirmations=walking.by_hand(service)
    )
    entries = canonical.load(review.snapshot.content)["entries"]
    assert {one["recorded_by"]["name"] for one in entries if one["recorded_by"]} == {"Designer"}


def test_a_stage_that_is_not_open_can_be_planned(service, cast, today):
    later = walking.first(service, "rule", "go-live")
    entrust(service, later, cast.designer, Care(cast.designer, today))
    assert Answer.objects.get().requirement == later


def test_the_trail_names_both(service, rule, cast, today):
    entrust(service, rule, cast.designer, Care(cast.viewer, today))
    entrust(service, rule, cast.designer, NOTHING, seen=Care(cast.viewer, today))
    entries = TrailEntry.objects.filter(scope=service.scope, verb="entrusted", subject=rule.subject)
    nobody = {"responsible": None, "name": "", "due_on": None}
    viewer = {"responsible": cast.viewer.pk, "name": "Viewer", "due_on": today.isoformat()}
    assert [(one.before, one.after) for one in entries.order_by("sequence")] == [(nobody, viewer), (viewer, nobody)]


def test_a_double_click_leaves_one_trace(service, rule, cast, today):
    for _press in range(2):
        entrust(service, rule, cast.designer, Care(cast.viewer, today))
    assert TrailEntry.objects.filter(scope=service.scope, verb="entrusted").count() == 1


def test_a_stale_tab_overwrites_nothing(service, rule, cast, today):
    entrust(service, rule, cast.designer, Care(None, today))
    with pytest.raises(Conflict) as refused:
        entrust(service, rule, cast.second_designer, Care(None, today + timedelta(days=3)))
    assert refused.value.detail["now"] == Care(None, today)
    assert Answer.objects.get().due_on == today


def test_two_people_may_set_one_each(service, rule, cast, today):
    entrust(service, rule, cast.designer, Care(None, today))
    entrust(service, rule, cast.second_designer, Care(cast.viewer, None))
    assert care_of(Answer.objects.get()) == Care(cast.viewer, today)


@pytest.mark.parametrize(("days", "sentence"), [(-1, "today or a later day"), (4000, "ten years")])
def test_days_that_cannot_be_meant(service, rule, cast, today, days, sentence):
    with pytest.raises(Refusal, match=sentence) as refused:
        entrust(service, rule, cast.designer, Care(None, today + timedelta(days=days)))
    assert refused.value.detail["field"] == "due_on"


def test_only_members_are_responsible(service, rule, cast):
    with pytest.raises(Refusal, match="not on the team") as refused:
        entrust(service, rule, cast.designer, Care(cast.outsider, None))
    assert refused.value.detail["field"] == "responsible"
    assert not Answer.objects.exists()


def test_an_archived_service_is_not_planned(service, rule, cast):
    keeping.archive(by=cast.manager, service=service, reason="The law changed.")
    with pytest.raises(Archived):
        entrust(service, rule, cast.designer, Care(cast.designer, None))


def test_who_becomes_responsible_is_told_once_and_who_was_no_more(service, cast):
    item = walking.first(service, "item")
    for _click in range(2):
        planning.entrust(by=cast.designer, service=service, requirement=item, care=Care(cast.viewer), seen=Care())
    (notice,) = cast.viewer.notices.all()
    assert notice.sentence.startswith(f"Birth certificate online: entry given to you by Designer: {item.number} ")
    planning.entrust(by=cast.designer, service=service, requirement=item, care=Care(), seen=Care(cast.viewer))
    assert not cast.viewer.notices.filter(read_at=None).exists()


def shown(service) -> str:
    return due_dates.digest(due_dates.of(service))


def accept(service, by, seen=None, stage=""):
    return planning.accept(by=by, service=service, stage=stage, seen=seen or shown(service))


class TestProposals:
    def test_every_entry_without_a_day_gets_one(self, service, rule, cast, today):
        entrust(service, rule, cast.designer, Care(cast.viewer, today))
        days = accept(service, cast.designer)
        asked = [one for sheet in catalogue.of(service.edition_id).sheets for one in sheet.requirements]
        stored = dict(Answer.objects.values_list("requirement__slug", "due_on"))
        assert stored == days | {rule.slug: today}
        assert len(stored) == len(asked)
        assert all(answer.version == 0 for answer in Answer.objects.all())
        assert list(tallying.differences(service=service)) == []

    def test_of_one_stage_only(self, service, cast):
        plan = next(one for one in due_dates.of(service) if one.stage.slug == "go-live")
        accept(service, cast.designer, plan.digest, "go-live")
        assert set(Answer.objects.values_list("requirement__stage__slug", flat=True)) == {"go-live"}

    def test_what_is_done_gets_none(self, service, rule, cast):
        walking.say(service, rule, cast.designer, **walking.FULL["rule"])
        assert rule.slug not in accept(service, cast.designer)
        assert Answer.objects.get(requirement=rule).due_on is None

    def test_a_waived_rule_gets_none_until_its_waiver_ends(self, service, rule, cast):
        waiver = walking.waive(service, rule, cast.designer, cast.manager)
        before, after = (
            due_dates.of(service, on=waiver.expires_on + timedelta(days=days))[0].proposed for days in (0, 1)
        )
        assert (rule.slug in before, rule.slug in after) == (False, True)
        assert rule.slug not in accept(service, cast.designer)

    def test_a_double_click_sets_them_once(self, service, cast):
        seen = shown(service)
        first, second = accept(service, cast.designer, seen), accept(service, cast.designer, seen)
        assert (len(first) > 100, second) == (True, {})
        assert TrailEntry.objects.filter(scope=service.scope, verb="dates_accepted").count() == 1

    def test_proposals_that_have_changed_are_refused(self, service, rule, cast, today):
        seen = shown(service)
        entrust(service, rule, cast.designer, Care(None, today))
        with pytest.raises(Conflict, match="look again"):
            accept(service, cast.designer, seen)
        assert Answer.objects.exclude(requirement=rule).count() == 0

    def test_nothing_is_proposed_before_a_day_that_passed(self, service, today):
        service.planned_on = today
        assert [(plan.stage.slug, bool(plan.proposed)) for plan in due_dates.of(service)] == [
            ("build", False),
            ("go-live", False),
            ("operate", True),
        ]

    def test_a_round_that_was_taken_back_gives_no_days(self, service, today):
        service.went_live_on, now = today, timezone.now()
        operate = Passage.objects.get(service=service, stage__slug="operate")
        for number, days, told in (
            (2, 30, {"state": "open", "opened_at": now, "reopened_at": now}),
            (3, 210, {"state": "locked"}),
        ):
            due_on = today + timedelta(days=days)
            Passage.objects.create(service=service, stage=operate.stage, round=number, due_on=due_on, **told)
        proposed = due_dates.of(service)[-1].proposed
        assert len(proposed) > 10
        assert max(proposed.values()) <= today + timedelta(days=30)


class TestMoving:
    def test_they_move_with_the_planned_day_on_request(self, service, rule, cast, planned_on, today):
        entrust(service, rule, cast.designer, Care(None, today))
        replan(service, cast, planned_on + timedelta(days=10), planned_on)
        assert Answer.objects.get().due_on == today
        replan(service, cast, planned_on, planned_on + timedelta(days=10), with_dates=True)
        assert Answer.objects.get().due_on == today - timedelta(days=10)
        replan(service, cast, planned_on + timedelta(days=3), planned_on, with_dates=True)
        assert Answer.objects.get().due_on == today - timedelta(days=7)
        told = TrailEntry.objects.filter(scope=service.scope, verb="dates_moved").order_by("sequence")
        assert [one.after for one in told] == [{"days": -10, "number": 1}, {"days": 3, "number": 1}]

    def test_what_is_done_keeps_its_day(self, service, rule, cast, planned_on, today):
        entrust(service, rule, cast.designer, Care(None, today))
        walking.say(service, rule, cast.designer, **walking.FULL["rule"])
        replan(service, cast, planned_on + timedelta(days=10), planned_on, with_dates=True)
        assert Answer.objects.get().due_on == today

    def test_nothing_is_planned_or_moved_beyond_a_hundred_years(self, service, rule, cast, planned_on, today):
        far = today + timedelta(days=36525)
        with pytest.raises(Refusal, match="within the next hundred years"):
            replan(service, cast, far + timedelta(days=1), planned_on)
        replan(service, cast, far, planned_on)
        assert due_dates.of(service)[-1].proposed
        late = planned_on + timedelta(days=3)
        entrust(service, rule, cast.designer, Care(None, late))
        replan(service, cast, planned_on, far)
        with pytest.raises(Refusal, match="within the next hundred years"):
            replan(service, cast, far, planned_on, with_dates=True)
        assert Answer.objects.get(requirement=rule).due_on == late

    def test_a_refused_move_moves_nothing(self, service, rule, cast, planned_on, today):
        entrust(service, rule, cast.designer, Care(None, today))
        with pytest.raises(Conflict):
            replan(service, cast, planned_on + timedelta(days=10), today, with_dates=True)
        assert Answer.objects.get().due_on == today


def replan(service, cast, planned_on, seen, *, with_dates=False):
    told = {"planned_on": planned_on, "reason": "Audit first.", "seen": seen, "with_dates": with_dates}
    return planning.replan(by=cast.designer, service=service, **told)
