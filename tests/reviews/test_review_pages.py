"""The page of a gate by state and by person: asking, looking, reading. No JavaScript anywhere."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.acts import Role
from accounts.models import Membership
from reviews import submitting
from reviews.models import Outcome, Review
from stages.models import Kind
from tests.reviews import walking

pytestmark = pytest.mark.django_db

READERS = ["viewer", "designer", "manager", "second_manager", "auditor", "administrator"]
ASKS, SIGNS = b"Ask for a review</button>", b"Sign the decision</button>"


def address(service, stage="build", name="review", **more):
    return reverse(f"reviews:{name}", kwargs={"slug": service.slug, "stage": stage, **more})


def asking(service, **more):
    told = {"note": "Have a look."}
    for criterion, _met, note in walking.by_hand(service):
        told |= {f"met_{criterion.slug}": "yes", f"note_{criterion.slug}": note}
    return told | more


# -- asking ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", READERS)
def test_only_a_designer_is_offered_to_ask(name, service, cast, client_for):
    response = client_for(getattr(cast, name)).get(address(service))
    assert response.status_code == 200
    assert (ASKS in response.content) is (name == "designer")
    assert (b"A designer of the team asks" in response.content) is (name != "designer")


def test_outsiders_find_nothing(review, ready, cast, client_for):
    for path in (address(ready), address(ready, name="past_review", number=1)):
        assert client_for(cast.outsider).get(path).status_code == 404
        assert client_for().get(path).status_code == 302


def test_asking_names_who_may_decide(service, cast, client_for):
    walking.say(service, walking.first(service, Kind.ITEM), cast.manager, state="done")
    content = client_for(cast.designer).get(address(service)).content.decode()
    assert "Second manager" in content
    assert f"recorded {walking.first(service, Kind.ITEM).number}, which this picture holds, does not decide" in content


def test_asking_says_when_nobody_may(service, cast, client_for):
    items = [one for one in walking.asked(service) if one.kind == Kind.ITEM]
    for item, manager in zip(items, (cast.manager, cast.second_manager), strict=False):
        walking.say(service, item, manager, state="done")
    content = client_for(cast.designer).get(address(service)).content.decode()
    assert "Nobody may decide as things are" in content


def test_asking_leads_to_the_picture(service, cast, client_for):
    client = client_for(cast.designer)
    response = client.post(address(service, name="ask_review"), asking(service), follow=True)
    assert response.redirect_chain == [(address(service), 302)]
    assert "The picture is sealed." in response.content.decode()
    assert Review.objects.get().note == "Have a look."


def test_what_is_missing_is_said_and_nothing_is_lost(service, cast, client_for):
    criterion = walking.by_hand(service)[0][0]
    told = asking(service) | {f"met_{criterion.slug}": "", f"note_{criterion.slug}": ""}
    response = client_for(cast.designer).post(address(service, name="ask_review"), told)
    content = response.content.decode()
    assert response.status_code == 422
    assert 'id="form-errors"' in content
    assert "Say whether this is met." in content
    assert "Have a look." in content
    assert not Review.objects.exists()


def test_a_double_click_asks_once(ready, cast, client_for):
    client = client_for(cast.designer)
    for _ in range(2):
        response = client.post(address(ready, name="ask_review"), asking(ready))
        assert (response.status_code, response.url) == (302, address(ready))
    assert Review.objects.count() == 1


def test_asking_while_a_review_waits_says_so(review, ready, cast, client_for):
    response = client_for(cast.second_designer).post(address(ready, name="ask_review"), asking(ready))
    assert response.status_code == 409
    assert b"waiting for a decision already" in response.content


@pytest.mark.parametrize("name", ["viewer", "manager", "auditor", "administrator"])
def test_only_a_designer_asks_or_withdraws(name, review, ready, cast, client_for):
    client = client_for(getattr(cast, name))
    assert client.post(address(ready, name="ask_review"), asking(ready)).status_code == 403
    assert client.post(address(ready, name="withdraw_review")).status_code == 403


@pytest.mark.parametrize("name", ["ask_review", "withdraw_review", "decide_review"])
def test_acts_are_posts(name, service, cast, client_for):
    Membership.objects.create(user=cast.designer, team=cast.team, role=Role.MANAGER)
    assert client_for(cast.designer).get(address(service, name=name)).status_code == 405


def test_a_locked_stage_says_why(service, cast, client_for):
    content = client_for(cast.designer).get(address(service, "go-live")).content
    assert b"not open yet" in content
    assert ASKS not in content


def test_withdrawing(review, ready, cast, client_for):
    client = client_for(cast.designer)
    assert client.post(address(ready, name="withdraw_review")).status_code == 302
    review.refresh_from_db()
    assert review.state == Review.State.WITHDRAWN
    assert client.post(address(ready, name="withdraw_review")).status_code == 404
    record = client.get(address(ready, name="past_review", number=1))
    assert b"the request was withdrawn" in record.content


# -- looking --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", READERS)
def test_everybody_of_the_team_looks_and_managers_sign(name, review, ready, cast, client_for):
    content = client_for(getattr(cast, name)).get(address(ready)).content
    assert review.snapshot.sha256[:4].encode() in content
    assert (SIGNS in content) is (name in ("manager", "second_manager"))
    assert (b"Withdraw the review" in content) is (name == "designer")


def test_a_manager_who_may_not_is_told_why(ready, cast, client_for):
    item = walking.first(ready, Kind.ITEM)
    for state in ("open", "done"):
        walking.say(ready, item, cast.manager, state=state)
    walking.ask(ready, cast.designer)
    content = client_for(cast.manager).get(address(ready)).content.decode()
    assert SIGNS.decode() not in content
    assert f"You do not decide on this review: whoever recorded {item.number}, which" in content


def test_the_gate_question_leads(review, ready, cast, client_for):
    content = client_for(cast.manager).get(address(ready)).content.decode()
    stage = walking.passage_of(ready).stage
    assert f"<h1>{stage.gate_question}</h1>" in content
    assert "Nothing that counts has changed since." in content


def test_what_is_unmet_stands_first(service, cast, client_for):
    rule, item = walking.first(service, Kind.RULE), walking.first(service, Kind.ITEM)
    walking.fulfil(service, cast.designer, cast.second_designer, without=[rule.slug, item.slug])
    walking.ask(service, cast.designer)
    content = client_for(cast.manager).get(address(service)).content.decode()
    unmet = content[content.index('id="unmet"') : content.index('id="whole"')]
    assert unmet.index(f">{rule.number}<") < unmet.index(f">{item.number}<")
    assert unmet.count('class="entry') >= 2


def test_what_changed_is_counted_and_named(review, ready, cast, client_for):
    rule = walking.first(ready, Kind.RULE)
    walking.say(ready, rule, cast.designer, state="not_met")
    content = client_for(cast.manager).get(address(ready)).content.decode()
    assert "1 thing changed since" in content
    changed = content[content.index('id="changed"') : content.index('id="unmet"')]
    assert f"<b>{rule.number}</b>" in changed
    assert "state-not_met" in changed


def test_the_sealed_picture_is_shown_not_todays(review, ready, cast, client_for):
    item = walking.first(ready, Kind.ITEM)
    walking.say(ready, item, cast.designer, note="Written after the seal.")
    assert b"Written after the seal." not in client_for(cast.manager).get(address(ready)).content


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "{{ service.name }}{% now 'Y' %}"])
def test_what_people_write_is_text(text, ready, cast, client_for):
    walking.say(ready, walking.first(ready, Kind.ITEM), cast.designer, note=text)
    walking.ask(ready, cast.designer, note=text)
    content = client_for(cast.manager).get(address(ready)).content.decode()
    assert "<script>alert" not in content
    assert content.count(text.replace("<", "&lt;").replace(">", "&gt;").replace("'", "&#x27;")) == 2


def queries(client, path) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def test_one_and_three_of_everything_cost_the_same(ready, cast, client_for):
    """More reviews, evidence and conditions on the page ask for no more queries."""
    client, path = client_for(cast.manager), address(ready)
    client.get(path)
    counts = []
    for _round in range(3):
        walking.ask(ready, cast.designer)
        counts.append(queries(client, path))
        walking.sign(Review.objects.order_by("-pk").first(), cast.manager, Outcome.NO_GO)
        counts.append(queries(client, path))
        walking.say(ready, walking.asked(ready)[_round], cast.designer, proof=walking.NOTE, note=str(_round))
    assert counts[0::2] == [counts[0]] * 3
    assert counts[1::2] == [counts[1]] * 3
    assert counts[0] <= 20


def test_reviews_are_listed_and_readable(ready, cast, client_for):
    walking.sign(walking.ask(ready, cast.designer), cast.manager, Outcome.NO_GO, rationale="Too early by a month.")
    submitting.withdraw(by=cast.designer, review=walking.ask(ready, cast.designer))
    walking.ask(ready, cast.designer)
    client = client_for(cast.viewer)
    content = client.get(address(ready)).content.decode()
    assert [address(ready, name="past_review", number=n) in content for n in (1, 2, 3)] == [True, True, False]
    assert "Too early by a month." in client.get(address(ready, name="past_review", number=1)).content.decode()
    assert client.get(address(ready, name="past_review", number=9)).status_code == 404


def test_taking_the_picture_again(review, ready, cast, client_for, contexts):
    client = client_for(cast.second_designer)
    path = address(ready, name="ask_again")
    form = client.get(path)
    assert form.status_code == 200
    assert b"Looked at together." in form.content
    sent = {name: form.context["form"][name].value() for name in form.context["form"].fields}
    assert client.post(path, sent | {"note": "Now with the rehearsal."}).status_code == 302
    page = client.get(address(ready)).content.decode()
    assert "Now with the rehearsal." in page
    assert "Second designer asked for this decision." in page
    assert client.post(path, {}).status_code == 422
