"""What a report can be made of, by its digest."""

import pytest

from reviews import reports
from tests.reviews import walking


def test_choices_are_today_then_decisions_then_open_reviews(service, review, cast):
    decision = walking.sign(review, cast.manager)
    second = walking.passage_of(service, "go-live")
    choices = reports.choices(service)
    assert [choice.value for choice in choices] == ["today", decision.sha256]
    assert choices[0].title == f"{second.stage.title} as it is now"
    assert reports.record_of(service, decision.sha256) == decision
    assert reports.record_of(service, decision.review.snapshot.sha256) == decision.review.snapshot
    with pytest.raises(LookupError):
        reports.record_of(service, "0" * 64)
