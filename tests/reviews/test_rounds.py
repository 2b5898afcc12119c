"""Operate recurs: the next round with its day, in words everywhere, and the rounds before it."""

import re
from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from reviews.wording import round_due
from stages.models import Passage
from tests.reviews import walking

pytestmark = pytest.mark.django_db


@pytest.fixture
def second_round(service, cast):
    """Operate was decided once: its second round is due in the playbook's interval."""
    stages = Passage.objects.filter(service=service).order_by("stage__position")
    operate = stages.last()
    now = timezone.now()
    for one in stages:
        Passage.objects.filter(pk=one.pk).update(state="passed", opened_at=now, passed_at=now)
    due_on = timezone.localdate() + timedelta(days=180)
    told = {"stage": operate.stage, "round": 2, "state": "open", "opened_at": now, "due_on": due_on}
    return Passage.objects.create(service=service, **told)


def pages(service) -> list[str]:
    return [
        reverse("portfolio:services"),
        reverse("portfolio:service", args=[service.slug]),
        reverse("reviews:workbench", args=[service.slug, "operate"]),
        reverse("reviews:review", args=[service.slug, "operate"]),
    ]


def test_its_number_stands_wherever_the_stage_stands(second_round, cast, client_for):
    client = client_for(cast.viewer)
    told = [client.get(url).content.decode().count(">round 2<") for url in pages(second_round.service)]
    assert told == [1, 1, 1, 1]


def test_its_day_stands_on_list_journey_workbench_and_gate(second_round, cast, client_for):
    words, client = round_due(second_round.due_on, timezone.localdate()), client_for(cast.viewer)
    assert words.startswith("Open, due ")
    assert [url for url in pages(second_round.service) if words not in client.get(url).content.decode()] == []


def test_the_clock_alone_makes_it_overdue(second_round, cast, client_for):
    with time_machine.travel(timezone.now() + timedelta(days=181)):
        client = client_for(cast.viewer)
        shown = [client.get(url).content.decode() for url in pages(second_round.service)]
        assert ["Open, overdue since " in page for page in shown] == [True, True, True, True]


def test_it_is_not_overdue_where_the_next_day_has_begun(second_round, cast, client_for):
    """What is judged is judged by the day of the installation, for every reader alike."""
    cast.viewer.time_zone = "Pacific/Auckland"
    cast.viewer.save()
    with time_machine.travel(datetime.combine(second_round.due_on, time(22), UTC)):
        client = client_for(cast.viewer)
        told = [
            ("Open, overdue since " in client.get(url).content.decode(), url) for url in pages(second_round.service)
        ]
    assert [url for overdue, url in told if overdue] == []


@pytest.fixture
def third_round(service, cast):
    """Everything is answered and operate was decided twice."""
    walking.lived(service, "third round", lambda: to_the_third(service, cast))
    return walking.passage_of(service, "operate")


def to_the_third(service, cast) -> None:
    for stage in ("build", "go-live"):
        walking.fulfil(service, cast.designer, cast.second_designer, stage)
        walking.sign(walking.ask(service, cast.designer, stage), cast.manager)
    walking.go_live(service, cast.designer)
    walking.fulfil(service, cast.designer, cast.second_designer, "operate")
    walking.sign(walking.ask(service, cast.designer, "operate"), cast.manager)
    walking.sign(walking.ask(service, cast.designer, "operate"), cast.manager)


def test_earlier_rounds_are_reached_from_the_journey_and_the_stage(third_round, service, cast, client_for):
    assert third_round.round == 3
    client = client_for(cast.viewer)
    for url in (
        reverse("portfolio:service", args=[service.slug]),
        reverse("reviews:review", args=[service.slug, "operate"]),
    ):
        page = client.get(url).content.decode()
        assert ["/operate/review/1/" in page, "/operate/review/2/" in page] == [True, True]


def test_a_review_is_urged_only_when_its_day_comes_near(third_round, service, cast, client_for):
    """Everything holds the day after a decision; that is no reason to ask for the next one."""
    urged = re.compile(r'class="button primary" href="[^"]*">([^<]*)<')
    address = reverse("portfolio:service", args=[service.slug])

    def strong(on):
        with time_machine.travel(on):
            return urged.findall(client_for(cast.designer).get(address).content.decode())

    assert strong(timezone.now()) == ["Go on with Operate"]
    near = third_round.due_on - timedelta(days=30)
    assert strong(datetime.combine(near, time(12), tzinfo=timezone.get_current_timezone())) == ["Ask for a review"]
