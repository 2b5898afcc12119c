from hypothesis import given
from hypothesis import strategies as st

from checklists.scoring import Score, score

RATINGS = st.lists(st.tuples(st.booleans(), st.none() | st.integers(0, 3)), max_size=30)


def test_a_required_question_weighs_double():
    assert score([(True, 3), (False, 1)]) == Score(points=7, possible=9)


def test_unrated_counts_as_zero():
    assert score([(True, None), (True, 3)]) == Score(points=6, possible=12)


def test_exactly_at_the_threshold_reaches_it():
    assert Score(70, 100).reaches(70)
    assert not Score(699, 1000).reaches(70)


def test_percent_never_rounds_up_to_the_threshold():
    assert Score(699, 1000).percent == 69


def test_nothing_to_rate_reaches_any_threshold():
    assert score([]).reaches(100)
    assert score([]).percent == 100


@given(RATINGS)
def test_points_stay_within_what_is_possible(ratings):
    result = score(ratings)
    assert 0 <= result.points <= result.possible


@given(RATINGS, st.integers(0, 100))
def test_reaching_agrees_with_the_exact_fraction(ratings, threshold):
    result = score(ratings)
    exact = result.points * 100 >= threshold * result.possible
    assert result.reaches(threshold) == exact
    if result.possible:
        assert (result.percent >= threshold) == exact


@given(RATINGS, st.data())
def test_a_better_rating_never_lowers_the_score(ratings, data):
    if not ratings:
        return
    at = data.draw(st.integers(0, len(ratings) - 1))
    required, rating = ratings[at]
    better = [*ratings[:at], (required, min(3, (rating or 0) + 1)), *ratings[at + 1 :]]
    assert score(better).points >= score(ratings).points
    assert score(better).possible == score(ratings).possible
