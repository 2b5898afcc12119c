"""A new revision takes the place of the one before behind every answer where it stands; the old one is kept."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import TrailEntry
from accounts.refusals import Conflict, Refusal
from checklists import answering, evidencing, files, starting, tallying
from checklists.models import Answer, Evidence, Tally
from checklists.proofs import Proof
from stages import catalogue, chains, keeping
from stages.models import Passage
from tests.checklists.test_queueing import together

ENDED = timezone.localdate() - timedelta(days=3)
AHEAD = timezone.localdate() + timedelta(days=200)


@pytest.fixture
def sheets(service):
    """Build and go-live, both open."""
    Passage.objects.filter(service=service, stage__slug="go-live").update(state="open", opened_at=timezone.now())
    return catalogue.of(service.edition_id).sheets


@pytest.fixture
def certificate(service, cast, sheets):
    """A certificate that has ended, behind a rule of build and one of go-live: it was good when they were said."""
    ago = timezone.now() - timedelta(days=30)
    proof = Proof("file", title="Certificate", file=ContentFile(b"valid", "certificate.txt"), valid_until=ENDED)
    for sheet in sheets[:2]:
        rule = sheet.of_kind("rule")[0]
        who = {"by": cast.designer, "service": service, "requirement": rule, "at": ago}
        answering.record(**who, seen=0, state="met", proof=Evidence.objects.first() or proof)
    return Evidence.objects.get()


def renewed(text=b"valid again", **told):
    return Proof("file", file=ContentFile(text, "renewed.txt"), **{"valid_until": AHEAD, **told})


def read(piece):
    with files.opened(piece) as file:
        return file.read()


def test_one_piece_stands_behind_several_answers(certificate):
    assert certificate.answers.count() == 2
    assert (certificate.number, certificate.title) == (1, "Certificate")
    assert TrailEntry.objects.filter(verb="attached").count() == 2


def test_everywhere_at_once_and_counted(certificate, cast, service, sheets):
    tallying.rebuild(service=service)
    assert list(Tally.objects.order_by("stage__position").values_list("rules_met", flat=True)) == [0, 0, 0]
    new = evidencing.revise(by=cast.second_designer, evidence=certificate, proof=renewed())
    assert (new.number, new.series, new.title, new.added_by) == (
        2,
        certificate.series,
        "Certificate",
        cast.second_designer,
    )
    assert [list(answer.evidence.all()) for answer in Answer.objects.all()] == [[new], [new]]
    assert list(Tally.objects.order_by("stage__position").values_list("rules_met", flat=True)) == [1, 1, 0]
    assert list(tallying.differences(service=service)) == []
    assert list(Evidence.objects.current()) == [new]


def test_the_trail_tells_it_where_it_stands(certificate, cast, service, sheets):
    new = evidencing.revise(by=cast.designer, evidence=certificate, proof=renewed())
    told = TrailEntry.objects.filter(scope=service.scope, verb="revised").order_by("sequence")
    assert {entry.subject for entry in told} == {sheet.of_kind("rule")[0].subject for sheet in sheets[:2]}
    assert {(entry.before["sha256"], entry.after["sha256"]) for entry in told} == {(certificate.sha256, new.sha256)}


def test_the_old_file_and_digest_are_kept(certificate, cast):
    new = evidencing.revise(by=cast.designer, evidence=certificate, proof=renewed())
    certificate.refresh_from_db()
    assert (read(certificate), read(new)) == (b"valid", b"valid again")
    assert certificate.sha256 != new.sha256


def test_a_later_end_alone_keeps_the_file(certificate, cast):
    new = evidencing.revise(by=cast.designer, evidence=certificate, proof=Proof("file", valid_until=AHEAD))
    assert (new.file.name, new.sha256, new.size) == (certificate.file.name, certificate.sha256, certificate.size)
    assert (new.number, new.valid_until) == (2, AHEAD)


def test_a_file_may_become_a_link(certificate, cast):
    new = evidencing.revise(
        by=cast.designer, evidence=certificate, proof=Proof("link", address="https://example.org/c")
    )
    assert (new.form, new.title, new.file_name) == ("link", "Certificate", "")


def test_twice_is_once(certificate, cast):
    first, second = (evidencing.revise(by=cast.designer, evidence=certificate, proof=renewed()) for _ in range(2))
    assert first == second
    assert Evidence.objects.count() == 2


def test_a_stale_tab_replaces_nothing(certificate, cast):
    new = evidencing.revise(by=cast.designer, evidence=certificate, proof=renewed())
    with pytest.raises(Conflict) as caught:
        evidencing.revise(by=cast.second_designer, evidence=certificate, proof=renewed(b"another"))
    assert caught.value.detail["current"] == new
    assert Evidence.objects.count() == 2


def test_what_was_replaced_is_neither_taken_off_nor_chosen(certificate, cast, service, sheets):
    evidencing.revise(by=cast.designer, evidence=certificate, proof=renewed())
    rule, other = sheets[0].of_kind("rule")[:2]
    with pytest.raises(Conflict, match="newer revision"):
        evidencing.detach(by=cast.designer, service=service, requirement=rule, evidence=certificate)
    with pytest.raises(Refusal, match="choose again"):
        answering.record(by=cast.designer, service=service, requirement=other, seen=0, state="met", proof=certificate)


def test_evidence_of_another_service_is_not_chosen(certificate, cast, service, sheets, edition, planned_on):
    other = starting.start(by=cast.outsider, team=cast.other_team, edition=edition, name="Ferry", planned_on=planned_on)
    rule = sheets[0].of_kind("rule")[1]
    with pytest.raises(Refusal):
        answering.record(by=cast.outsider, service=other, requirement=rule, seen=0, state="met", proof=certificate)
    assert not Answer.objects.filter(service=other).exists()


def test_what_stands_nowhere_is_revised_too(certificate, cast, service, sheets):
    for sheet in sheets[:2]:
        rule = sheet.of_kind("rule")[0]
        evidencing.detach(by=cast.designer, service=service, requirement=rule, evidence=certificate)
    new = evidencing.revise(by=cast.designer, evidence=certificate, proof=renewed())
    assert TrailEntry.objects.filter(verb="revised").get().subject == f"evidence:{new.pk}"


def test_a_refused_revision_leaves_no_file(certificate, cast, service):
    before = set(default_storage.listdir(str(certificate.file.name.rsplit("/", 1)[0]))[1])
    keeping.archive(by=cast.manager, service=service, reason="Merged.")
    with pytest.raises(chains.Archived):
        evidencing.revise(by=cast.designer, evidence=certificate, proof=renewed())
    assert set(default_storage.listdir(str(certificate.file.name.rsplit("/", 1)[0]))[1]) == before


def test_the_end_before_the_beginning_is_refused_by_act_and_by_constraint(certificate, cast):
    with pytest.raises(Refusal, match="end before it begins"):
        evidencing.revise(
            by=cast.designer, evidence=certificate, proof=renewed(effective_from=AHEAD, valid_until=ENDED)
        )
    with pytest.raises(IntegrityError, match="evidence_ends_after_it_begins"), transaction.atomic():
        Evidence.objects.update(effective_from=AHEAD)


@pytest.mark.django_db(transaction=True)
def test_of_two_revisions_at_once_one_is_taken(certificate, cast, service):
    taken, people = [], [cast.designer, cast.second_designer]

    def revise(n):
        try:
            proof = renewed(f"by {n}".encode())
            taken.append(evidencing.revise(by=people[n], evidence=certificate, proof=proof))
        except Conflict as conflict:
            taken.append(conflict)

    together(revise, 2)
    assert sorted(isinstance(one, Conflict) for one in taken) == [False, True]
    assert sorted(Evidence.objects.values_list("number", flat=True)) == [1, 2]
    assert list(tallying.differences(service=service)) == []


@pytest.mark.django_db(transaction=True)
def test_a_revision_and_ticks_at_once_leave_the_counts_right(certificate, cast, service, sheets):
    items = sheets[0].of_kind("item")

    def act(n):
        if n == 0:
            evidencing.revise(by=cast.designer, evidence=certificate, proof=renewed())
        elif n == 1:
            who = {"by": cast.designer, "service": service, "requirement": sheets[0].of_kind("rule")[0]}
            answering.record(**who, seen=1, state="not_met")
        else:
            answering.record(by=cast.designer, service=service, requirement=items[n], seen=0, state="done")

    together(act, 8)
    assert list(tallying.differences(service=service)) == []
    assert {piece.number for answer in Answer.objects.all() for piece in answer.evidence.all()} == {2}
