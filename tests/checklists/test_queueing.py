"""Twenty people on five entries at once: no acknowledged answer is lost, on whichever engine this runs."""

import random
import threading

import pytest
from django.db import connection

from accounts import chaining
from accounts.models import TrailEntry
from accounts.refusals import Conflict
from checklists import answering, documenting, tallying
from checklists.models import Answer, DocumentVersion, Evidence
from checklists.proofs import Proof
from stages import catalogue

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE, ENTRIES, ACTS = 20, 5, 6


def together(work, number=PEOPLE):
    """Run `work(n)` in threads that start at the same moment; their errors are the test's."""
    gate, errors = threading.Barrier(number), []

    def one(n):
        try:
            gate.wait()
            work(n)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(n,)) for n in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


def test_no_acknowledged_answer_is_lost(service, cast):
    items = catalogue.of(service.edition_id).sheets[0].of_kind("item")[:ENTRIES]
    acknowledged, lock = {item.pk: [] for item in items}, threading.Lock()

    def tick(n):
        pick = random.Random(n)
        for act in range(ACTS):
            item = pick.choice(items)
            answer = Answer.objects.filter(service=service, requirement=item).first()
            seen, note = answer.version if answer else 0, f"{n} {act}"
            try:
                kept = answering.record(
                    by=cast.designer, service=service, requirement=item, seen=seen, state="done", note=note
                )
            except Conflict:
                continue
            with lock:
                acknowledged[item.pk].append((kept.version, note))

    together(tick)
    for item in items:
        versions = sorted(acknowledged[item.pk])
        assert [version for version, _note in versions] == list(range(1, len(versions) + 1))
        answer = Answer.objects.get(service=service, requirement=item)
        assert (answer.version, answer.note) == versions[-1]
    told = TrailEntry.objects.filter(scope=service.scope, verb="recorded").count()
    assert told == sum(len(kept) for kept in acknowledged.values())
    assert list(tallying.differences(service=service)) == []


def test_the_trail_stays_whole(service, cast):
    items = catalogue.of(service.edition_id).sheets[0].of_kind("item")[:PEOPLE]
    together(
        lambda n: answering.record(
            by=cast.designer, service=service, requirement=items[n % len(items)], seen=0, state="done"
        )
    )
    entries = list(TrailEntry.objects.filter(scope=service.scope).order_by("sequence"))
    assert [entry.sequence for entry in entries] == list(range(1, len(entries) + 1))
    heads = ["", *(entry.digest for entry in entries)]
    assert [chaining.digest(head, entry) for head, entry in zip(heads, entries, strict=False)] == heads[1:]


def test_one_press_sent_twenty_times_is_one_answer_and_one_piece(service, cast):
    rule = catalogue.of(service.edition_id).sheets[0].of_kind("rule")[0]
    proof = Proof(form="note", text="Report of May.")
    together(
        lambda n: answering.record(
            by=cast.designer, service=service, requirement=rule, seen=0, state="met", proof=proof
        )
    )
    assert Answer.objects.get().version == 1
    assert Evidence.objects.count() == 1
    assert TrailEntry.objects.filter(scope=service.scope, verb="recorded").count() == 1


def test_versions_added_at_once_are_numbered_without_a_gap(service, cast):
    plan = catalogue.of(service.edition_id).sheets[0].of_kind("deliverable")[0]
    together(
        lambda n: documenting.add(
            by=cast.designer, service=service, requirement=plan, address=f"https://example.org/{n}"
        )
    )
    numbers = DocumentVersion.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(1, PEOPLE + 1))


def test_approved_by_one_of_two(service, cast):
    plan = catalogue.of(service.edition_id).sheets[0].of_kind("deliverable")[0]
    version = documenting.add(by=cast.designer, service=service, requirement=plan, address="https://example.org/")
    documenting.send(by=cast.designer, version=version)
    judged = []

    def judge(n):
        try:
            judged.append(documenting.approve(by=[cast.manager, cast.second_manager][n], version=version))
        except Conflict as conflict:
            judged.append(conflict)

    together(judge, 2)
    assert sorted(isinstance(one, Conflict) for one in judged) == [False, True]
    assert DocumentVersion.objects.get().state == "approved"
