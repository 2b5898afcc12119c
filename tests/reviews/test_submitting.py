"""Asking for a review: what is sealed, who is named, what is refused; and taking the request back."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import chaining
from accounts.models import TrailEntry
from accounts.refusals import Conflict, Refusal
from checklists import starting
from reviews import canonical, deciders, picture, sealing, submitting
from reviews.models import Confirmation, Review, Snapshot
from stages import enrolling, publishing
from stages.models import PassageState
from tests.reviews import walking
from tests.stages import playbooks

pytestmark = pytest.mark.django_db


def test_asking_seals_the_picture(review, ready, cast):
    snapshot = review.snapshot
    content = canonical.load(snapshot.content)
    assert canonical.digest_of_text(snapshot.content) == snapshot.sha256
    assert picture.material(content) == snapshot.material
    assert canonical.text(content) == snapshot.content
    assert content["people"] == {"asked_by": {"id": cast.designer.pk, "name": "Designer"}}
    assert content["suggestion"]["outcome"] == "go"
    assert len(content["entries"]) == len(walking.asked(ready))
    assert {entry["fulfilled"] for entry in content["entries"]} == {True}


def test_asking_opens_a_review_and_tells_the_trail(review, ready, cast):
    assert (review.state, review.number, review.asked_by) == (Review.State.OPEN, 1, cast.designer)
    assert walking.passage_of(ready).state == PassageState.IN_REVIEW
    verbs = TrailEntry.objects.filter(scope=ready.scope).order_by("-sequence").values_list("verb", flat=True)
    assert list(verbs[:3]) == ["ask", "moved", "seal"]


def test_what_was_confirmed_by_hand_is_sealed_with_its_note(service, cast):
    review = walking.ask(service, cast.designer, met=False)
    sealed = canonical.load(review.snapshot.content)["criteria"]
    by_hand = [criterion for criterion in sealed if not criterion["computed"]]
    assert {(one["met"], one["note"]) for one in by_hand} == {(False, "Looked at together.")}
    assert {one["confirmed_by"]["name"] for one in by_hand} == {str(cast.designer)}
    assert {one["confirmed_by"] for one in sealed if one["computed"]} == {None}
    assert Confirmation.objects.filter(review=review, confirmed_by=cast.designer).count() == len(by_hand) > 0


def test_page_and_picture_name_the_playbook_as_its_newest_edition_does(cast, client_for, planned_on):
    """A server that has read the edition before tells the new name too."""
    edition = walking.small_edition()
    told = {"name": "Ferry", "team": cast.team, "edition": edition, "planned_on": planned_on}
    service = starting.start(by=cast.designer, **told)
    page = reverse("reviews:workbench", args=[service.slug, "build"])
    assert "Grown, edition 1" not in client_for(cast.viewer).get(page).content.decode()
    renamed = playbooks.data()["playbook"] | {"name": "Grown"}
    publishing.publish(by=None, text=playbooks.text(playbooks.data() | {"edition": 2, "playbook": renamed}))
    assert "Grown, edition 1" in client_for(cast.viewer).get(page).content.decode()
    sealed = canonical.load(walking.ask(service, cast.designer).snapshot.content)
    assert (sealed["playbook"]["edition"], str(sealed["playbook"]["name"])) == (1, "Grown")


def test_the_sealed_suggestion_is_what_the_rules_make_of_the_sealed_answers(review):
    sealed = canonical.load(review.snapshot.content)
    again = picture.suggestion(sealed, on=timezone.localdate(), overdue=sealed["around"]["overdue"])
    assert [reason.as_json() for reason in again.reasons] == sealed["suggestion"]["reasons"]


def test_every_criterion_is_confirmed_with_a_note(service, cast):
    passage, said = walking.passage_of(service), walking.by_hand(service)
    assert len(said) > 1
    for missing in (said[:-1], [*said[:-1], (said[-1][0], True, "  ")]):
        with pytest.raises(Refusal, match=str(said[-1][0].title)[:20]):
            submitting.submit(by=cast.designer, passage=passage, note="", confirmations=missing)
    assert not Review.objects.exists()
    assert not Snapshot.objects.exists()


def test_a_stage_that_waits_already_is_not_asked_for_again(review, ready, cast):
    with pytest.raises(Conflict, match="waiting for a decision already"):
        walking.ask(ready, cast.second_designer)
    assert Review.objects.count() == 1


def test_a_locked_or_passed_stage_is_not_reviewed(review, ready, cast):
    with pytest.raises(Refusal, match="this one is not"):
        walking.ask(ready, cast.designer, "go-live")
    walking.sign(review, cast.manager)
    with pytest.raises(Refusal, match="this one is not"):
        walking.ask(ready, cast.designer)


def test_a_withdrawn_review_opens_the_stage_and_keeps_the_picture(review, ready, cast):
    submitting.withdraw(by=cast.designer, review=review)
    review.refresh_from_db()
    assert review.state == Review.State.WITHDRAWN
    assert walking.passage_of(ready).state == PassageState.OPEN
    assert Snapshot.objects.filter(pk=review.snapshot_id).exists()
    assert walking.ask(ready, cast.designer).number == 2


def test_a_closed_review_is_not_withdrawn(review, cast):
    submitting.withdraw(by=cast.designer, review=review)
    with pytest.raises(Conflict, match="closed already"):
        submitting.withdraw(by=cast.designer, review=review)


def test_who_may_decide_is_named(review, ready, cast):
    walking.say(ready, walking.first(ready, "item"), cast.designer, state="open")
    found = walking.case(review).deciders
    assert found.names == ["Manager", "Second manager"]
    assert found.barred == ()


def test_nobody_may_decide_when_every_manager_recorded_something(service, cast):
    recorders = {cast.manager.pk: ["R1"], cast.second_manager.pk: ["R1", "R2", "R3", "R4", "R5"]}
    found = deciders.of(cast.team, asked_by=cast.designer.pk, recorders=recorders)
    assert found.may == ()
    assert [why for _, why in found.barred] == [
        "whoever recorded R1, which this picture holds, does not decide on it",
        "whoever recorded R1, R2, R3, R4 and 1 more entry that this picture holds does not decide on it",
    ]


def test_the_same_picture_is_one_row(service, cast):
    passage, at = walking.passage_of(service), timezone.now()
    with chaining.chain(service.scope, at=at) as trail:
        first, again = (sealing.seal(trail=trail, by=cast.designer, passage=passage) for _ in range(2))
    assert first == again
    with chaining.chain(service.scope) as trail:
        later = sealing.seal(trail=trail, by=cast.designer, passage=passage)
    assert later != first
    assert later.material == first.material


def test_operate_is_reviewed_after_the_service_went_live(ready, cast):
    for stage in ("build", "go-live"):
        if stage != "build":
            walking.fulfil(ready, cast.designer, cast.second_designer, stage)
        walking.sign(walking.ask(ready, cast.designer, stage), cast.manager)
    with pytest.raises(Refusal, match="First record the day"):
        walking.ask(ready, cast.designer, "operate")
    enrolling.record_live(by=cast.designer, service=ready, on=timezone.localdate())
    assert walking.ask(ready, cast.designer, "operate").number == 1


def again(review, cast, service, **other):
    told = {"note": "With the rehearsal.", "confirmations": walking.by_hand(service), **other}
    return submitting.ask_again(by=cast.second_designer, review=review, **told)


def test_the_picture_is_taken_again_and_the_one_before_is_kept(review, ready, cast):
    walking.say(ready, walking.first(ready, "item"), cast.designer, state="open")
    new = again(review, cast, ready)
    review.refresh_from_db()
    assert (review.state, new.state, new.number) == (Review.State.WITHDRAWN, Review.State.OPEN, 2)
    assert (new.asked_by, new.note) == (cast.second_designer, "With the rehearsal.")
    assert new.snapshot != review.snapshot
    assert canonical.digest_of_text(review.snapshot.content) == review.snapshot.sha256
    assert walking.passage_of(ready).state == PassageState.IN_REVIEW
    assert walking.case(new).changes == ()


def test_a_refused_picture_leaves_the_review_as_it_was(review, ready, cast):
    with pytest.raises(Refusal, match="Say whether"):
        again(review, cast, ready, confirmations=[])
    review.refresh_from_db()
    assert review.state == Review.State.OPEN
    assert walking.passage_of(ready).state == PassageState.IN_REVIEW


def test_a_decided_review_is_not_asked_for_again(review, ready, cast):
    walking.sign(review, cast.manager)
    with pytest.raises(Conflict, match="closed already"):
        again(review, cast, ready)


def test_who_signs_on_the_picture_before_is_told(review, ready, cast):
    seen = review.snapshot.sha256
    new = again(review, cast, ready)
    with pytest.raises(Conflict, match="another picture"):
        walking.sign(new, cast.manager, seen_snapshot=seen)
