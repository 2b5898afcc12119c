"""What counts as a change between two pictures, and what does not. No database."""

import copy

import pytest

from reviews import canonical, changes, picture
from reviews.changes import Change


def piece(sha256="a" * 64, title="Test report", effective_from="2026-01-01", valid_until=None):
    return {"sha256": sha256, "title": title, "effective_from": effective_from, "valid_until": valid_until}


def entry(slug="rule-one", number="R1", kind="rule", state="met", **more):
    told = {"slug": slug, "number": number, "kind": kind, "required": True, "state": state, "rating": None}
    told |= {"evidence": [piece()], "document": None, "recheck": False, "note": "", "recorded_by": None}
    return told | more


def content(*entries, conditions=(), broken=0, edition=1):
    return {
        "playbook": {"edition": edition, "threshold": 70},
        "entries": list(entries) or [entry()],
        "conditions": list(conditions),
        "criteria": [],
        "around": {"overdue": 0, "broken_earlier_rules": broken, "reopened": 0},
    }


def condition(pk=7, overdue=False):
    return {"id": pk, "number": 1, "overdue": overdue}


def version(number, state, sha256="d" * 64):
    return {"number": number, "state": state, "sha256": sha256, "sent_by": {"id": 3, "name": "Ona"}}


def between(before, after):
    return [(one.slug, one.what, one.before, one.after) for one in changes.between(before, after)]


def test_the_same_picture_has_no_changes():
    assert changes.between(content(), copy.deepcopy(content())) == ()


@pytest.mark.parametrize("more", [{"note": "Seen again."}, {"recorded_by": {"id": 4, "name": "Nikos"}}])
def test_notes_and_people_do_not_count(more):
    before, after = content(), content(entry(**more))
    assert changes.between(before, after) == ()
    assert picture.material(before) == picture.material(after)


def test_a_state_and_a_rating():
    rated = {"slug": "q", "number": "Q1", "kind": "question", "state": "rated"}
    before = content(entry(), entry(**rated, rating=2))
    after = content(entry(state="not_met"), entry(**rated, rating=1))
    assert between(before, after) == [
        ("rule-one", "state", "met", "not_met"),
        ("q", "state", "rated_2", "rated_1"),
    ]


def test_evidence_is_compared_by_content():
    other = piece(sha256="b" * 64, title="Second round")
    before, after = content(), content(entry(evidence=[other, piece(title="Renamed")]))
    assert between(before, after) == [("rule-one", "evidence", [], [{"sha256": "b" * 64, "title": "Second round"}])]
    assert between(after, before) == [("rule-one", "evidence", [{"sha256": "b" * 64, "title": "Second round"}], [])]


def test_a_version_counts_once_it_is_sent():
    def picture_with(document):
        return content(entry(slug="plan", kind="deliverable", state="draft", evidence=[], document=document))

    draft, sent = picture_with(version(1, "draft")), picture_with(version(1, "awaiting"))
    approved, newer = picture_with(version(1, "approved")), picture_with(version(2, "awaiting", "e" * 64))
    assert between(picture_with(None), draft) == []
    assert between(draft, sent) == [("plan", "document", None, {"number": 1, "sha256": "d" * 64})]
    assert between(sent, approved) == []
    assert between(approved, newer)[0][1] == "document"


def test_what_the_clock_alone_changes():
    before = content(conditions=[condition()])
    after = content(entry(recheck=True), conditions=[condition(overdue=True)])
    assert between(before, after) == [("rule-one", "recheck", False, True), ("condition-7", "overdue", False, True)]


def test_what_else_weighs_on_the_gate():
    before = content(conditions=[condition(7)])
    after = content(conditions=[condition(8)], broken=2, edition=2)
    found = changes.between(before, after)
    assert [(one.slug, one.what, one.before, one.after) for one in found] == [
        ("", "edition", 1, 2),
        ("condition-7", "condition", "open", None),
        ("condition-8", "condition", None, "open"),
        ("", "earlier", 0, 2),
    ]
    assert [one.what for one in found if one.material] == ["edition"]


def test_an_entry_that_one_side_does_not_ask_for():
    after = content(entry(), entry(slug="new-one", number="R2"))
    assert between(content(), after) == [("new-one", "entry", False, True)]


def test_changed_back_is_no_change():
    before = content()
    assert changes.between(before, content(entry(state="not_met"))) != ()
    assert changes.between(before, content(entry(state="met"))) == ()


def test_the_digest_tells_lists_apart():
    one, other = Change("a", "R1", "state", "met", "open"), Change("a", "R1", "state", "met", "not_met")
    digests = {changes.digest(found) for found in ((), (one,), (other,), (one, other), (other, one))}
    assert len(digests) == 5
    assert changes.digest((one,)) == changes.digest([Change(**one.as_json())])
    assert one.key != other.key


def test_canonical_text_does_not_depend_on_order():
    assert canonical.text({"b": 1, "a": "ė"}) == '{"a":"ė","b":1}'
    assert canonical.digest({"b": 1, "a": 2}) == canonical.digest({"a": 2, "b": 1})
    with pytest.raises(ValueError, match="JSON compliant"):
        canonical.text(float("nan"))


def test_texts_in_several_languages_come_back_as_such():
    loaded = canonical.load('{"title":{"own":"en","en":"Plan","lt":"Planas"},"owner":{"id":3,"name":"Ona"}}')
    assert str(loaded["title"]) == "Plan"
    assert loaded["title"].in_language("lt") == "Planas"
    assert loaded["owner"] == {"id": 3, "name": "Ona"}
