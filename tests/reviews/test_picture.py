"""What a sealed picture says on its own, on a later day. No database."""

from datetime import date

from checklists.gates import Outcome
from reviews import picture
from tests.reviews.test_changes import content, entry, piece, version

TODAY = date(2026, 6, 1)


def test_evidence_lapses_by_the_clock_alone():
    sealed = content(entry(evidence=[piece(valid_until="2026-06-01")]))
    assert picture.entries(sealed, TODAY)[0].recheck is False
    assert picture.entries(sealed, date(2026, 6, 2))[0].recheck is True
    assert picture.suggestion(sealed, on=TODAY, overdue=0).outcome == Outcome.GO
    assert picture.suggestion(sealed, on=date(2026, 6, 2), overdue=0).outcome == Outcome.NO_GO


def test_evidence_counts_from_its_day():
    sealed = content(entry(evidence=[piece(effective_from="2026-06-02")]))
    assert picture.entries(sealed, TODAY)[0].proof == 0


def test_overdue_conditions_and_broken_rules_weigh():
    assert picture.suggestion(content(), on=TODAY, overdue=1).outcome == Outcome.GO_WITH_CONDITIONS
    assert picture.suggestion(content(broken=1), on=TODAY, overdue=0).outcome == Outcome.GO_WITH_CONDITIONS


def test_criteria_are_computed_anew_or_taken_as_confirmed():
    sealed = content() | {
        "criteria": [
            {"slug": "none-overdue", "rule": {"rule": "conditions_closed"}, "met": True},
            {"slug": "by-hand", "rule": None, "met": False},
            {"slug": "not-said", "rule": None, "met": None},
        ]
    }
    assert [met for _, met in picture.criteria_met(sealed, on=TODAY, overdue=0)] == [True, False, None]
    assert [met for _, met in picture.criteria_met(sealed, on=TODAY, overdue=1)] == [False, False, None]
    assert picture.counts(sealed, on=TODAY, overdue=1).criteria_unmet == 2


def test_unmet_in_order_of_effect():
    item = entry(slug="c1", number="C1", kind="item", state="open", evidence=[])
    optional = entry(slug="c2", number="C2", kind="item", state="open", evidence=[], required=False)
    rule = entry(state="not_met")
    found = picture.unmet(content(optional, item, rule), TODAY)
    assert [(one.entry.number, one.blocks) for one in found] == [("R1", True), ("C1", False), ("C2", False)]


def test_recorders_are_authors_and_senders_but_not_approvers():
    ona, nikos, marta = ({"id": pk, "name": name} for pk, name in ((1, "Ona"), (2, "Nikos"), (3, "Marta")))
    sent = version(1, "approved") | {"sent_by": nikos, "judged_by": marta}
    drafted = version(1, "draft") | {"sent_by": None, "written_by": marta}
    sealed = content(
        entry(recorded_by=ona),
        entry(slug="plan", number="D1", kind="deliverable", recorded_by=marta, document=sent),
        entry(slug="text", number="D2", kind="deliverable", recorded_by=marta, document=drafted),
        entry(slug="open", number="C1", kind="item", state="open"),
    )
    assert picture.recorders(sealed) == {1: ["R1"], 2: ["D1"]}
