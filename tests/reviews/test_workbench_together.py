"""Pressed twice, answered by two, taken back: nobody loses what they said."""

import re
from datetime import timedelta

import time_machine
from django.utils import timezone

from accounts.models import TrailEntry
from checklists.models import Answer, Evidence
from checklists.proofs import Proof
from tests.reviews.bench import row

NOTE = Proof(form="note", text="Seen in the test report.")


def test_a_double_click_is_one_answer(desk, item):
    statuses = [desk.post(item, seen="0", state="done").status_code for _ in range(2)]
    assert statuses == [200, 200]
    assert Answer.objects.get().version == 1
    assert TrailEntry.objects.filter(subject=item.subject).count() == 1


def test_another_was_faster(desk, colleague, item):
    colleague.post(item, seen="0", state="not_applicable", reason="There is no paper channel.")
    response = desk.post(item, seen="0", state="done", note="We saw it.", panel="open")
    html = response.content.decode()
    assert response.status_code == 409
    for said in ("As it is now", "Second designer", "There is no paper channel.", "What you sent", "We saw it."):
        assert said in html
    assert 'name="seen" value="1"' in html
    assert Answer.objects.get().state == "not_applicable"


def test_save_mine_is_taken_over_what_was_shown(desk, colleague, item):
    colleague.post(item, seen="0", state="not_applicable", reason="There is no paper channel.")
    desk.post(item, seen="0", state="done")
    assert desk.post(item, seen="1", state="done").status_code == 200
    assert (Answer.objects.get().state, Answer.objects.get().version) == ("done", 2)


def test_a_conflict_without_javascript_is_a_page(desk, colleague, item):
    colleague.post(item, seen="0", state="not_applicable", reason="There is no paper channel.")
    response = desk.post_plainly(item, seen="0", state="done")
    assert response.status_code == 409
    assert "<!doctype html>" in response.content.decode()


def test_what_is_offered_to_keep_theirs_is_the_row_as_it_is(desk, colleague, item):
    colleague.post(item, seen="0", state="done")
    fragment = desk.client.get(desk.url(item), {"panel": "closed"}, headers={"HX-Request": "true"})
    assert row(fragment.content.decode(), item.slug) == row(desk.page(), item.slug)


def undo_of(html, slug):
    """What the Undo of a row would send."""
    form = re.search(rf'<form\b(?:(?!</form>).)*id="{slug}-undo".*?</form>', row(html, slug))
    return form and dict(re.findall(r'name="(\w+)" value="([^"]*)"', form.group(0)[form.group(0).rindex("<form") :]))


def test_undo_says_what_was_there_before(desk, rule):
    desk.post(rule, seen="0", state="not_met", note="Not yet.")
    html = desk.post(rule, seen="1", state="met", proof_text="Now it is.").content.decode()
    sent = undo_of(html, rule.slug)
    assert sent == {"seen": "2", "state": "not_met", "rating": "", "text": "", "reason": "", "note": "Not yet."}
    assert desk.post(rule, **sent).status_code == 200
    assert (Answer.objects.get().state, Answer.objects.get().note) == ("not_met", "Not yet.")


def test_undo_is_offered_on_a_fresh_load_too_and_only_to_who_answered(desk, colleague, item):
    desk.post(item, seen="0", state="done")
    assert undo_of(desk.page(), item.slug)["state"] == "open"
    assert undo_of(colleague.page(), item.slug) is None


def test_undo_is_gone_once_another_has_answered(desk, colleague, item):
    desk.post(item, seen="0", state="done")
    colleague.post(item, seen="1", state="done", note="Seen, too.")
    assert undo_of(desk.page(), item.slug) is None


def test_undo_is_gone_after_a_while(desk, item):
    desk.post(item, seen="0", state="done")
    with time_machine.travel(timezone.now() + timedelta(minutes=16), tick=False):
        assert undo_of(desk.page(), item.slug) is None


def seen_in(html):
    return re.search(r'name="seen" value="([^"]*)"', html).group(1)


def test_what_was_typed_before_another_answered_stays_a_conflict_after_other_acts(desk, colleague, item):
    """Taking evidence off shows the row anew; the note typed beside it was still written without the new answer."""
    desk.post(item, "evidence/", seen="0", panel="open", proof_text="Minutes of May.")
    piece = Evidence.objects.get()
    colleague.post(item, seen="0", state="done", note="Theirs.")
    html = desk.post(item, f"evidence/{piece.pk}/remove/", seen="0", panel="open", note="Mine.").content.decode()
    assert (seen_in(html), "Mine." in html) == ("0", True)
    assert desk.post(item, seen=seen_in(html), note="Mine.", panel="open").status_code == 409
    assert Answer.objects.get().note == "Theirs."


def test_what_was_typed_on_the_current_answer_is_saved_after_other_acts(desk, item):
    desk.post(item, "evidence/", seen="0", panel="open", state="done", proof_text="Minutes of May.")
    piece = Evidence.objects.get()
    html = desk.post(item, f"evidence/{piece.pk}/remove/", seen="1", panel="open", note="Mine.").content.decode()
    assert seen_in(html) == "1"
    assert desk.post(item, seen="1", note="Mine.", panel="open").status_code == 200
