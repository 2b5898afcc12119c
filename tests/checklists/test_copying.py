"""A service as a copy of an earlier one: proposals, taken over or discarded, and nothing that counts by itself."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.models import TrailEntry
from accounts.refusals import Conflict, Refusal
from checklists import answering, confirming, copying, documenting, evidencing, starting, tallying
from checklists.models import Answer, DocumentVersion, Evidence, Proposal
from checklists.proofs import Proof
from stages import publishing
from stages.models import Edition
from tests.reviews import walking

pytestmark = pytest.mark.django_db


@pytest.fixture
def rule(service):
    return walking.first(service, "rule")


@pytest.fixture
def said(service, rule, cast):
    """The earlier service: a rule met on a link, an item done with a note, a question rated, a deliverable approved."""
    proof = Proof(form="link", title="Test report", address="https://docs.example.org/report")
    walking.say(service, rule, cast.second_designer, state="met", note="Seen by all.", proof=proof)
    walking.say(service, walking.first(service, "item"), cast.second_designer, state="done", note="In the wiki.")
    walking.say(service, walking.first(service, "question"), cast.second_designer, **walking.FULL["question"])
    walking.write(service, walking.first(service, "deliverable"), cast.second_designer, cast.designer)
    return service


@pytest.fixture
def copy(said, cast, edition, planned_on):
    return start(said, cast, edition, planned_on)


def start(source, cast, edition, planned_on, team=None):
    told = {"team": team or cast.team, "edition": edition, "name": "Marriage certificate", "planned_on": planned_on}
    return copying.start(by=cast.designer, source=source, **told)


def take(service, requirement, by, seen=0):
    return confirming.take(by=by, service=service, requirement=requirement, seen=seen)


class TestStarting:
    def test_what_was_said_comes_as_proposals_and_nothing_counts(self, copy, said):
        proposed = {one.requirement.slug: one.state for one in Proposal.objects.filter(service=copy)}
        assert sorted(proposed.values()) == ["approved", "done", "met", "rated"]
        assert (copy.answers.count(), copy.evidence.count(), copy.documents.count()) == (0, 0, 0)
        assert copy.copied_from == said
        assert list(tallying.differences(service=copy)) == []
        assert copy.tallies.get(stage__slug="build").judged == 0
        entry = TrailEntry.objects.get(scope=copy.scope, verb="copied")
        assert entry.after == {"service": said.pk, "slug": said.slug, "name": said.name, "proposals": 4}

    def test_silence_proposes_nothing(self, service, cast, edition, planned_on, rule):
        proof = Proof(form="note", text="Only evidence, no answer.")
        evidencing.attach(by=cast.designer, service=service, requirement=rule, proof=proof)
        assert not Proposal.objects.filter(service=start(service, cast, edition, planned_on)).exists()

    def test_of_another_team_it_is_refused(self, said, cast, edition, planned_on):
        with pytest.raises(Refusal, match="same team") as refused:
            start(said, cast, edition, planned_on, team=cast.other_team)
        assert refused.value.detail["field"] == "copy_of"

    def test_of_another_playbook_it_is_refused(self, said, cast, planned_on, settings):
        other = published(settings, ("public-service-launch", "another-playbook"))
        with pytest.raises(Refusal, match="another playbook"):
            start(said, cast, other, planned_on)

    def test_of_an_earlier_edition_entries_are_matched_by_their_slug(self, said, cast, planned_on, rule, settings):
        second = published(settings, ("edition: 1", "edition: 2"), (rule.slug, "another-rule"))
        proposed = Proposal.objects.filter(service=start(said, cast, second, planned_on))
        assert set(proposed.values_list("requirement__edition", flat=True)) == {second.pk}
        assert sorted(proposed.values_list("state", flat=True)) == ["approved", "done", "rated"]


def published(settings, *changes) -> Edition:
    text = (settings.PLAYBOOKS_DIR / "public-service-launch-1.yaml").read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return publishing.publish(by=None, text=text.encode()).edition


class TestTakingOver:
    def test_it_becomes_an_answer_of_whoever_takes_it_over_now(self, copy, rule, cast):
        answer = take(copy, rule, cast.designer)
        assert (answer.state, answer.note, answer.version) == ("met", "Seen by all.", 1)
        assert answer.recorded_by == cast.designer
        assert answer.recorded_at.date() == timezone.now().date()
        proposal = Proposal.objects.get(service=copy, requirement=rule)
        assert (proposal.outcome, proposal.closed_by) == ("taken", cast.designer)
        assert list(tallying.differences(service=copy)) == []

    def test_evidence_becomes_the_new_services_own_and_says_where_it_is_from(self, copy, said, rule, cast):
        piece = take(copy, rule, cast.designer).evidence.get()
        there = said.evidence.get(title="Test report")
        assert (piece.service, piece.copied_from, piece.address) == (copy, there, there.address)
        assert (piece.added_by, piece.effective_from) == (cast.designer, there.effective_from)
        assert list(there.answers.values_list("service", flat=True)) == [said.pk]

    def test_one_piece_behind_two_answers_is_copied_once(self, said, rule, cast, edition, planned_on):
        other = [one for one in walking.asked(said) if one.kind == "rule"][1]
        piece = said.evidence.get(title="Test report")
        walking.say(said, other, cast.designer, state="met", proof=piece)
        copy = start(said, cast, edition, planned_on)
        pieces = {take(copy, one, cast.designer).evidence.get().pk for one in (rule, other)}
        assert len(pieces) == 1

    def test_a_file_is_named_by_both_and_kept(self, service, rule, cast, edition, planned_on):
        file = ContentFile(b"%PDF-1.7\n%%EOF\n", name="report.pdf")
        walking.say(service, rule, cast.designer, state="met", proof=Proof(form="file", file=file))
        copy = start(service, cast, edition, planned_on)
        here, there = take(copy, rule, cast.designer).evidence.get(), service.evidence.get()
        assert (here.file.name, here.sha256) == (there.file.name, there.sha256)
        assert there.file.storage.exists(there.file.name)

    def test_evidence_that_is_not_in_force_is_not_enough(self, service, rule, cast, edition, planned_on):
        today = timezone.localdate()
        proof = Proof(form="note", text="For now.", effective_from=today - timedelta(9), valid_until=today)
        walking.say(service, rule, cast.designer, state="met", proof=proof)
        copy = start(service, cast, edition, planned_on)
        Evidence.objects.update(valid_until=today - timedelta(days=1))
        with pytest.raises(answering.ProofNeeded):
            take(copy, rule, cast.designer)
        assert (copy.answers.count(), copy.evidence.count()) == (0, 0)
        assert Proposal.objects.get(service=copy).outcome == "open"

    def test_a_deliverable_becomes_a_draft_that_somebody_has_to_approve(self, copy, said, cast):
        deliverable = walking.first(copy, "deliverable")
        answer = take(copy, deliverable, cast.designer)
        version = DocumentVersion.objects.get(document__service=copy)
        there = DocumentVersion.objects.get(document__service=said)
        assert (answer.state, version.state, version.written_by) == ("draft", "draft", cast.designer)
        assert (version.title, version.address, version.sha256) == (there.title, there.address, there.sha256)
        documenting.send(by=cast.designer, version=version)

    def test_a_double_click_takes_over_once(self, copy, rule, cast):
        first, second = take(copy, rule, cast.designer), take(copy, rule, cast.designer)
        assert (first.pk, second.version) == (second.pk, 1)
        assert TrailEntry.objects.filter(scope=copy.scope, verb="taken_over").count() == 1

    def test_a_stale_tab_takes_over_nothing(self, copy, rule, cast):
        walking.say(copy, rule, cast.second_designer, state="not_met")
        with pytest.raises(Conflict):
            take(copy, rule, cast.designer)
        assert Answer.objects.get(service=copy).state == "not_met"
        assert not copy.evidence.exists()

    def test_a_stage_that_is_not_open_waits(self, said, cast, edition, planned_on):
        later = walking.first(said, "item", "go-live")
        walking.fulfil(said, cast.designer, cast.second_designer)
        walking.sign(walking.ask(said, cast.designer), cast.manager)
        walking.say(said, later, cast.designer, state="done")
        copy = start(said, cast, edition, planned_on)
        with pytest.raises(Refusal, match="opens when"):
            take(copy, later, cast.designer)

    def test_without_a_proposal_there_is_nothing_to_take(self, service, rule, cast):
        with pytest.raises(Refusal, match="No earlier service"):
            take(service, rule, cast.designer)


class TestDiscarding:
    def test_it_is_left_aside_once(self, copy, rule, cast):
        for _press in range(2):
            confirming.discard(by=cast.designer, service=copy, requirement=rule)
        assert Proposal.objects.get(service=copy, requirement=rule).outcome == "discarded"
        assert TrailEntry.objects.filter(scope=copy.scope, verb="discarded").count() == 1
        assert not copy.answers.exists()

    def test_what_was_discarded_is_not_taken_over_and_the_other_way_round(self, copy, rule, cast):
        confirming.discard(by=cast.designer, service=copy, requirement=rule)
        with pytest.raises(Conflict, match="discarded"):
            take(copy, rule, cast.second_designer)
        item = walking.first(copy, "item")
        take(copy, item, cast.second_designer)
        with pytest.raises(Conflict, match="took this over"):
            confirming.discard(by=cast.designer, service=copy, requirement=item)


def test_starting_empty_leaves_no_trace_of_another(cast, edition, planned_on, said):
    told = {"team": cast.team, "edition": edition, "name": "Another", "planned_on": planned_on}
    service = starting.start(by=cast.designer, **told)
    assert (service.copied_from, service.proposals.count()) == (None, 0)
