"""A service is renamed, planned anew, archived and brought back: with what was seen, a reason, and a trail."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.models import TrailEntry
from accounts.refusals import Conflict, Refusal
from checklists import documenting, evidencing
from checklists.evidencing import Proof
from reviews import reporting, settling, submitting
from reviews.models import Outcome
from stages import chains, enrolling, keeping
from stages.keeping import Words, words_of
from stages.models import PassageState
from tests.reviews import walking

pytestmark = pytest.mark.django_db
NEW = Words("Birth certificates", "Order one\nfrom home.")


def told(service, verb: str) -> list[tuple[object, object]]:
    return list(TrailEntry.objects.filter(scope=service.scope, verb=verb).values_list("before", "after"))


@pytest.fixture
def archived(service, cast):
    return keeping.archive(by=cast.manager, service=service, reason="The law changed.")


class TestEditing:
    def test_the_words_change_and_the_address_stays(self, service, cast):
        slug, before = service.slug, words_of(service)
        words = Words(" Birth  certificates ", "Order one\r\nfrom home. ")
        keeping.edit(by=cast.designer, service=service, words=words, seen=before.digest)
        service.refresh_from_db()
        assert (words_of(service), service.slug) == (NEW, slug)
        assert told(service, "edited") == [(before._asdict(), NEW._asdict())]

    def test_a_stale_tab_changes_nothing_and_is_told_what_is_there(self, service, cast):
        seen = words_of(service).digest
        keeping.edit(by=cast.designer, service=service, words=NEW, seen=seen)
        with pytest.raises(Conflict, match="while you were writing") as refused:
            keeping.edit(by=cast.second_designer, service=service, words=Words("Births", ""), seen=seen)
        assert refused.value.detail["now"] == NEW._asdict()
        service.refresh_from_db()
        assert words_of(service) == NEW

    def test_the_same_words_twice_are_said_once(self, service, cast):
        seen = words_of(service).digest
        for _press in range(2):
            keeping.edit(by=cast.designer, service=service, words=NEW, seen=seen)
        assert len(told(service, "edited")) == 1

    @pytest.mark.parametrize("name", ["", " \n", "Birth\u202ecertificates"])
    def test_a_name_that_nobody_can_read_is_refused(self, service, cast, name):
        with pytest.raises(Refusal, match="name"):
            keeping.edit(by=cast.designer, service=service, words=Words(name, ""), seen=words_of(service).digest)


class TestPlanning:
    def test_the_day_moves_with_its_reason(self, service, cast, planned_on):
        later = planned_on + timedelta(days=30)
        keeping.plan(by=cast.designer, service=service, planned_on=later, reason=" Audit  first. ", seen=planned_on)
        service.refresh_from_db()
        assert service.planned_on == later
        after = {"planned_on": later.isoformat(), "reason": "Audit first."}
        assert told(service, "planned") == [({"planned_on": planned_on.isoformat()}, after)]

    def test_a_day_moved_meanwhile_is_not_moved_back_unseen(self, service, cast, planned_on):
        later = planned_on + timedelta(days=30)
        keeping.plan(by=cast.designer, service=service, planned_on=later, reason="Audit.", seen=planned_on)
        with pytest.raises(Conflict, match="moved the planned day") as refused:
            keeping.plan(
                by=cast.second_designer,
                service=service,
                planned_on=planned_on + timedelta(days=7),
                reason="A week.",
                seen=planned_on,
            )
        assert refused.value.detail["now"] == {"planned_on": later}

    @pytest.mark.parametrize(
        ("days", "reason", "field"), [(0, "Why not.", "planned_on"), (-91, "Late.", "planned_on"), (9, " ", "reason")]
    )
    def test_what_makes_no_sense_is_refused(self, service, cast, planned_on, days, reason, field):
        moved = planned_on + timedelta(days=days)
        with pytest.raises(Refusal) as refused:
            keeping.plan(by=cast.designer, service=service, planned_on=moved, reason=reason, seen=planned_on)
        assert refused.value.detail["field"] == field
        assert told(service, "planned") == []

    def test_a_reason_is_short_and_readable(self, service, cast, planned_on):
        for reason in ("x" * 501, "a\u202eb"):
            with pytest.raises(Refusal) as refused:
                keeping.plan(by=cast.designer, service=service, planned_on=planned_on, reason=reason, seen=planned_on)
            assert refused.value.detail["field"] == "reason"

    def test_a_live_service_keeps_its_planned_day(self, service, cast, planned_on):
        service.passages.filter(stage__slug__in=["build", "go-live"]).update(
            state=PassageState.PASSED, opened_at=timezone.now(), passed_at=timezone.now()
        )
        enrolling.record_live(by=cast.designer, service=service, on=timezone.localdate())
        with pytest.raises(Conflict, match="is live"):
            keeping.plan(
                by=cast.designer,
                service=service,
                planned_on=planned_on + timedelta(days=1),
                reason="Later.",
                seen=planned_on,
            )


class TestArchiving:
    def test_it_is_archived_once_with_a_reason(self, archived, cast):
        archived.refresh_from_db()
        assert archived.archived_at is not None
        assert told(archived, "archived") == [(None, {"reason": "The law changed."})]
        with pytest.raises(chains.Archived):
            keeping.archive(by=cast.second_manager, service=archived, reason="Again.")

    def test_it_is_brought_back_once(self, archived, cast):
        keeping.bring_back(by=cast.manager, service=archived, reason="The law changed again.")
        archived.refresh_from_db()
        assert archived.archived_at is None
        with pytest.raises(Conflict, match="brought back already"):
            keeping.bring_back(by=cast.second_manager, service=archived, reason="Again.")

    def test_no_reason_no_archive(self, service, cast):
        with pytest.raises(Refusal, match="Say why"):
            keeping.archive(by=cast.manager, service=service, reason=" ")
        assert told(service, "archived") == []


class TestWhileArchived:
    """Whatever tab was open before: nothing is written, and the sentence says why."""

    @pytest.fixture
    def review(self, service, cast):
        walking.fulfil(service, cast.designer, cast.second_designer)
        return walking.ask(service, cast.designer)

    def test_nothing_is_answered_written_or_attached(self, archived, cast):
        rule, plan = walking.first(archived, "rule"), walking.first(archived, "deliverable")
        proof = Proof(form="note", text="Seen.")
        about = {"by": cast.designer, "service": archived}
        with pytest.raises(chains.Archived, match="can be read, not changed"):
            walking.say(archived, rule, cast.designer, state="not_met")
        with pytest.raises(chains.Archived):
            evidencing.attach(requirement=rule, proof=proof, **about)
        with pytest.raises(chains.Archived):
            documenting.add(requirement=plan, title="Plan", file=ContentFile(b"%PDF-1.7", "plan.pdf"), **about)

    def test_nothing_is_asked_for_withdrawn_or_decided(self, review, service, cast):
        keeping.archive(by=cast.manager, service=service, reason="The law changed.")
        with pytest.raises(chains.Archived):
            submitting.withdraw(by=cast.designer, review=review)
        with pytest.raises(chains.Archived):
            walking.sign(review, cast.manager)
        with pytest.raises(chains.Archived):
            walking.ask(service, cast.designer, "build")

    def test_no_condition_is_closed_and_no_plan_moved(self, review, service, cast, planned_on):
        decision = walking.sign(review, cast.manager, Outcome.GO_WITH_CONDITIONS, [walking.demand(cast.designer)])
        keeping.archive(by=cast.manager, service=service, reason="The law changed.")
        with pytest.raises(chains.Archived):
            settling.drop(by=cast.manager, condition=decision.conditions.get(), reason="Done.")
        with pytest.raises(chains.Archived):
            enrolling.record_live(by=cast.designer, service=service, on=timezone.localdate())
        with pytest.raises(chains.Archived):
            keeping.edit(by=cast.designer, service=service, words=NEW, seen=words_of(service).digest)
        with pytest.raises(chains.Archived):
            keeping.plan(by=cast.designer, service=service, planned_on=planned_on, reason="x", seen=planned_on)

    def test_a_report_can_still_be_read_off_it(self, review, service, cast):
        keeping.archive(by=cast.manager, service=service, reason="The law changed.")
        report = reporting.request(by=cast.auditor, service=service, record=review.snapshot, language="en")
        assert report.record == review.snapshot.sha256
