"""A mistaken decision is superseded by a new one on the same picture; nothing is deleted."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import TrailEntry
from accounts.refusals import Conflict, NotAllowed, Refusal
from reviews import canonical, objections, reporting, settling, verification
from reviews.models import Condition, Decision, Outcome, Review
from stages import enrolling
from stages.models import Kind, Passage
from tests.accounts import tampering
from tests.reviews import walking
from tests.reviews.test_deciding_together import at_once

GO, NO_GO, WITH = Outcome.GO, Outcome.NO_GO, Outcome.GO_WITH_CONDITIONS


def states(service) -> dict[str, str]:
    passages = Passage.objects.filter(service=service).counting()
    return {f"{one.stage.slug}/{one.round}": one.state for one in passages.select_related("stage")}


@pytest.fixture
def gone(review, cast) -> Review:
    """A go on build, signed by the manager."""
    walking.lived(review.passage.service, "gone", lambda: walking.sign(review, cast.manager, GO))
    review.refresh_from_db()
    return review


def test_the_new_decision_stands_and_the_old_one_stays(gone, cast):
    old = Decision.objects.get()
    text = old.content
    new = walking.supersede(gone, cast.second_manager)
    gone.refresh_from_db()
    old.refresh_from_db()
    assert (gone.decision, new.supersedes, new.number, old.content) == (new, old, 2, text)
    assert canonical.digest_of_text(new.content) == new.sha256
    told = canonical.load(new.content)["supersedes"]
    assert (told["sha256"], told["outcome"], told["mistake"]) == (old.sha256, "go", new.mistake)
    assert canonical.load(old.content)["supersedes"] is None


def test_it_stands_in_the_trail(gone, cast):
    new = walking.supersede(gone, cast.second_manager)
    entry = TrailEntry.objects.get(verb="supersede")
    assert (entry.who, entry.subject) == (cast.second_manager, f"review:{gone.pk}")
    assert (entry.before["outcome"], entry.after["outcome"], entry.after["mistake"]) == ("go", "no_go", new.mistake)


def test_the_manager_who_erred_may_say_so(gone, cast):
    assert walking.supersede(gone, cast.manager).decided_by == cast.manager


class TestTheStageFollows:
    def test_a_go_that_was_mistaken_opens_it_again_and_later_stages_stay(self, gone, ready, cast):
        walking.supersede(gone, cast.second_manager)
        assert states(ready) == {"build/1": "open", "go-live/1": "open", "operate/1": "locked"}
        walking.sign(walking.ask(ready, cast.designer), cast.manager, GO)
        assert states(ready) == {"build/1": "passed", "go-live/1": "open", "operate/1": "locked"}

    def test_a_no_go_that_was_mistaken_opens_what_is_next(self, review, ready, cast):
        walking.sign(review, cast.manager, NO_GO)
        walking.supersede(review, cast.second_manager, GO)
        assert states(ready) == {"build/1": "passed", "go-live/1": "open", "operate/1": "locked"}

    def test_conditions_instead_of_none_move_nothing(self, gone, ready, cast):
        walking.supersede(gone, cast.second_manager, WITH, [walking.demand(cast.designer)])
        assert states(ready)["build/1"] == "passed"

    def test_back_and_forth(self, gone, ready, cast):
        walking.supersede(gone, cast.second_manager)
        last = walking.supersede(gone, cast.manager, GO)
        assert (last.number, states(ready)["build/1"]) == (3, "passed")

    def test_in_operate_the_next_round_is_taken_back(self, gone, ready, cast):
        walking.fulfil(ready, cast.designer, cast.second_designer, "go-live")
        walking.sign(walking.ask(ready, cast.designer, "go-live"), cast.manager, GO)
        walking.fulfil(ready, cast.designer, cast.second_designer, "operate")
        enrolling.record_live(by=cast.designer, service=ready, on=gone.asked_at.date())
        review = walking.ask(ready, cast.designer, "operate")
        walking.sign(review, cast.manager, GO)
        assert states(ready)["operate/2"] == "open"
        walking.supersede(review, cast.second_manager)
        assert states(ready) == {"build/1": "passed", "go-live/1": "passed", "operate/1": "open"}
        walking.sign(walking.ask(ready, cast.designer, "operate"), cast.manager, GO)
        assert states(ready)["operate/2"] == "open"


class TestConditions:
    @pytest.fixture
    def owed(self, review, cast) -> Review:
        owed = [walking.demand(cast.designer, text) for text in ("Rehearse", "Write it down")]
        walking.lived(review.passage.service, "owed", lambda: walking.sign(review, cast.manager, WITH, owed))
        review.refresh_from_db()
        return review

    def test_open_ones_are_void_and_closed_ones_stay(self, owed, cast):
        first, second = Condition.objects.order_by("number")
        settling.drop(by=cast.manager, condition=first, reason="No use.")
        walking.supersede(owed, cast.second_manager, GO)
        first.refresh_from_db()
        second.refresh_from_db()
        assert (first.state, second.state, second.closed_by) == ("dropped", "void", cast.second_manager)
        assert TrailEntry.objects.get(verb="void").subject == second.subject
        with pytest.raises(Conflict):
            settling.drop(by=cast.manager, condition=second, reason="No use.")

    def test_those_of_the_decision_in_question_do_not_weigh_on_the_new_one(self, owed, cast):
        case = walking.case(owed)
        assert (case.changes, case.overdue, case.suggestion.outcome) == ((), 0, "go")

    @pytest.mark.django_db(transaction=True)
    def test_closing_one_at_the_same_moment(self, owed, cast):
        """Whoever is first: the condition is closed once, and no open one is left of the old decision."""
        condition = Condition.objects.first()
        at_once(
            lambda: walking.supersede(owed, cast.second_manager, GO),
            lambda: settling.drop(by=cast.manager, condition=condition, reason="No use."),
        )
        assert Condition.objects.filter(state="open").count() == 0
        assert TrailEntry.objects.filter(subject=condition.subject).count() == 1


class TestRefused:
    def test_who_asked_does_not_decide_even_so(self, gone, cast):
        with pytest.raises(NotAllowed):
            walking.supersede(gone, cast.designer)

    @pytest.mark.parametrize(("field", "told"), [("mistake", {"mistake": " "}), ("rationale", {"rationale": ""})])
    def test_without_its_words(self, gone, cast, field, told):
        with pytest.raises(Refusal) as refused:
            walking.supersede(gone, cast.second_manager, **told)
        assert refused.value.detail["field"] == field
        assert Decision.objects.count() == 1

    def test_on_another_decision_than_the_one_that_was_seen(self, gone, cast):
        seen = walking.case(gone).review.decision.sha256
        walking.supersede(gone, cast.second_manager)
        with pytest.raises(Conflict, match="Another decision stands"):
            walking.supersede(gone, cast.manager, GO, seen_decision=seen)

    def test_where_something_changed_while_looking(self, gone, ready, cast):
        seen = walking.case(gone).changes_digest
        walking.say(ready, walking.first(ready, Kind.RULE), cast.designer, state="not_met")
        with pytest.raises(Conflict):
            walking.supersede(gone, cast.second_manager, seen_changes=seen)

    def test_when_a_later_review_has_been_asked_for(self, review, ready, cast):
        walking.sign(review, cast.manager, NO_GO)
        walking.ask(ready, cast.designer)
        with pytest.raises(Conflict, match="later review"):
            walking.supersede(review, cast.second_manager, GO)

    def test_when_the_stage_has_been_reopened(self, gone, ready, cast):
        enrolling.reopen(by=cast.manager, passage=walking.passage_of(ready), reason="A new hole.")
        with pytest.raises(Conflict, match="reopened"):
            walking.supersede(gone, cast.second_manager)
        assert objections.to_superseding(walking.case(gone).review) != ""


class TestConstraints:
    def test_a_review_has_one_decision_that_stands(self, gone):
        with pytest.raises(IntegrityError), transaction.atomic():
            Review.objects.filter(pk=gone.pk).update(decision=None)

    def test_a_decision_is_superseded_once_and_with_a_reason(self, gone, cast):
        new = walking.supersede(gone, cast.second_manager)
        tampering.lift()  # the constraints are what is tried here
        with pytest.raises(IntegrityError), transaction.atomic():
            Decision.objects.filter(pk=new.pk).update(mistake="")
        with pytest.raises(IntegrityError), transaction.atomic():
            Decision.objects.filter(pk=new.pk).update(number=1)


@pytest.mark.django_db(transaction=True)
def test_two_managers_at_once_supersede_once(gone, cast):
    seen = walking.case(gone).review.decision.sha256
    managers = (cast.manager, cast.second_manager)
    given = at_once(*[lambda who=who: walking.supersede(gone, who, seen_decision=seen) for who in managers])
    assert sorted(type(one).__name__ for one in given) == ["Conflict", "Decision"]
    assert Decision.objects.count() == 2


def test_what_its_digest_says(gone, cast):
    old = Decision.objects.get()
    new = walking.supersede(gone, cast.second_manager)
    assert verification.of(old.sha256).state == verification.SUPERSEDED
    assert (verification.of(new.sha256).state, verification.of(new.sha256).told.outcome) == ("authentic", "no_go")
    assert verification.of(gone.snapshot.sha256).told.outcome == "no_go"


class TestPages:
    def url(self, review, name="supersede", *args) -> str:
        return reverse(f"reviews:{name}", args=[review.passage.service.slug, "build", review.number, *args])

    def form(self, review, outcome="no_go", **other) -> dict[str, str]:
        looked = walking.case(review)
        seen = {"seen_snapshot": looked.review.snapshot.sha256, "seen_changes": looked.changes_digest}
        rows = {"conditions-TOTAL_FORMS": "0", "conditions-INITIAL_FORMS": "0"}
        told = {"outcome": outcome, "rationale": "It is another service.", "mistake": "The wrong file.", "looked": "on"}
        return {**told, **seen, **rows, "seen_decision": looked.review.decision.sha256, **other}

    def test_a_manager_signs_another_decision(self, gone, cast, client_for):
        client = client_for(cast.second_manager)
        assert self.url(gone) in client.get(self.url(gone, "past_review")).content.decode()
        page = client.get(self.url(gone)).content.decode()
        assert ("Was this decision mistaken?" in page, "does not have its digest any more" in page) == (True, False)
        page = client.post(self.url(gone), self.form(gone), follow=True).content.decode()
        assert "The decision before it is superseded." in page
        assert self.url(gone, "superseded_decision", 1) in page
        old = client.get(self.url(gone, "superseded_decision", 1)).content.decode()
        assert ("The wrong file." in old, "The picture is sound." in old) == (True, True)

    def test_what_each_outcome_does_to_the_stage_is_said_before(self, review, cast, client_for):
        """After a go another no-go opens the stage again; after a no-go it stays as it is."""
        again, stays = "This stage is open again; later stages stay as they are.", "The stage stays open;"
        for outcome, told in ((NO_GO, [False, True]), (GO, [True, False])):
            signed = walking.supersede if review.decision else walking.sign
            signed(review, cast.manager, outcome)
            review.refresh_from_db()
            page = client_for(cast.manager).get(self.url(review)).content.decode()
            assert [again in page, stays in page] == told

    def test_a_report_of_the_old_decision_says_so_wherever_it_is_listed(self, gone, ready, cast, client_for):
        reporting.request(by=cast.viewer, service=ready, record=Decision.objects.get(), language="en")
        pages = [reverse("portfolio:service", args=[ready.slug]), reverse("reviews:reports", args=[ready.slug])]
        sentence, client = "Another decision has taken the place of the one in this report.", client_for(cast.viewer)
        said = lambda: [sentence in client.get(url).content.decode() for url in pages]  # noqa: E731
        assert said() == [False, False]
        walking.supersede(gone, cast.second_manager)
        assert said() == [True, True]

    def test_what_it_voids_is_said_before(self, review, cast, client_for):
        walking.sign(review, cast.manager, WITH, [walking.demand(cast.designer, "Rehearse the way back")])
        page = client_for(cast.manager).get(self.url(review)).content.decode()
        assert "These conditions are void then" in page

    def test_twice_is_once(self, gone, cast, client_for):
        client, sent = client_for(cast.manager), self.form(gone)
        client.post(self.url(gone), sent)
        again = client.post(self.url(gone), sent, follow=True)
        assert "You have signed this decision already." in again.content.decode()
        assert Decision.objects.count() == 2

    def test_a_stale_tab_keeps_what_was_typed(self, gone, cast, client_for):
        sent = self.form(gone)
        walking.supersede(gone, cast.second_manager)
        answer = client_for(cast.manager).post(self.url(gone), sent)
        assert (answer.status_code, "It is another service." in answer.content.decode()) == (409, True)

    def test_something_new_is_shown_and_what_was_typed_stays(self, gone, ready, cast, client_for):
        sent = self.form(gone)
        walking.say(ready, walking.first(ready, Kind.RULE), cast.designer, state="not_met")
        answer = client_for(cast.manager).post(self.url(gone), sent)
        page = answer.content.decode()
        assert (answer.status_code, "New since you looked" in page, "The wrong file." in page) == (409, True, True)

    def test_everything_wrong_is_said_at_once(self, gone, cast, client_for):
        answer = client_for(cast.manager).post(self.url(gone), self.form(gone, mistake="", rationale=""))
        page = answer.content.decode()
        assert (answer.status_code, "Say what was mistaken." in page, "Say why" in page) == (422, True, True)

    def test_who_may_not_and_what_is_not_there(self, gone, cast, client_for):
        assert client_for(cast.designer).get(self.url(gone)).status_code == 403
        assert client_for(cast.outsider).get(self.url(gone)).status_code == 404
        assert client_for(cast.viewer).get(self.url(gone, "superseded_decision", 1)).status_code == 404

    def test_an_open_review_has_nothing_to_supersede(self, review, cast, client_for):
        assert client_for(cast.manager).get(self.url(review)).status_code == 404

    def test_why_not_where_it_cannot_be(self, gone, ready, cast, client_for):
        enrolling.reopen(by=cast.manager, passage=walking.passage_of(ready), reason="A new hole.")
        page = client_for(cast.manager).get(self.url(gone)).content.decode()
        assert ("This stage has been reopened" in page, "Sign the decision" in page) == (True, False)
