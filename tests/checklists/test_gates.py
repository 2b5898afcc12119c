"""Properties of the gate that hold for whatever a team answers."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklists import gates
from checklists.gates import Around, Entry, Outcome
from checklists.models import STATES

SEVERITY = {Outcome.GO: 0, Outcome.GO_WITH_CONDITIONS: 1, Outcome.NO_GO: 2}
FULFILLED = {"rule": "met", "item": "done", "deliverable": "approved", "question": "rated"}


ENTRIES = [  # every entry that there can be, but for its name: drawn at once, which is quicker than piece by piece
    Entry("x", "x", kind, required, str(state), rating, proof=proof, excused=excused)
    for kind in sorted(STATES)
    for state in STATES[kind]
    for rating in (range(4) if state == "rated" else (None,))
    for required in ((True,) if kind == "rule" else (True, False))
    for proof in range(3)
    for excused in (False, True)
]


def stages() -> st.SearchStrategy[list[Entry]]:
    drawn = st.lists(st.sampled_from(ENTRIES), max_size=25)
    return drawn.map(lambda found: [replace(one, slug=f"e{n}", number=f"e{n}") for n, one in enumerate(found)])


def fulfil(one: Entry) -> Entry:
    rating = 3 if one.kind == "question" else None
    return replace(one, state=FULFILLED[one.kind], rating=rating, proof=1)


def outcome(entries: list[Entry], threshold: int = 70, around: Around | None = None) -> Outcome:
    return gates.suggest(gates.count(entries), threshold=threshold, around=around or Around()).outcome


@given(stages())
def test_no_go_exactly_when_a_rule_a_deliverable_or_a_question_forbids_it(entries):
    forbidden = any(
        (one.kind == "rule" and not one.fulfilled)
        or (one.kind == "deliverable" and one.required and not one.fulfilled)
        or (one.kind == "question" and one.required and one.applies and one.counted_rating == 0)
        for one in entries
    )
    assert (outcome(entries) == Outcome.NO_GO) == forbidden


@given(stages(), st.data())
def test_fulfilling_an_entry_never_makes_it_worse(entries, data):
    if not entries:
        return
    at = data.draw(st.integers(0, len(entries) - 1))
    better = [*entries[:at], fulfil(entries[at]), *entries[at + 1 :]]
    assert SEVERITY[outcome(better)] <= SEVERITY[outcome(entries)]


@given(stages())
def test_walking_the_shortest_path_leads_to_go(entries):
    needed = {step.slug for step in gates.shortest_path(entries)}
    walked = [fulfil(one) if one.slug in needed else one for one in entries]
    assert gates.shortest_path(walked) == ()
    assert outcome(walked, threshold=0) == Outcome.GO


@given(stages())
def test_the_first_steps_of_the_path_lift_the_no_go(entries):
    path = gates.shortest_path(entries)
    first = {step.slug for step in path if step.lifts == Outcome.NO_GO}
    assert [step.lifts == Outcome.NO_GO for step in path] == sorted(
        (step.lifts == Outcome.NO_GO for step in path), reverse=True
    )
    walked = [fulfil(one) if one.slug in first else one for one in entries]
    assert outcome(walked) != Outcome.NO_GO


@given(stages())
def test_the_suggestion_follows_from_its_own_reasons(entries):
    suggestion = gates.suggest(gates.count(entries), threshold=70)
    blocked = {reason.blocks for reason in suggestion.reasons if not reason.met}
    worst = max((SEVERITY[outcome] for outcome in blocked), default=0)
    assert SEVERITY[suggestion.outcome] == worst


@given(stages())
def test_what_is_not_judged_counts_as_not_met(entries):
    said = [replace(one, state=str(STATES[one.kind][0]), rating=None, excused=False) for one in entries]
    counts = gates.count(said)
    assert counts.judged == counts.rules_met == counts.items_done == counts.points == 0


@pytest.mark.parametrize("around", [Around(overdue=1), Around(broken_earlier_rules=1), Around(reopened=1)])
def test_what_else_weighs_on_the_gate_asks_for_conditions(around):
    assert outcome([], around=around) == Outcome.GO_WITH_CONDITIONS


def test_an_unmet_exit_criterion_asks_for_conditions():
    counts = gates.with_criteria(gates.count([]), 1)
    assert gates.suggest(counts, threshold=70).outcome == Outcome.GO_WITH_CONDITIONS


@pytest.mark.parametrize(
    ("kind", "state", "rating"), [("rule", "met", None), ("question", "rated", 2), ("question", "rated", 3)]
)
def test_without_evidence_it_is_a_re_check_and_not_judged(kind, state, rating):
    bare = Entry("a", "A", kind, True, state, rating, proof=0)
    assert (bare.recheck, bare.judged, bare.fulfilled) == (True, False, False)
    assert replace(bare, proof=1).judged


def test_a_rating_of_0_or_1_needs_no_evidence():
    assert all(Entry("a", "A", "question", True, "rated", rating, proof=0).judged for rating in (0, 1))


@pytest.mark.parametrize("suggested", list(Outcome))
@pytest.mark.parametrize("rules_unmet", [0, 1])
def test_what_a_manager_may_decide(suggested, rules_unmet):
    def may(outcome: Outcome) -> bool:
        return gates.allowed(outcome, suggested=suggested, rules_unmet=rules_unmet)

    assert may(Outcome.NO_GO)
    assert may(Outcome.GO) == (suggested == Outcome.GO)
    assert may(Outcome.GO_WITH_CONDITIONS) == (rules_unmet == 0)


def test_the_score_shows_only_when_all_required_questions_are_rated():
    rated = Entry("a", "A", "question", True, "rated", 1)
    unrated = Entry("b", "B", "question", True, "open")
    assert gates.count([rated]).score_shown
    assert not gates.count([rated, unrated]).score_shown


@given(stages(), st.data())
def test_a_waiver_never_makes_it_worse(entries, data):
    if not entries:
        return
    at = data.draw(st.integers(0, len(entries) - 1))
    without, excused = ([*entries[:at], replace(entries[at], excused=it), *entries[at + 1 :]] for it in (False, True))
    assert SEVERITY[outcome(excused)] <= SEVERITY[outcome(without)]
    assert gates.count(excused).rules_met == gates.count(without).rules_met


@given(stages())
def test_a_waiver_changes_nothing_but_unmet_golden_rules(entries):
    """What is met needs none, and it never changes what an answer says or whether it counts as judged."""
    bare = [replace(one, excused=False) for one in entries]
    waived = [replace(one, excused=one.kind != "rule" or one.holds) for one in entries]
    assert gates.count(waived) == gates.count(bare)
    assert gates.shortest_path(waived) == gates.shortest_path(bare)


@given(stages())
def test_with_every_rule_excused_none_forbids(entries):
    counts = gates.count(replace(one, excused=True) for one in entries)
    assert counts.rules_unmet == 0
    assert counts.rules == counts.rules_met + counts.waived
    assert gates.suggest(counts, threshold=70).reasons[0].met


def test_a_waived_rule_asks_for_nothing_more():
    rule = Entry("a", "A", "rule", True, "not_met", excused=True)
    assert (rule.waived, rule.fulfilled, rule.judged, rule.state) == (True, True, True, "not_met")
    assert gates.shortest_path([rule]) == ()
    lapsed = Entry("a", "A", "rule", True, "met", proof=0, excused=True)
    assert (lapsed.recheck, lapsed.judged, lapsed.waived) == (True, False, True)
