"""Answering in place: the row comes back as a fresh load would show it, and nothing typed is lost."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from checklists import answering, evidencing
from checklists.models import Answer, Evidence
from checklists.proofs import Proof
from tests.reviews.bench import row, without_tokens

NOTE = Proof(form="note", text="Seen in the test report.")


# -- the fragment is what the page would show ---------------------------------------------------------------


def answers(sheet):
    rule, item = sheet.of_kind("rule")[1], sheet.of_kind("item")[1]
    question = next(one for one in sheet.of_kind("question") if one.required)
    return [
        (rule, {"state": "met", "proof_text": "Seen in the test report."}),
        (rule, {"state": "not_met"}),
        (item, {"state": "done"}),
        (item, {"state": "not_applicable", "reason": "There is no paper channel."}),
        (question, {"rating": "1", "text": "Started in May."}),
        (question, {"rating": "3", "proof_address": "https://example.org/report"}),
        (question, {"state": "open"}),
    ]


@pytest.mark.parametrize("which", range(7))
def test_the_row_after_a_swap_is_the_row_of_a_fresh_load(desk, sheet, which):
    requirement, said = answers(sheet)[which]
    response = desk.post(requirement, seen="0", **said)
    assert response.status_code == 200
    assert row(response.content.decode(), requirement.slug) == row(desk.page(), requirement.slug)


def test_evidence_that_is_older_than_what_stands_there_is_shown_in_its_place(desk, sheet, service, cast):
    first, second = sheet.of_kind("rule")[:2]
    older, _newer = (
        evidencing.attach(by=cast.designer, service=service, requirement=one, proof=Proof(form="note", text=text))
        for one, text in ((first, "Seen in May."), (second, "Seen in June."))
    )
    said = {"seen": "0", "state": "met", "proof_piece": str(older.pk), "panel": "open"}
    swapped, page = desk.post(second, **said).content.decode(), desk.page(desk.url(second))
    told = [re.findall(r"Seen in \w+\.", row(html, second.slug)) for html in (swapped, page)]
    assert told[0] == told[1] != []
    assert told[0][0] == "Seen in May."


def test_every_other_row_stays_as_it_is(desk, sheet, item):
    before = desk.page()
    desk.post(item, seen="0", state="done")
    after = desk.page()
    others = [one.slug for one in sheet.requirements if one != item]
    assert [row(before, slug) for slug in others] == [row(after, slug) for slug in others]


def element(html, tag, mark):
    found = re.search(rf"<{tag}\b[^>]*{mark}[^>]*>.*?</{tag}>", html, re.DOTALL)
    return without_tokens(found.group(0).replace(' hx-swap-oob="true"', ""))


def test_gate_counts_chips_and_criteria_come_with_the_row(desk, item):
    fragment = desk.post(item, seen="0", state="done").content.decode()
    page = desk.page()
    for tag, mark in [
        ("aside", 'id="gate"'),
        ("p", 'id="item-count"'),
        ("span", 'id="count-open"'),
        ("span", 'id="count-blocking"'),
        ("ul", 'id="criteria"'),
    ]:
        assert element(fragment, tag, mark) == element(page, tag, mark)


def test_on_the_page_of_one_requirement_only_the_gate_comes_along(desk, item):
    fragment = desk.post(item, behind=desk.url(item), seen="0", state="done").content.decode()
    assert 'id="gate"' in fragment
    assert 'id="item-count"' not in fragment


def test_a_narrowed_page_keeps_its_filter(desk, item):
    fragment = desk.post(item, behind=f"{desk.bench}?show=open", seen="0", state="done").content.decode()
    assert row(fragment, item.slug)
    assert 'id="criteria"' not in fragment


# -- met, and what stands behind it ------------------------------------------------------------------------


def test_met_without_evidence_asks_for_it_in_the_row(desk, rule):
    response = desk.post(rule, seen="0", state="met")
    html = response.content.decode()
    assert response.status_code == 422
    assert "What stands behind it?" in html
    assert re.search(r'name="state" value="met">\s*Save as “met”', html)
    assert not Answer.objects.exists()


def test_note_and_state_are_saved_in_one_step(desk, rule, cast):
    assert desk.post(rule, seen="0", state="met", panel="asked", proof_text="Report of May.").status_code == 200
    answer = Answer.objects.get()
    assert (answer.state, answer.recorded_by, answer.evidence.get().text) == ("met", cast.designer, "Report of May.")


def test_asked_without_javascript_on_a_page_of_its_own(desk, rule):
    response = desk.post_plainly(rule, seen="0", state="met")
    html = response.content.decode()
    assert response.status_code == 422
    assert "<!doctype html>" in html
    assert "What stands behind it?" in html


@pytest.mark.parametrize("rating", ["2", "3"])
def test_a_good_rating_asks_too(desk, question, rating):
    response = desk.post(question, seen="0", rating=rating)
    assert response.status_code == 422
    assert f"Save as “{rating}”" in response.content.decode()


def test_not_applicable_asks_for_the_reason(desk, item):
    response = desk.post(item, seen="0", state="not_applicable")
    html = response.content.decode()
    assert response.status_code == 422
    assert "Say why it does not apply." in html
    assert 'name="reason"' in html


def test_a_file_goes_with_the_answer(desk, rule):
    file = SimpleUploadedFile("report.txt", b"All passed.", "text/plain")
    assert desk.post(rule, seen="0", state="met", proof_file=file).status_code == 200
    assert Evidence.objects.get().file_name == "report.txt"


def test_a_refused_file_says_why_and_keeps_what_was_typed(desk, rule):
    file = SimpleUploadedFile("page.html", b"<script>", "text/html")
    response = desk.post(rule, seen="0", state="met", note="Half a sentence", panel="open", proof_file=file)
    html = response.content.decode()
    assert response.status_code == 422
    assert "Files of this type are not taken." in html
    assert "Half a sentence" in html
    assert not Evidence.objects.exists()


def test_the_note_typed_in_an_open_panel_goes_with_the_button(desk, rule):
    response = desk.post(rule, seen="0", state="not_met", note="Waiting for the audit.", panel="open")
    assert Answer.objects.get().note == "Waiting for the audit."
    assert 'name="panel" value="open"' in response.content.decode()


def test_text_that_is_too_long_comes_back_with_the_reason(desk, item):
    response = desk.post(item, seen="0", note="x" * 5001, panel="open")
    html = response.content.decode()
    assert response.status_code == 422
    assert "5001 characters, at most 5000" in html
    assert "x" * 5001 in html


# -- without JavaScript --------------------------------------------------------------------------------------


def test_without_javascript_one_comes_back_to_the_row(desk, item):
    response = desk.post_plainly(item, seen="0", state="done")
    assert response.status_code == 302
    assert response.url == f"{desk.bench}#{item.slug}"


@pytest.mark.parametrize("headers", [{"Referer": "http://["}, {"HX-Request": "true", "HX-Current-URL": "http://["}])
def test_from_an_address_that_is_none_it_counts_all_the_same(desk, item, headers):
    response = desk.client.post(desk.url(item, "answer/"), {"seen": "0", "state": "done"}, headers=headers)
    assert response.status_code == (200 if "HX-Request" in headers else 302)
    assert Answer.objects.get().state == "done"


def test_from_its_own_page_one_comes_back_there(desk, item):
    response = desk.post_plainly(item, seen="0", note="Nearly.", panel="open")
    assert response.url == desk.url(item)


def test_the_page_of_a_requirement_shows_the_open_row(desk, rule):
    html = desk.page(desk.url(rule))
    assert row(html, rule.slug)
    assert 'name="proof_text"' in html
    assert f'action="{desk.url(rule)}answer/"' in html


def test_the_panel_is_the_row_opened(desk, rule):
    response = desk.client.get(desk.url(rule), headers={"HX-Request": "true"})
    assert row(response.content.decode(), rule.slug) == row(desk.page(desk.url(rule)), rule.slug)


# -- evidence by itself ------------------------------------------------------------------------------------------


def test_evidence_is_added_with_what_else_was_typed(desk, item):
    response = desk.post(item, "evidence/", seen="0", panel="open", proof_text="Minutes of May.", note="To follow up.")
    answer = Answer.objects.get()
    assert response.status_code == 200
    assert (answer.evidence.get().text, answer.note) == ("Minutes of May.", "To follow up.")


def test_adding_nothing_says_what_to_add(desk, item):
    response = desk.post(item, "evidence/", seen="0", panel="open", note="Still here")
    assert response.status_code == 422
    assert "Write a note, give a link or choose a file." in response.content.decode()
    assert "Still here" in response.content.decode()


def test_the_last_evidence_taken_off_turns_the_answer_to_re_check(desk, rule):
    desk.post(rule, seen="0", state="met", proof_text="Report of May.")
    piece = Evidence.objects.get()
    panel = desk.client.get(desk.url(rule), headers={"HX-Request": "true"}).content.decode()
    assert "the answer turns to re-check and counts as not judged" in panel
    response = desk.post(rule, f"evidence/{piece.pk}/remove/", seen="1", panel="open", note="Typed meanwhile")
    html = response.content.decode()
    assert response.status_code == 200
    assert "Re-check" in html
    assert "Typed meanwhile" in html
    assert "0 of 7 met" in html


def test_evidence_of_another_service_cannot_be_taken_off(desk, rule, service, cast, edition, planned_on):
    from checklists import starting

    other = starting.start(by=cast.outsider, team=cast.other_team, edition=edition, name="Bus", planned_on=planned_on)
    piece = evidencing.attach(by=cast.outsider, service=other, requirement=rule, proof=NOTE)
    assert desk.post(rule, f"evidence/{piece.pk}/remove/", seen="0").status_code == 404
    assert Answer.objects.get(service=other).evidence.count() == 1


@pytest.mark.parametrize("said", [{"state": "met"}, {"state": "not_met"}])
def test_answers_are_kept_by_who_pressed(colleague, rule, said, cast, service):
    answering.record(by=cast.designer, service=service, requirement=rule, seen=0, note="First.", proof=NOTE)
    colleague.post(rule, seen="1", **said)
    assert Answer.objects.get().recorded_by == cast.second_designer


def test_a_rule_whose_evidence_was_refused_can_still_be_saved_as_met(desk, rule):
    svg = SimpleUploadedFile("plan.svg", b"<svg/>", content_type="image/svg+xml")
    html = desk.post(rule, seen=0, state="met", panel="asked", proof_file=svg).content.decode()
    again = f'form="{rule.slug}-form" name="state" value="met">Save as “met”</button>'
    assert again in html
    assert f'id="{rule.slug}-attach"' not in html


def test_enter_in_a_field_presses_the_button_that_was_asked_about(desk, rule):
    html = desk.post(rule, seen=0, state="met").content.decode()
    first = re.search(r"<button[^>]*>", html).group()
    assert 'name="state" value="met"' in first


def test_what_was_typed_into_an_open_panel_stays_when_something_is_asked(desk, rule, item):
    html = desk.post(rule, seen=0, state="met", panel="open", note="Ask Nikos first").content.decode()
    assert "Ask Nikos first" in html
    html = desk.post(item, seen=0, state="not_applicable", panel="open", proof_text="In the minutes").content.decode()
    assert "In the minutes" in html


def test_a_state_nobody_knows_is_not_offered_again(desk, rule):
    response = desk.post(rule, seen=0, state="splendid")
    assert response.status_code == 422
    assert "Save as" not in response.content.decode()


def test_the_questions_say_what_their_ratings_mean(desk):
    assert "<b>0</b> not addressed" in desk.page()
    assert "<b>3</b> in place and shown" in desk.page()


def test_going_back_asks_for_the_page_again(desk):
    assert "no-store" in desk.client.get(desk.bench)["Cache-Control"]
