"""Tampering of every kind is found, at the right place and called by its name."""

import io

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from accounts import chaining, soundness
from accounts.models import Chain, TrailEntry
from tests.accounts import tampering

pytestmark = pytest.mark.django_db
SCOPE, OTHER = "service:1", "service:2"
LENGTH = 40


@pytest.fixture(autouse=True)
def chains(nothing_published):
    for scope in (SCOPE, OTHER):
        for number in range(LENGTH):
            with chaining.chain(scope) as trail:
                trail.add(by=None, verb="tested", subject=f"requirement:{number}", after={"n": number})
    tampering.lift()


def entry(sequence: int):
    return tampering.entry(SCOPE, sequence)


def head() -> str:
    return Chain.objects.get(pk=SCOPE).head


def verify(**options: object) -> tuple[int, str]:
    """Exit status and what was said."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("verify_trail", stdout=out, stderr=err, **options)
    except CommandError as error:
        return error.returncode, err.getvalue() + str(error)
    return 0, out.getvalue() + err.getvalue()


def found(**options: object) -> tuple[int, str]:
    broken = soundness.walk(SCOPE, **options).broken
    return broken.sequence, broken.kind


def swap(one: int, other: int) -> None:
    tampering.swap(SCOPE, one, other)


def cut(after: int) -> None:
    tampering.cut(SCOPE, after)


def rewind(to: int) -> None:
    tampering.rewind(SCOPE, to)


def test_a_sound_trail_is_said_to_be_one():
    assert verify() == (0, f"Every link holds: chains 2, entries {2 * LENGTH}.\n")
    assert verify(scope=SCOPE, head=head()) == (0, f"Every link holds: chains 1, entries {LENGTH}.\n")


@pytest.mark.parametrize("sequence", [1, 17, LENGTH])
@pytest.mark.parametrize(
    "altered", [{"after": {"n": 99}}, {"verb": "else"}, {"digest": "0" * 64}, {"subject": "requirement:x"}]
)
def test_an_altered_entry(sequence, altered):
    entry(sequence).update(**altered)
    assert found() == (sequence, "altered")


@pytest.mark.parametrize("sequence", [1, 17, LENGTH - 1, LENGTH])
def test_a_missing_entry(sequence):
    entry(sequence).delete()
    assert found() == (sequence, "missing")


@pytest.mark.parametrize(("one", "other"), [(1, 2), (17, 18), (3, LENGTH)])
def test_swapped_entries(one, other):
    swap(one, other)
    assert found() == (one, "swapped")


def test_a_tail_cut_off_while_the_row_still_names_it():
    cut(30)
    assert found() == (31, "missing")


def test_a_tail_cut_off_together_with_the_row_shows_only_against_a_head_taken_out_before():
    taken = head()
    cut(30)
    rewind(30)
    assert verify(scope=SCOPE)[0] == 0
    assert found(head=taken) == (31, "cut")
    assert verify(scope=SCOPE, head=taken)[0] == 1


def test_a_whole_chain_that_is_gone_shows_against_its_head():
    taken = head()
    cut(0)
    Chain.objects.filter(pk=SCOPE).delete()
    assert found(head=taken) == (1, "cut")
    assert verify(scope=SCOPE, head=taken)[0] == 1


def test_a_head_taken_out_before_is_still_there_when_the_chain_went_on():
    taken = head()
    with chaining.chain(SCOPE) as trail:
        trail.add(by=None, verb="went on", subject="requirement:1")
    assert verify(scope=SCOPE, head=taken)[0] == 0


def test_an_entry_added_without_the_key():
    TrailEntry.objects.create(
        scope=SCOPE, sequence=LENGTH + 1, verb="forged", subject="review:1", at=entry(1).get().at, digest="f" * 64
    )
    Chain.objects.filter(pk=SCOPE).update(sequence=LENGTH + 1, head="f" * 64)
    assert found() == (LENGTH + 1, "altered")


def test_a_row_that_names_another_end():
    Chain.objects.filter(pk=SCOPE).update(head="0" * 64)
    assert found() == (LENGTH, "altered")
    rewind(30)
    assert found() == (31, "altered")


def test_a_row_that_is_gone():
    Chain.objects.filter(pk=SCOPE).delete()
    assert found() == (LENGTH, "missing")


def test_the_command_names_the_place_and_goes_on_to_the_other_chains():
    entry(17).update(verb="else")
    TrailEntry.objects.filter(scope=OTHER, sequence=5).delete()
    status, said = verify()
    assert status == 1
    assert said.splitlines() == [
        "service:1, sequence 17: altered. The entry “else” of requirement:16 is not what was written, "
        "or its digest is not.",
        "service:2, sequence 5: missing. The next entry that is there is number 6.",
        "2 of 2 chains broken.",
    ]
    assert verify(scope=OTHER)[0] == 1


def test_another_key_is_told_from_tampering(settings):
    settings.TRAIL_KEY = "another"
    status, said = verify()
    assert status == 1
    assert "LAUNCHKIT_TRAIL_KEY may not be the one" in said


@pytest.mark.parametrize(
    ("options", "said"),
    [({"head": "0" * 64}, "say which with --scope"), ({"scope": "service:99"}, "There is no chain service:99")],
)
def test_what_cannot_be_asked(options, said):
    assert said in verify(**options)[1]


def test_the_walk_asks_few_questions(django_assert_num_queries):
    with django_assert_num_queries(3):
        soundness.walk(SCOPE)
