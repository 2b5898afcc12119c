"""Settling a condition: said to be met with what shows it and confirmed, extended or dropped with a reason."""

from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import TrailEntry
from accounts.refusals import Conflict, NotAllowed, Refusal
from checklists.evidencing import Proof
from reviews import launching, settling
from reviews.deciding import Demand
from reviews.models import Condition, Outcome
from tests.reviews import walking

pytestmark = pytest.mark.django_db


@pytest.fixture
def condition(review, cast):
    demands = [walking.demand(cast.designer)]
    sign = partial(walking.sign, review, cast.manager, Outcome.GO_WITH_CONDITIONS, demands)
    walking.lived(review.passage.service, "condition", sign)
    return Condition.objects.select_related("service__team", "decision").get()


NOTE = Proof(form="note", text="Rehearsed on Tuesday.")


def to(condition, name):
    return reverse(f"reviews:{name}", args=[condition.service.slug, condition.pk])


def now(condition):
    condition.refresh_from_db()
    return condition


@pytest.fixture
def said(condition, cast):
    """The designer has said that it is met, with a note."""
    return settling.say_met(by=cast.designer, condition=condition, proof=NOTE)


def closing(condition, **other):
    return {f"condition-{condition.pk}-{name}": value for name, value in other.items()} | {
        f"condition-{condition.pk}-seen": condition.said_met_at.isoformat() if condition.said_met_at else ""
    }


class TestSayingThatItIsMet:
    def test_with_what_shows_it(self, said, cast):
        condition = now(said)
        piece = condition.evidence.get()
        assert (condition.state, condition.said_met_by, condition.shown) == ("open", cast.designer, "said_met")
        assert (piece.text, piece.added_by, len(piece.sha256)) == ("Rehearsed on Tuesday.", cast.designer, 64)
        assert TrailEntry.objects.get(verb="say met").after["sha256"] == piece.sha256

    def test_a_double_click_says_it_once(self, said, cast):
        settling.say_met(by=cast.designer, condition=said, proof=NOTE)
        assert (said.evidence.count(), TrailEntry.objects.filter(verb="say met").count()) == (1, 1)

    def test_a_file_is_looked_at_and_refused_when_it_lies(self, condition, cast):
        lie = Proof(form="file", file=ContentFile(b"MZ not a picture", "photo.png"))
        with pytest.raises(Refusal):
            settling.say_met(by=cast.designer, condition=condition, proof=lie)
        assert condition.evidence.count() == 0

    def test_its_owner_may_whatever_their_role(self, review, cast):
        owed = [walking.demand(cast.viewer)]
        condition = walking.sign(review, cast.manager, Outcome.GO_WITH_CONDITIONS, owed).conditions.get()
        assert settling.say_met(by=cast.viewer, condition=condition, proof=NOTE).said_met_by == cast.viewer

    def test_others_may_not(self, condition, cast):
        for person in (cast.viewer, cast.manager, cast.outsider, cast.auditor):
            with pytest.raises(NotAllowed):
                settling.say_met(by=person, condition=condition, proof=NOTE)

    def test_it_stays_overdue_until_it_is_confirmed(self, said):
        with time_machine.travel(timezone.now() + timedelta(days=31)):
            assert now(said).shown == "overdue"


class TestConfirming:
    def test_a_manager_confirms_what_another_handed_in(self, said, cast):
        settling.close(by=cast.manager, condition=said, note=" Seen. ", seen=said.said_met_at)
        condition = now(said)
        assert (condition.state, condition.closing_note, condition.closed_by) == ("met", "Seen.", cast.manager)
        assert TrailEntry.objects.get(verb="close").after == {"state": "met", "note": "Seen."}

    def test_nobody_confirms_what_nobody_said(self, condition, cast):
        with pytest.raises(Refusal, match="Nobody has said"):
            settling.close(by=cast.manager, condition=condition, seen=None)

    def test_nobody_confirms_their_own_word(self, review, cast):
        owed = [walking.demand(cast.manager)]
        condition = walking.sign(review, cast.second_manager, Outcome.GO_WITH_CONDITIONS, owed).conditions.get()
        condition = settling.say_met(by=cast.manager, condition=condition, proof=NOTE)
        with pytest.raises(NotAllowed):
            settling.close(by=cast.manager, condition=condition, seen=condition.said_met_at)
        with pytest.raises(IntegrityError), transaction.atomic():
            Condition.objects.filter(pk=condition.pk).update(
                state="met", closed_by=cast.manager, closed_at=timezone.now()
            )

    def test_something_handed_in_since_is_looked_at_first(self, said, cast):
        seen = said.said_met_at
        settling.say_met(by=cast.second_designer, condition=said, proof=Proof(form="note", text="And again."))
        with pytest.raises(Conflict, match="Something else was handed in"):
            settling.close(by=cast.manager, condition=said, seen=seen)

    def test_a_closed_one_is_not_closed_again(self, said, cast):
        settling.close(by=cast.manager, condition=said, seen=said.said_met_at)
        with pytest.raises(Conflict, match="closed already"):
            settling.close(by=cast.second_manager, condition=said, seen=said.said_met_at)

    def test_or_says_what_is_missing(self, said, cast):
        settling.turn_down(by=cast.manager, condition=said, reason="No date on it.", seen=said.said_met_at)
        condition = now(said)
        assert (condition.state, condition.said_met_by, condition.evidence.count()) == ("open", None, 1)
        with pytest.raises(Refusal):
            settling.turn_down(by=cast.manager, condition=condition, reason="Again.", seen=None)


class TestPages:
    def test_a_designer_says_it_and_a_manager_confirms_it(self, condition, cast, client_for):
        sent = {f"said-{condition.pk}-proof_text": "Rehearsed on Tuesday."}
        page = client_for(cast.designer).post(to(condition, "say_met_condition"), sent, follow=True).content.decode()
        assert ("A manager confirms it." in page, "It is met</button>" in page) == (True, False)
        manager = client_for(cast.manager)
        page = manager.get(to(condition, "condition")).content.decode()
        assert ("Rehearsed on Tuesday." in page, "It is met</button>" in page) == (True, True)
        page = manager.post(to(condition, "close_condition"), closing(now(condition)), follow=True).content.decode()
        assert ("Condition 1 is met." in page, "It is met</button>" in page) == (True, False)

    def test_what_is_missing_is_said(self, condition, cast, client_for):
        response = client_for(cast.designer).post(to(condition, "say_met_condition"), {})
        assert (response.status_code, b"Write a note, give a link or choose a file." in response.content) == (422, True)

    def test_a_stale_tab(self, said, cast, client_for):
        sent = closing(said)
        settling.say_met(by=cast.second_designer, condition=said, proof=Proof(form="note", text="And again."))
        response = client_for(cast.manager).post(to(said, "close_condition"), sent)
        assert (response.status_code, b"And again." in response.content) == (409, True)

    def test_it_is_turned_down_with_a_reason(self, said, cast, client_for):
        sent = {f"down-{said.pk}-reason": "No date.", f"down-{said.pk}-seen": said.said_met_at.isoformat()}
        page = client_for(cast.manager).post(to(said, "turn_down_condition"), sent, follow=True).content.decode()
        assert ("stays open" in page, "No date." in page) == (True, True)

    @pytest.mark.parametrize(
        ("name", "status"),
        [("viewer", 403), ("designer", 403), ("auditor", 403), ("administrator", 403), ("outsider", 404)],
    )
    def test_only_managers_confirm(self, name, status, said, cast, client_for):
        client = client_for(getattr(cast, name))
        assert client.post(to(said, "close_condition"), closing(said)).status_code == status
        assert now(said).state == Condition.State.OPEN

    def test_a_condition_of_another_service_is_not_found(self, said, cast, client_for):
        path = reverse("reviews:close_condition", args=["no-such-service", said.pk])
        assert client_for(cast.manager).post(path, closing(said)).status_code == 404

    def test_its_requirement_says_so_on_its_row(self, review, ready, cast, client_for):
        rule = walking.first(ready, "rule")
        owed = [walking.demand(cast.designer, requirements=[rule])]
        condition = walking.sign(review, cast.manager, Outcome.GO_WITH_CONDITIONS, owed).conditions.get()
        page = client_for(cast.viewer).get(reverse("reviews:requirement", args=[ready.slug, "build", rule.slug]))
        assert to(condition, "condition") in page.content.decode()


class TestAfterGoLive:
    @pytest.fixture
    def later(self, review, cast):
        owed = [Demand("Ask the first users", cast.designer, days_after_live=30)]
        sign = partial(walking.sign, review, cast.manager, Outcome.GO_WITH_CONDITIONS, owed)
        walking.lived(review.passage.service, "later", sign)
        return Condition.objects.select_related("service__team", "decision").get()

    @pytest.fixture
    def live(self, later, ready, cast):
        self.day = timezone.localdate()

        def go_live() -> None:
            walking.fulfil(ready, cast.designer, cast.second_designer, "go-live")
            walking.sign(walking.ask(ready, cast.designer, "go-live"), cast.manager, Outcome.GO)
            launching.record_live(by=cast.designer, service=ready, on=self.day)

        walking.lived(ready, "live", go_live)
        ready.refresh_from_db()
        return ready

    def test_until_then_it_has_no_day_and_is_never_overdue(self, later, cast, client_for):
        assert (later.due_on, later.overdue(timezone.localdate() + timedelta(days=999))) == (None, False)
        pages = [to(later, "condition"), reverse("portfolio:service", args=[later.service.slug])]
        assert ["30 days after go-live" in client_for(cast.viewer).get(url).content.decode() for url in pages] == [
            True
        ] * 2

    def test_its_day_follows_what_is_recorded(self, later, live):
        assert now(later).due_on == self.day + timedelta(days=30)
        assert TrailEntry.objects.get(verb="follow").subject == later.subject

    def test_and_what_is_corrected(self, later, live, cast):
        day = self.day - timedelta(days=3)
        launching.correct_live(by=cast.designer, service=live, on=day, reason="It was Monday.", seen=self.day)
        assert (now(later).due_on, now(later.service).went_live_on) == (day + timedelta(days=30), day)
        with pytest.raises(Conflict):
            launching.correct_live(by=cast.designer, service=live, on=self.day, reason="No.", seen=self.day)

    def test_one_that_was_extended_keeps_its_own_day(self, later, live, cast):
        seen = now(later).due_on
        day = seen + timedelta(days=10)
        settling.extend(by=cast.manager, condition=later, due_on=day, reason="Few users yet.", seen=seen)
        correction = {"on": self.day - timedelta(days=3), "reason": "It was Monday.", "seen": self.day}
        launching.correct_live(by=cast.designer, service=live, **correction)
        assert now(later).due_on == day

    def test_the_page_corrects_it_with_a_reason(self, later, live, cast, client_for):
        url = reverse("portfolio:correct_live", args=[live.slug])
        day = self.day - timedelta(days=3)
        assert client_for(cast.designer).get(url).status_code == 200
        sent = {"on": day.isoformat(), "seen": self.day.isoformat(), "reason": ""}
        assert client_for(cast.designer).post(url, sent).status_code == 422
        page = client_for(cast.designer).post(url, sent | {"reason": "It was Monday."}, follow=True).content.decode()
        assert ("The day is corrected." in page, now(later).due_on) == (True, day + timedelta(days=30))
        assert client_for(cast.manager).get(url).status_code == 403

    @pytest.mark.parametrize("due", [{}, {"due_on": timezone.localdate, "days_after_live": 30}])
    def test_a_day_or_days_after_go_live_and_not_both(self, review, cast, due):
        given = {name: value() if callable(value) else value for name, value in due.items()}
        with pytest.raises(Refusal) as refused:
            walking.sign(review, cast.manager, Outcome.GO_WITH_CONDITIONS, [Demand("Ask", cast.designer, **given)])
        assert refused.value.detail["field"] == "due_on"

    def test_the_decision_form_takes_either(self, review, ready, cast, client_for):
        looked = walking.case(review)
        sent = {"outcome": "go_with_conditions", "rationale": "Good.", "looked": "on", "conditions-TOTAL_FORMS": "1"}
        sent |= {
            "conditions-INITIAL_FORMS": "0",
            "conditions-0-text": "Ask",
            "conditions-0-owner": str(cast.designer.pk),
        }
        sent |= {"seen_snapshot": looked.review.snapshot.sha256, "seen_changes": looked.changes_digest}
        url = reverse("reviews:decide_review", args=[ready.slug, "build"])
        assert client_for(cast.manager).post(url, sent).status_code == 422
        client_for(cast.manager).post(url, sent | {"conditions-0-days_after_live": "14"})
        assert Condition.objects.get().days_after_live == 14


def extension(condition, days: int = 14, **other):
    told = {
        "due_on": condition.due_on + timedelta(days=days),
        "reason": "The supplier is late.",
        "seen": condition.due_on,
    }
    return {**told, **other}


def form_of(condition, days: int = 14, **other):
    return {f"extend-{condition.pk}-{name}": str(value) for name, value in extension(condition, days, **other).items()}


def test_it_is_extended_and_no_longer_overdue(condition, cast):
    late = timezone.now() + timedelta(days=31)
    assert condition.overdue(timezone.localdate(late))
    before = condition.due_on.isoformat()
    settling.extend(by=cast.manager, condition=condition, at=late, **extension(condition))
    condition.refresh_from_db()
    assert condition.due_on == timezone.localdate() + timedelta(days=44)
    assert not condition.overdue(timezone.localdate(late))
    entry = TrailEntry.objects.get(verb="extend")
    assert (entry.before, entry.after) == (
        {"due_on": before},
        {"due_on": condition.due_on.isoformat(), "reason": "The supplier is late."},
    )


@pytest.mark.parametrize(
    ("days", "other", "field"), [(0, {}, "due_on"), (-3, {}, "due_on"), (9, {"reason": " "}, "reason")]
)
def test_extending_is_to_a_later_day_with_a_reason(condition, cast, days, other, field):
    with pytest.raises(Refusal) as refused:
        settling.extend(by=cast.manager, condition=condition, **extension(condition, days, **other))
    assert refused.value.detail["field"] == field
    assert not TrailEntry.objects.filter(verb="extend").exists()


def test_a_day_that_is_past_is_no_extension(condition, cast):
    late = timezone.now() + timedelta(days=90)
    with pytest.raises(Refusal, match="not in the past"):
        settling.extend(by=cast.manager, condition=condition, at=late, **extension(condition))


def test_two_managers_do_not_extend_past_each_other(condition, cast):
    told = extension(condition)
    settling.extend(by=cast.manager, condition=condition, **told)
    with pytest.raises(Conflict, match="moved this date"):
        settling.extend(by=cast.second_manager, condition=condition, **told)


def test_it_is_dropped_with_a_reason_and_for_good(condition, cast):
    settling.drop(by=cast.manager, condition=condition, reason="The register took it over.")
    condition.refresh_from_db()
    assert (condition.state, condition.closing_note) == (Condition.State.DROPPED, "The register took it over.")
    assert condition.closed_by == cast.manager
    with pytest.raises(Conflict, match="closed already"):
        settling.extend(by=cast.manager, condition=condition, **extension(condition))
    with pytest.raises(Conflict, match="closed already"):
        settling.close(by=cast.manager, condition=condition, seen=None)


def test_nothing_is_dropped_without_a_reason(condition, cast):
    with pytest.raises(Refusal, match="Say why"):
        settling.drop(by=cast.manager, condition=condition, reason=" ")
    condition.refresh_from_db()
    assert condition.state == Condition.State.OPEN


def test_its_page_tells_its_history(condition, cast, client_for):
    client = client_for(cast.manager)
    before = condition.due_on
    page = client.post(to(condition, "extend_condition"), form_of(condition), follow=True).content.decode()
    assert "Condition 1 has more time." in page
    after = date_format(before + timedelta(days=14))
    assert f"<del>{date_format(before)}</del> → <ins>{after}</ins>" in page
    sent = {f"drop-{condition.pk}-reason": "No longer needed."}
    client.post(to(condition, "drop_condition"), sent)
    page = client_for(cast.viewer).get(to(condition, "condition")).content.decode()
    assert page.index("Manager dropped it") < page.index("Manager moved the date") < page.index("Manager set it")
    assert '<form class="form"' not in page


def test_the_page_keeps_what_was_typed(condition, cast, client_for):
    client = client_for(cast.manager)
    response = client.post(to(condition, "extend_condition"), form_of(condition, reason=""))
    assert response.status_code == 422
    assert (condition.due_on + timedelta(days=14)).isoformat() in response.content.decode()
    response = client.post(to(condition, "extend_condition"), form_of(condition, days=-1))
    assert response.status_code == 422
    assert "Extending means a later day" in response.content.decode()
    assert client.post(to(condition, "drop_condition"), {}).status_code == 422


def test_dropped_is_said_on_the_service_page(condition, cast, client_for):
    settling.drop(by=cast.manager, condition=condition, reason="No longer needed.")
    page = client_for(cast.viewer).get(reverse("portfolio:service", args=[condition.service.slug])).content.decode()
    assert "Dropped by Manager on" in page
    assert "No longer needed." in page


@pytest.mark.parametrize("act", ["extend_condition", "drop_condition"])
@pytest.mark.parametrize(("name", "status"), [("designer", 403), ("viewer", 403), ("outsider", 404)])
def test_only_managers_extend_and_drop(act, name, status, condition, cast, client_for):
    sent = form_of(condition) | {f"drop-{condition.pk}-reason": "x"}
    assert client_for(getattr(cast, name)).post(to(condition, act), sent).status_code == status
