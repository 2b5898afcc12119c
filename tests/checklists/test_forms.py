"""What a request says, as the domain is told it: not sent means keep, sent empty means empty."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from checklists.forms import AnswerForm, AttachForm, DocumentForm
from checklists.models import Evidence, State
from checklists.press_forms import PressForm
from stages.models import Kind, Requirement

QUESTION, ITEM = Requirement(kind=Kind.QUESTION, slug="q"), Requirement(kind=Kind.ITEM, slug="i")


def answer(data, files=None, requirement=QUESTION, form=AnswerForm):
    return form(requirement, data, files or {})


def said(data, **options):
    form = answer(data, **options)
    assert form.is_valid(), form.errors
    return form.said()


def test_a_pressed_button_says_its_state_and_nothing_else():
    assert said({"seen": "3", "state": "done"}, requirement=ITEM) == {
        "seen": 3,
        "state": "done",
        "rating": None,
        "text": None,
        "reason": None,
        "note": None,
        "proof": None,
    }


def test_a_rating_means_rated():
    told = said({"seen": "0", "rating": "0"})
    assert (told["state"], told["rating"]) == ("rated", 0)


def test_an_undo_says_rated_with_its_rating():
    assert said({"seen": "4", "state": "rated", "rating": "2", "text": "Weekly."})["rating"] == 2


def test_what_was_emptied_is_empty():
    told = said({"seen": "1", "note": "  ", "text": ""})
    assert (told["note"], told["text"], told["reason"]) == ("", "", None)


def test_only_questions_take_ratings_and_words():
    told = said({"seen": "0", "rating": "3", "text": "words", "state": "done"}, requirement=ITEM)
    assert (told["rating"], told["text"], told["state"]) == (None, None, "done")


@pytest.mark.parametrize(
    ("sent", "form"),
    [
        ({"proof_text": "Minutes."}, Evidence.Form.NOTE),
        ({"proof_address": "https://example.org", "proof_text": "See page 3."}, Evidence.Form.LINK),
    ],
)
def test_the_part_that_is_filled_in_says_the_form(sent, form):
    proof = said({"seen": "0", "effective_from": "2026-05-01", "valid_until": "2026-06-01"} | sent)["proof"]
    assert (proof.form, proof.text) == (form, sent["proof_text"])
    assert (proof.effective_from, proof.valid_until) == (date(2026, 5, 1), date(2026, 6, 1))


def test_a_file_goes_with_a_note_about_it():
    proof = said({"seen": "0", "proof_text": "Page 3."}, files={"proof_file": SimpleUploadedFile("a.txt", b"x")})[
        "proof"
    ]
    assert (proof.form, proof.text, proof.file.name) == (Evidence.Form.FILE, "Page 3.", "a.txt")


def test_a_link_and_a_file_at_once():
    form = answer({"seen": "0", "proof_address": "https://e.org"}, {"proof_file": SimpleUploadedFile("a.txt", b"x")})
    assert list(form.errors) == ["proof_file"]


@pytest.mark.parametrize("field", ["effective_from", "valid_until"])
def test_a_day_that_is_none(field):
    assert list(answer({"seen": "0", field: "31 Foo"}).errors) == [field]


def test_to_attach_something_has_to_be_there():
    assert list(answer({"seen": "0", "note": "x"}, form=AttachForm).errors) == ["proof_text"]
    assert answer({"seen": "0", "proof_text": "x"}, form=AttachForm).is_valid()


@pytest.mark.parametrize(
    ("data", "files", "valid"),
    [
        ({"address": "https://example.org"}, {}, True),
        ({}, {"file": SimpleUploadedFile("a.txt", b"x")}, True),
        ({"title": "Plan"}, {}, False),
        ({"address": "https://example.org"}, {"file": SimpleUploadedFile("a.txt", b"x")}, False),
    ],
)
def test_a_version_is_a_link_or_a_file(data, files, valid):
    assert DocumentForm(data, files).is_valid() == valid


def test_fields_belong_to_the_form_of_their_row():
    form = AnswerForm(ITEM, holder="i-form", auto_id="i-%s")
    assert 'form="i-form"' in str(form["note"])
    assert 'id="i-note"' in str(form["note"])


NAMES = ["seen", "state", "rating", "text", "reason", "note", "proof_text", "proof_address", "valid_until", "panel"]


@given(st.dictionaries(st.sampled_from(NAMES), st.text(max_size=60)))
def test_nothing_sent_breaks_the_form(data):
    form = answer(data)
    assert form.is_valid() or form.errors
    if form.is_valid():
        assert form.said()["seen"] >= 0


PRESSED = st.fixed_dictionaries(
    {},
    optional={
        "seen": st.sampled_from(["0", "3", "-1", "x", ""]),
        "state": st.sampled_from([*State.values, "", "nothing"]),
        "rating": st.sampled_from(["0", "3", "4", "x", ""]),
    },
)


@given(PRESSED, st.sampled_from([ITEM, QUESTION]))
def test_a_pressed_button_is_read_as_the_whole_form_reads_it(data, asked):
    pressed, whole = PressForm(asked, data), answer(data, requirement=asked)
    assert (pressed.is_valid(), pressed.errors) == (whole.is_valid(), whole.errors)
    if whole.is_valid():
        assert pressed.said() | {"text": None, "reason": None, "note": None, "proof": None} == whole.said()
