"""What an earlier service said, on the rows of its copy: read, taken over, discarded; never sealed."""

import re

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import TrailEntry
from checklists import copying
from checklists.models import Answer, Evidence, Proposal
from checklists.proofs import Proof
from reviews import canonical
from stages import catalogue, keeping
from tests.reviews import walking
from tests.reviews.bench import Browser, row, without_tokens

pytestmark = pytest.mark.django_db
PROOF = Proof(form="link", title="Test report", address="https://docs.example.org/report")


@pytest.fixture
def rule(service):
    return walking.first(service, "rule")


@pytest.fixture
def copy(service, rule, cast, edition, planned_on):
    walking.say(service, rule, cast.second_designer, state="met", note="Seen by all.", proof=PROOF)
    return start(service, cast, edition, planned_on)


def start(source, cast, edition, planned_on):
    told = {"team": cast.team, "edition": edition, "name": "Marriage certificate", "planned_on": planned_on}
    return copying.start(by=cast.designer, source=source, **told)


@pytest.fixture
def desk(client_for, cast, copy):
    return Browser(client_for(cast.designer), copy, catalogue.of(copy.edition_id).sheets[0])


def test_the_row_shows_what_the_earlier_service_said(desk, rule):
    shown = row(desk.page(), rule.slug)
    for part in ("Birth certificate online said:", "Met", "Seen by all.", "Test report", "Second designer"):
        assert part in shown
    assert "Take over" in shown


def test_taken_over_the_row_is_as_after_a_reload(desk, copy, rule, cast):
    fragment = desk.post(rule, "proposal/take/", seen="0").content.decode()
    answer = Answer.objects.get(service=copy)
    assert (answer.state, answer.recorded_by) == ("met", cast.designer)
    assert "said:" not in row(fragment, rule.slug)
    assert without_tokens(row(fragment, rule.slug)) == without_tokens(row(desk.page(), rule.slug))
    assert "Taken over from Birth certificate online." in desk.page(desk.url(rule))


def test_without_javascript_it_leads_back_to_the_row(desk, rule):
    response = desk.post_plainly(rule, "proposal/take/", seen="0")
    assert response.url == f"{desk.bench}#{rule.slug}"


def test_discarded_it_is_gone_from_the_row(desk, copy, rule):
    fragment = desk.post(rule, "proposal/discard/").content.decode()
    assert "said:" not in row(fragment, rule.slug)
    assert not Answer.objects.filter(service=copy).exists()


def test_an_answer_of_ones_own_takes_its_place(desk, rule):
    fragment = desk.post(rule, seen="0", state="not_met").content.decode()
    assert "said:" not in row(fragment, rule.slug)


def test_lapsed_evidence_asks_for_some_with_the_words_kept(desk, copy, rule):
    Evidence.objects.update(effective_from="2001-01-01", valid_until="2002-01-01")
    response = desk.post(rule, "proposal/take/", seen="0")
    page = response.content.decode()
    assert response.status_code == 422
    assert "What stands behind it?" in page
    assert "Seen by all." in page
    assert re.search(r'name="state" value="met">\s*Save as “met”', page)


@pytest.mark.parametrize("seen", ["0", "", "nonsense"])
def test_a_stale_tab_sees_both(desk, copy, rule, cast, seen):
    walking.say(copy, rule, cast.second_designer, state="not_met")
    response = desk.post(rule, "proposal/take/", seen=seen)
    page = response.content.decode()
    assert response.status_code == 409
    assert "What you sent" in page
    assert Answer.objects.get(service=copy).state == "not_met"


def test_who_does_not_answer_reads_it(client_for, cast, copy, rule):
    sheet = catalogue.of(copy.edition_id).sheets[0]
    for who in (cast.viewer, cast.manager, cast.auditor):
        reader = Browser(client_for(who), copy, sheet)
        shown = row(reader.page(), rule.slug)
        assert "Birth certificate online said:" in shown
        assert "Take over" not in shown
        assert reader.post(rule, "proposal/take/", seen="0").status_code == 403
        assert reader.post(rule, "proposal/discard/").status_code == 403
    outsider = Browser(client_for(cast.outsider), copy, sheet)
    assert outsider.post(rule, "proposal/take/", seen="0").status_code == 404


def test_where_nothing_is_proposed_there_is_nothing(desk, copy):
    item = walking.first(copy, "item")
    assert desk.post(item, "proposal/take/", seen="0").status_code == 404


def test_an_archived_service_takes_nothing_over(desk, copy, rule, cast):
    keeping.archive(by=cast.manager, service=copy, reason="The law changed.")
    assert desk.post(rule, "proposal/take/", seen="0").status_code == 409
    assert desk.post(rule, "proposal/discard/").status_code == 409


def test_a_sealed_picture_holds_no_proposal(copy, cast):
    content = walking.ask(copy, cast.designer).snapshot.content
    assert "Seen by all." not in content
    assert "Test report" not in content
    assert {one["state"] for one in canonical.load(content)["entries"]} == {"open", "not_started"}


def test_the_page_takes_the_same_queries_for_one_proposal_and_for_three(
    client_for, cast, service, rule, edition, planned_on, copy
):
    for one in [one for one in walking.asked(service) if one.kind == "rule"][1:4]:
        walking.say(service, one, cast.designer, state="met", proof=PROOF)
    counted = []
    for one in (copy, start(service, cast, edition, planned_on)):
        desk = Browser(client_for(cast.designer), one, catalogue.of(edition.pk).sheets[0])
        with CaptureQueriesContext(connection) as queries:
            desk.page()
        counted.append(len(queries))
    assert counted[0] == counted[1]
    assert Proposal.objects.filter(service=one).count() == 4


def test_the_history_tells_it(desk, copy, rule, cast):
    desk.post(rule, "proposal/take/", seen="0")
    page = desk.page(reverse("reviews:service_history", args=[copy.slug]))
    assert "started it as a copy of Birth certificate online, with 1 proposal" in page
    assert "took over what Birth certificate online said" in page


# -- several at once ------------------------------------------------------------------------------------


@pytest.fixture
def several(service, cast, edition, planned_on):
    """A copy of a service that has said something to three golden rules and one item."""
    said = [one for one in walking.asked(service) if one.kind == "rule"][:3]
    for one in said:
        walking.say(service, one, cast.second_designer, state="met", proof=PROOF)
    item = walking.first(service, "item")
    walking.say(service, item, cast.second_designer, state="done")
    return start(service, cast, edition, planned_on), [*said, item]


def take_several(client, copy, *ticked):
    return client.post(reverse("reviews:proposals", args=[copy.slug, "build"]), {"take": ticked})


def answered(copy) -> list[str]:
    return sorted(Answer.objects.filter(service=copy, version__gt=0).values_list("requirement__slug", flat=True))


def test_several_are_taken_over_at_once(client_for, cast, several):
    copy, said = several
    client = client_for(cast.designer)
    page = client.get(reverse("reviews:proposals", args=[copy.slug, "build"])).content.decode()
    offered = re.findall(r'name="take" value="([^"]*)"', page)
    assert offered == [f"{one.slug}~0" for one in said]
    response = take_several(client, copy, *offered[1:])
    assert response.url == reverse("reviews:workbench", args=[copy.slug, "build"])
    assert "3 proposals are taken over." in client.get(response.url).content.decode()
    assert answered(copy) == sorted(one.slug for one in said[1:])
    assert {one.recorded_by for one in Answer.objects.filter(service=copy)} == {cast.designer}
    assert take_several(client, copy, *offered[1:]).status_code == 302  # a double click
    assert Proposal.objects.filter(service=copy, outcome="taken").count() == 3


def test_what_cannot_be_taken_over_is_said_and_left(client_for, cast, several):
    """One has lapsed, one was answered by a colleague meanwhile; nothing of either is kept, and the trail holds."""
    copy, (lapsed, changed, rule, item) = several
    piece = Evidence.objects.filter(answers__requirement=lapsed).get()
    Evidence.objects.filter(pk=piece.pk).update(effective_from="2001-01-01", valid_until="2002-01-01")
    walking.say(copy, changed, cast.second_designer, state="not_met")
    client = client_for(cast.designer)
    response = take_several(client, copy, *(f"{one.slug}~0" for one in (lapsed, changed, rule, item)))
    page = response.content.decode()
    assert response.status_code == 422
    assert "2 proposals could not be taken over and are left as they were." in page
    assert "2 proposals are taken over." in page
    assert re.search(rf'value="{lapsed.slug}~0" checked', page)
    assert "What stands behind it?" in page
    assert "This entry has changed since you looked at it." in page
    assert answered(copy) == sorted(one.slug for one in (changed, rule, item))
    assert Answer.objects.get(service=copy, requirement=changed).state == "not_met"
    assert not Evidence.objects.filter(service=copy, copied_from=piece).exists()
    assert not TrailEntry.objects.filter(scope=copy.scope, subject=lapsed.subject).exists()
    call_command("verify_trail")


def test_nothing_ticked_is_asked_for_and_all_can_be_ticked(client_for, cast, several):
    copy, said = several
    client = client_for(cast.designer)
    response = take_several(client, copy)
    assert response.status_code == 422
    assert "Tick what you want to take over." in response.content.decode()
    page = client.get(reverse("reviews:proposals", args=[copy.slug, "build"]), {"all": "yes"}).content.decode()
    assert page.count('~0" checked') == len(said)


@pytest.mark.parametrize("ticked", ["nonsense", "no-such~0", "~", "\x00~1"])
def test_what_is_no_entry_is_left_aside(client_for, cast, several, ticked):
    copy, _said = several
    assert take_several(client_for(cast.designer), copy, ticked).status_code == 302
    assert answered(copy) == []


def test_only_who_answers_takes_several_over(client_for, cast, several):
    copy, said = several
    for who, status in ((cast.viewer, 403), (cast.manager, 403), (cast.outsider, 404)):
        assert take_several(client_for(who), copy, f"{said[0].slug}~0").status_code == status
    assert answered(copy) == []


def test_a_stage_where_nothing_is_proposed_says_so(client_for, cast, service):
    page = client_for(cast.designer).get(reverse("reviews:proposals", args=[service.slug, "build"])).content.decode()
    assert "Nothing is proposed" in page


def test_the_workbench_leads_there_while_there_are_several(client_for, cast, several):
    copy, said = several
    client, there = client_for(cast.designer), reverse("reviews:proposals", args=[copy.slug, "build"])
    bench = reverse("reviews:workbench", args=[copy.slug, "build"])
    assert f'href="{there}"' in client.get(bench).content.decode()
    take_several(client, copy, *(f"{one.slug}~0" for one in said[1:]))
    assert f'href="{there}"' not in client.get(bench).content.decode()
