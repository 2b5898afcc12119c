"""When entries should be done: the rule, on any plan."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from checklists import timetable
from checklists.timetable import ORDER, Asked, Span

MONDAY = date(2026, 3, 2)
SATURDAY = 5
dates = st.dates(date(2020, 1, 1), date(2060, 1, 1))
lengths = st.integers(1, 900)
kinds = st.lists(st.sampled_from(ORDER), min_size=1, max_size=60)


def asked(some) -> list[Asked]:
    return [Asked(f"{kind}-{place}", kind, place) for place, kind in enumerate(some)]


def test_the_kinds_follow_each_other():
    entries = asked(["rule", "rule", "item", "item", "deliverable", "question"])
    span = Span(MONDAY, MONDAY + timedelta(days=89))
    assert timetable.days(entries, span) == {
        "deliverable-4": date(2026, 3, 20),  # a quarter of 82 days is a Sunday: the Friday before
        "item-2": date(2026, 4, 2),
        "item-3": date(2026, 4, 10),
        "rule-0": date(2026, 4, 22),
        "rule-1": date(2026, 5, 1),
        "question-5": date(2026, 5, 22),  # a week before the end
    }


def test_the_last_stage_prepares_the_launch():
    assert timetable.spans(2, today=MONDAY, planned=MONDAY + timedelta(days=100)) == [
        Span(MONDAY, MONDAY + timedelta(days=60)),
        Span(MONDAY + timedelta(days=61), MONDAY + timedelta(days=100)),
    ]
    build, preparing = timetable.spans(2, today=MONDAY, planned=MONDAY + timedelta(days=400))
    assert (preparing.last - build.last).days == 56


def test_a_day_that_passed_leaves_nothing_to_share():
    assert timetable.spans(2, today=MONDAY, planned=MONDAY) == []
    assert timetable.spans(0, today=MONDAY, planned=MONDAY + timedelta(days=9)) == []


@given(first=dates, length=lengths, some=kinds)
def test_every_entry_has_a_weekday_of_its_stage(first, length, some):
    span = Span(first, first + timedelta(days=length))
    found = timetable.days(asked(some), span)
    assert len(found) == len(some)
    assert all(day.weekday() < SATURDAY for day in found.values())
    assert all(first <= day <= max(span.last, first + timedelta(days=2)) for day in found.values())


@given(first=dates, length=lengths, some=kinds)
def test_no_kind_begins_before_the_one_it_rests_on_ends(first, length, some):
    found = timetable.days(asked(some), Span(first, first + timedelta(days=length)))
    by_kind = {kind: [day for slug, day in found.items() if slug.startswith(kind)] for kind in ORDER}
    there = [days for kind in ORDER if (days := by_kind[kind])]
    assert all(max(before) <= min(after) for before, after in pairwise(there))


@given(stages=st.integers(1, 6), today=dates, length=lengths)
def test_the_stages_follow_each_other_up_to_the_planned_day(stages, today, length):
    found = timetable.spans(stages, today=today, planned=today + timedelta(days=length))
    assert (len(found), found[0].first, found[-1].last) == (stages, today, today + timedelta(days=length))
    assert all(one.first <= one.last for one in found)
    assert all(one.last <= other.first + timedelta(days=1) for one, other in pairwise(found))


@given(today=dates, length=lengths, days=st.integers(0, 400))
def test_a_later_launch_makes_nothing_due_earlier(today, length, days):
    entries = asked(ORDER)
    spans = (
        timetable.spans(2, today=today, planned=today + timedelta(days=whole)) for whole in (length, length + days)
    )
    sooner, later = ([timetable.days(entries, span) for span in some] for some in spans)
    assert all(before[slug] <= after[slug] for before, after in zip(sooner, later, strict=True) for slug in before)
