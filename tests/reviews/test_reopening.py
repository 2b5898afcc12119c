"""What follows at the gates when a passed stage is opened again, and the page that does it."""

import pytest
from django.urls import reverse

from checklists.gates import Outcome as Suggested
from reviews import changes, snapshots
from reviews.gate import gate_of
from reviews.models import Outcome, Review
from stages import enrolling
from stages.models import Passage, PassageState
from tests.reviews import walking
from tests.reviews.test_deciding_together import at_once

WHY = "The outside test found a new hole."


@pytest.fixture
def through(review, ready, cast):
    """Build is passed with a go, and everything go-live asks for is there."""

    def pass_build() -> None:
        walking.sign(review, cast.manager)
        walking.fulfil(ready, cast.designer, cast.second_designer, "go-live")

    walking.lived(ready, "through", pass_build)
    return ready


def reopen(service, cast, stage="build") -> Passage:
    return enrolling.reopen(by=cast.manager, passage=walking.passage_of(service, stage), reason=WHY)


def test_a_later_gate_then_asks_for_conditions(through, cast):
    assert gate_of(walking.passage_of(through, "go-live")).suggestion.outcome == Suggested.GO
    reopen(through, cast)
    suggestion = gate_of(walking.passage_of(through, "go-live")).suggestion
    assert suggestion.outcome == Suggested.GO_WITH_CONDITIONS
    assert [reason.key for reason in suggestion.unmet] == ["reopened"]


def test_its_own_gate_does_not(through, cast):
    reopen(through, cast)
    assert gate_of(walking.passage_of(through, "build")).suggestion.outcome == Suggested.GO


def test_an_open_first_stage_is_not_a_reopened_one(service):
    assert gate_of(walking.passage_of(service, "go-live")).around.reopened == 0


def test_a_review_that_waits_sees_it_as_a_change_and_counts_it(through, cast):
    waiting = walking.ask(through, cast.designer, "go-live")
    reopen(through, cast)
    case = walking.case(waiting)
    assert [change.what for change in case.changes] == ["reopened"]
    assert case.suggestion.outcome == Suggested.GO_WITH_CONDITIONS
    sealed = snapshots.today(gate_of(walking.passage_of(through, "go-live")))
    assert changes.between(sealed, sealed) == ()


def test_a_new_review_passes_it_again(through, cast):
    reopen(through, cast)
    walking.sign(walking.ask(through, cast.designer), cast.manager, Outcome.GO)
    assert walking.passage_of(through, "build").state == PassageState.PASSED
    assert gate_of(walking.passage_of(through, "go-live")).suggestion.outcome == Suggested.GO


@pytest.mark.django_db(transaction=True)
def test_reopening_while_somebody_asks_leaves_one_order(through, cast):
    """Whoever comes first: the review either sealed that build is reopened, or shows it as a change."""
    asked, _reopened = at_once(
        lambda: walking.ask(through, cast.designer, "go-live"),
        lambda: reopen(through, cast),
    )
    assert isinstance(asked, Review)
    assert walking.case(asked).suggestion.outcome == Suggested.GO_WITH_CONDITIONS
    assert walking.passage_of(through, "build").state == PassageState.OPEN


class TestPage:
    def url(self, service, stage="build") -> str:
        return reverse("reviews:reopen_stage", args=[service.slug, stage])

    def test_a_manager_reopens_with_a_reason(self, through, cast, client_for):
        client = client_for(cast.manager)
        review = reverse("reviews:review", args=[through.slug, "build"])
        assert self.url(through) in client.get(review).content.decode()
        assert client.get(self.url(through)).status_code == 200
        answer = client.post(self.url(through), {"reason": WHY}, follow=True)
        assert "is open again" in answer.content.decode()
        assert WHY in answer.content.decode()

    def test_without_a_reason_nothing_happens(self, through, cast, client_for):
        answer = client_for(cast.manager).post(self.url(through), {"reason": ""})
        assert (answer.status_code, walking.passage_of(through).state) == (422, PassageState.PASSED)

    def test_a_designer_may_not(self, through, cast, client_for):
        assert client_for(cast.designer).post(self.url(through), {"reason": WHY}).status_code == 403

    def test_a_stage_that_is_not_passed_shows_its_review(self, through, cast, client_for):
        answer = client_for(cast.manager).get(self.url(through, "go-live"))
        assert (answer.status_code, answer.url) == (302, reverse("reviews:review", args=[through.slug, "go-live"]))
        assert client_for(cast.manager).post(self.url(through, "go-live"), {"reason": WHY}).status_code == 409

    def test_everybody_sees_it_where_the_service_is_shown(self, through, cast, client_for):
        reopen(through, cast)
        client = client_for(cast.viewer)
        pages = {
            reverse("portfolio:services"): "Reopened: Build",
            reverse("portfolio:service", args=[through.slug]): "Reopened on",
            reverse("reviews:workbench", args=[through.slug, "build"]): WHY,
            reverse("reviews:workbench", args=[through.slug, "go-live"]): "1 earlier stage is reopened.",
            reverse("reviews:service_history", args=[through.slug]): f"reopened the stage: “{WHY}”",
        }
        missing = {url for url, words in pages.items() if words not in client.get(url).content.decode()}
        assert missing == set()

    def test_the_list_finds_it_by_its_suggestion(self, through, cast, client_for):
        url = reverse("portfolio:services")
        found = lambda: through.name in client_for(cast.viewer).get(url, {"suggestion": "go"}).content.decode()  # noqa: E731
        assert found()
        reopen(through, cast)
        assert not found()
