"""The history of a service: every act in words, filtered, in pages; and the trail for auditors."""

import ast
import json
from datetime import timedelta
from http import HTTPStatus

import pytest
from django.urls import reverse
from django.utils.formats import date_format

from accounts.models import Chain, TrailEntry
from checklists import documenting, due_dates, planning, waiving
from checklists.evidencing import Proof
from checklists.planning import Care
from reviews import history, launching, reporting, settling, submitting, wording_trail
from reviews.deciding import Demand
from reviews.history import Wanted
from stages import assigning, enrolling, keeping
from stages.keeping import Words
from stages.models import Service
from tests.architecture.sources import modules, tree
from tests.reviews import walking

ELSEWHERE = {"published", "translations_told"}  # verbs of other scopes than a service


@pytest.fixture
def lived(service, cast):
    """A service to which everything has been done once."""
    walking.lived(service, "everything", lambda: everything(service, cast))
    return Service.objects.select_related("team", "edition__playbook").get(pk=service.pk)


def everything(service, cast) -> None:
    item = walking.first(service, "item")
    assigning.assign(by=cast.designer, service=service, people={"test-lead": cast.viewer}, seen={})
    planning.entrust(by=cast.designer, service=service, requirement=item, care=Care(cast.viewer), seen=Care())
    planning.accept(by=cast.designer, service=service, stage="", seen=due_dates.digest(due_dates.of(service)))
    planning.shift(by=cast.designer, service=service, days=-2)
    walking.say(service, item, cast.designer, state="done")
    walking.say(service, item, cast.designer, state="done", note="Seen in the pilot.")
    deliverable = walking.first(service, "deliverable")
    version = documenting.add(
        by=cast.designer, service=service, requirement=deliverable, title="Plan", address="https://docs.example.org/p"
    )
    documenting.send(by=cast.designer, version=version)
    documenting.send_back(by=cast.manager, version=version, remark="Too short.")
    rule = {"by": cast.designer, "service": service, "requirement": walking.first(service, "rule")}
    until = service.planned_on
    for word, act in (("Too long.", waiving.refuse), ("", waiving.grant)):
        asked = waiving.ask(**rule, reason="No test yet.", measure="Watched by hand.", expires_on=until)
        act(by=cast.manager, waiver=asked, word=word)
    waiving.end(by=cast.manager, waiver=asked, reason="Nobody watches.")
    asked = waiving.ask(**rule, reason="No test yet.", measure="Watched by hand.", expires_on=until)
    waiving.withdraw(by=cast.designer, waiver=asked)
    submitting.withdraw(by=cast.designer, review=walking.ask(service, cast.designer))
    walking.fulfil(service, cast.designer, cast.second_designer)
    review = walking.ask(service, cast.designer)
    walking.sign(review, cast.manager, "go_with_conditions", [walking.demand(cast.designer, text="Ask the mayor")])
    demands = [walking.demand(cast.designer), walking.demand(cast.designer, text="Test with a screen reader")]
    demands.append(Demand("Ask the first users", cast.designer, days_after_live=9999))
    decision = walking.supersede(review, cast.second_manager, "go_with_conditions", demands)
    owed = decision.conditions.order_by("number")
    later = owed[1].due_on.replace(year=owed[1].due_on.year + 1)
    settling.extend(by=cast.manager, condition=owed[1], due_on=later, reason="The lab is closed.", seen=owed[1].due_on)
    settling.drop(by=cast.manager, condition=owed[1], reason="No longer needed.")
    said = settling.say_met(by=cast.designer, condition=owed[0], proof=Proof(form="note", text="Soon."))
    settling.turn_down(by=cast.manager, condition=said, reason="Not yet.", seen=said.said_met_at)
    walking.meet(owed[0], cast.designer, cast.second_manager)
    walking.fulfil(service, cast.designer, cast.second_designer, "go-live")
    walking.sign(walking.ask(service, cast.designer, "go-live"), cast.manager)
    live = service.planned_on.replace(year=2025)
    launching.record_live(by=cast.designer, service=service, on=live)
    live_on = {"on": live - timedelta(days=1), "reason": "It was a Sunday.", "seen": live}
    launching.correct_live(by=cast.designer, service=service, **live_on)
    service.refresh_from_db()
    walking.fulfil(service, cast.designer, cast.second_designer, "operate")
    walking.sign(walking.ask(service, cast.designer, "operate"), cast.manager)
    reporting.request(by=cast.viewer, service=service, record=decision, language="en")
    enrolling.reopen(by=cast.manager, passage=walking.passage_of(service, "build"), reason="A new hole.")
    seen = keeping.words_of(service).digest
    keeping.edit(by=cast.designer, service=service, words=Words("Birth online", "For parents."), seen=seen)
    keeping.archive(by=cast.manager, service=service, reason="Merged with another.")
    keeping.bring_back(by=cast.manager, service=service, reason="Not merged after all.")


def address(service, **asked: object) -> str:
    return (
        reverse("reviews:service_history", args=[service.slug]) + "?" + "&".join(f"{k}={v}" for k, v in asked.items())
    )


def told(service, **wanted: object) -> list[tuple[str, str, str, str]]:
    lines = history.page(service, Wanted(**wanted)).lines
    return [(str(one.event.entry.who), one.event.sentence, one.event.after, one.about) for one in lines]


def test_who_did_what_in_words(lived, cast):
    rehearse, reader = "condition “Rehearse the way back”", "condition “Test with a screen reader”"
    users = "condition “Ask the first users”"
    assert [(who, sentence, about) for who, sentence, _day, about in told(lived, kind="conditions")] == [
        ("Designer", "moved the date with the go-live", users),
        ("Designer", "moved the date with the go-live", users),
        ("Second manager", "confirmed that it is met: “Rehearsed on Monday.”", rehearse),
        ("Designer", "said that it is met: “Rehearsed on Monday.”", rehearse),
        ("Manager", "said that it is not met yet: “Not yet.”", rehearse),
        ("Designer", "said that it is met: “Soon.”", rehearse),
        ("Manager", "dropped it: “No longer needed.”", reader),
        ("Manager", "moved the date: “The lab is closed.”", reader),
        ("Second manager", "voided it with the decision that set it", "condition “Ask the mayor”"),
    ]
    reviews = told(lived, kind="reviews")
    assert reviews[::-1][:6] == [
        ("Designer", "sealed the picture", "", "its digest"),
        ("Designer", "asked for a decision", "", "Build, review 1"),
        ("Designer", "withdrew the request for a decision", "", "Build, review 1"),
        ("Designer", "sealed the picture", "", "its digest"),
        ("Designer", "asked for a decision", "", "Build, review 2"),
        ("Manager", "decided", "Go with conditions", "Build, review 2"),
    ]
    stages = told(lived, kind="stages")
    assert stages[:3] == [
        ("Manager", "brought the service back: “Not merged after all.”", "", ""),
        ("Manager", "archived the service: “Merged with another.”", "", ""),
        ("Designer", "edited the service", "Birth online", ""),
    ]
    assert stages[3] == ("Manager", "reopened the stage: “A new hole.”", "open", "Build")
    assert stages[4][1].startswith("opened the next round, due on ")
    assert stages[4][3] == "Operate, round 2"
    assert ("Designer", "moved the stage", "in review", "Build") in stages
    assert stages[-1][1].startswith("added the service, to go live on ")
    assert told(lived, kind="reports") == [("Viewer", "asked for a report", "", "see the report")]


def test_waivers_in_words(lived):
    day = date_format(lived.planned_on)
    asked = ("Designer", f"asked for a waiver until {day}: “No test yet.” Instead: “Watched by hand.”")
    assert [(who, sentence) for who, sentence, _state, _about in told(lived, kind="waivers")][::-1] == [
        asked,
        ("Manager", f"refused the waiver until {day}: “Too long.”"),
        asked,
        ("Manager", f"granted the waiver until {day}"),
        ("Manager", f"ended the waiver until {day} early: “Nobody watches.”"),
        asked,
        ("Designer", f"took the request for a waiver until {day} back"),
    ]


def test_a_planned_day_that_moved(service, cast):
    later = service.planned_on.replace(year=service.planned_on.year + 1)
    keeping.plan(by=cast.designer, service=service, planned_on=later, reason="More to do.", seen=service.planned_on)
    event = history.page(service, Wanted(kind="stages")).lines[0].event
    assert event.sentence == "moved the planned go-live: “More to do.”"
    assert (event.before[-4:], event.after[-4:]) == (str(later.year - 1), str(later.year))


def test_every_verb_has_words_and_a_kind_and_no_page_shows_the_bare_verb(lived):
    """Read from the source: whoever adds a verb is told here to word it."""
    found = set()
    for path in modules("stages", "checklists", "reviews", "portfolio"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.keyword) and node.arg == "verb" and isinstance(node.value, ast.Constant):
                found.add(node.value.value)
    found |= set(TrailEntry.objects.filter(scope=lived.scope).values_list("verb", flat=True))
    kinds = [verb for _title, verbs in wording_trail.KINDS.values() for verb in verbs]
    assert len(kinds) == len(set(kinds))
    assert found - ELSEWHERE - set(kinds) == set()
    bare = [entry.verb for entry in history.entries(lived) if wording_trail.event(entry).sentence == entry.verb]
    assert bare == []


def test_everything_it_is_about_can_be_opened(lived, cast, client_for):
    client = client_for(cast.viewer)
    urls = {line.url.partition("#")[0] for kind in wording_trail.KINDS for line in _all(lived, kind) if line.url}
    wrong = [url for url in urls if client.get(url).status_code != HTTPStatus.OK]
    assert wrong == []
    assert len({url.split("/")[1] for url in urls}) == 2  # the service's pages, and the page that verifies


def _all(service, kind: str):
    return history.page(service, Wanted(kind=kind)).lines


def test_a_change_is_shown_from_what_to_what(lived, cast, client_for):
    item = walking.first(lived, "item")
    page = client_for(cast.viewer).get(address(lived, kind="answers", who=cast.designer.pk, before=8)).content.decode()
    assert f"{item.number} {item.title}"[:60] in page
    assert "<del>open</del> → <ins>done</ins>" in " ".join(page.split())
    assert "the note" in page
    assert "{&#x27;" not in page
    assert "&quot;state" not in page


def test_it_is_read_in_pages_both_ways(lived):
    whole = list(history.entries(lived).order_by("-sequence").values_list("sequence", flat=True))
    assert len(whole) > 2 * history.PAGE
    read, pages, wanted = [], [], Wanted()
    while True:
        page = history.page(lived, wanted)
        pages.append([line.event.entry.sequence for line in page.lines])
        read += pages[-1]
        if not page.older:
            break
        wanted = Wanted(before=page.older)
    assert read == whole
    back = history.page(lived, Wanted(after=history.page(lived, wanted).newer))
    assert [line.event.entry.sequence for line in back.lines] == pages[-2]
    assert history.page(lived, Wanted()).newer == 0
    assert history.page(lived, Wanted(after=pages[1][0])).newer == 0


def test_filters_keep_to_what_was_asked(lived, cast):
    lines = history.page(lived, Wanted(who=cast.second_designer.pk, kind="documents")).lines
    assert {(line.event.entry.who, line.event.entry.verb) for line in lines} == {
        (cast.second_designer, "document_approved")
    }
    assert told(lived, who=cast.outsider.pk) == []


@pytest.mark.parametrize("asked", [{"who": "x"}, {"kind": "nonsense"}, {"before": "-1"}, {"after": 10**30}])
def test_what_is_not_on_offer_is_left_aside(service, cast, client_for, asked):
    answer = client_for(cast.viewer).get(address(service, **asked))
    assert answer.status_code == HTTPStatus.OK
    assert "added the service" in answer.content.decode()


def test_a_filter_that_finds_nothing_says_so(service, cast, client_for):
    assert "Nothing found" in client_for(cast.viewer).get(address(service, kind="reports")).content.decode()


def test_the_service_page_leads_to_it(service, cast, client_for):
    page = client_for(cast.viewer).get(reverse("portfolio:service", args=[service.slug])).content.decode()
    assert reverse("reviews:service_history", args=[service.slug]) in page


@pytest.mark.parametrize("many", [1, 3])
def test_it_asks_the_same_number_of_questions(service, cast, client_for, many, django_assert_num_queries):
    for _ in range(many):
        review = walking.ask(service, cast.designer)
        decision = walking.sign(review, cast.manager, "no_go")
        reporting.request(by=cast.viewer, service=service, record=decision, language="en")
    client = client_for(cast.viewer)
    client.get(address(service))
    with django_assert_num_queries(7):  # session, person with roles, service, people, entries, reviews, notices
        client.get(address(service))


def lines_of(client, service) -> list[dict]:
    answer = client.get(reverse("reviews:service_trail", args=[service.slug]))
    assert answer.status_code == HTTPStatus.OK
    assert answer["Content-Type"] == "application/jsonl; charset=utf-8"
    return [json.loads(line) for line in b"".join(answer.streaming_content).decode().splitlines()]


def test_an_auditor_takes_out_the_trail(lived, cast, client_for):
    head, *entries = lines_of(client_for(cast.auditor), lived)
    chain = Chain.objects.get(pk=lived.scope)
    assert head == {"format": 1, "scope": lived.scope, "sequence": chain.sequence, "head": chain.head}
    assert [entry["sequence"] for entry in entries] == list(range(1, chain.sequence + 1))
    assert entries[-1]["digest"] == chain.head
    assert (entries[0]["verb"], entries[0]["who"]) == ("created", {"id": cast.designer.pk, "name": "Designer"})


@pytest.mark.parametrize("who", ["viewer", "manager", "administrator"])
def test_nobody_else_does(service, cast, client_for, who):
    client = client_for(getattr(cast, who))
    assert client.get(reverse("reviews:service_trail", args=[service.slug])).status_code == HTTPStatus.FORBIDDEN
    assert "JSON Lines" not in client.get(address(service)).content.decode()


def test_an_auditor_is_offered_it(service, cast, client_for):
    page = client_for(cast.auditor).get(address(service)).content.decode()
    assert reverse("reviews:service_trail", args=[service.slug]) in page
