"""The child that makes the PDF: what it may fetch, how much it may use, and what is left of it."""

import http.server
import io
import os
import threading
import time

import pikepdf
import pytest

from jobs import limits
from reviews import paper, render_child, rendering
from reviews.rendering import MIB, Allowance, CannotRender
from tests.reviews import papers, walking
from tests.reviews.papers import text_of

pytestmark = pytest.mark.any_engine


def test_nothing_outside_is_fetched(tmp_path):
    """An address of this machine and a file of it: neither is asked for."""
    asked: list[str] = []

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            pass

    secret = tmp_path / "secret.txt"
    secret.write_text("the secret")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        html = (
            f"<html lang=en><title>x</title><link rel=stylesheet href={address}/a.css>"
            f"<style>@import url({address}/b.css);p{{background:url({address}/c.png)}}</style>"
            f"<p><img alt=x src={address}/d.png><img alt=x src=file://{secret}>"
            f"<a rel=attachment href=file://{secret}>y</a>"
        )
        render_child.render(html, tmp_path / "unconfined.pdf")  # here, where there is a network to reach
        made = rendering.pdf(html)
        server.shutdown()
    assert asked == []
    for pdf in ((tmp_path / "unconfined.pdf").read_bytes(), made.pdf):
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            assert len(opened.attachments) == 0
        assert "the secret" not in "".join(text_of(pdf))


def test_a_child_out_of_time_is_ended():
    endless = "<html lang=en><title>x</title><p style='overflow-wrap:anywhere'>" + "x" * 200_000
    with pytest.raises(CannotRender, match="more time or memory"):
        rendering.pdf(endless, allowance=Allowance(seconds=1))


def test_a_child_out_of_memory_is_ended():
    much = "<html lang=en><title>x</title><p>" + "x" * 30_000_000
    with pytest.raises(CannotRender, match="more time or memory"):
        rendering.pdf(much, allowance=Allowance(memory=220 * MIB))


def test_a_file_too_large_is_not_written():
    with pytest.raises(CannotRender, match="more time or memory"):
        rendering.pdf("<html lang=en><title>x</title><p>Much", allowance=Allowance(file=1000))


def test_a_lost_lease_ends_the_child(monkeypatch):
    monkeypatch.setattr("jobs.limits.RENEW", 0.1)
    with pytest.raises(rendering.LeaseLost):
        rendering.pdf("<html lang=en><title>x</title><p>Some" * 1000, hold=lambda: False)


def test_what_a_killed_worker_left_is_taken_away(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    for name, age in (("left", limits.ATTEMPT + 60), ("at-work", limits.ATTEMPT - 60)):
        (tmp_path / f"{rendering.FOLDER}{name}").mkdir()
        (tmp_path / f"{rendering.FOLDER}{name}" / "report.pdf").write_bytes(b"%PDF")
        os.utime(tmp_path / f"{rendering.FOLDER}{name}", (time.time() - age,) * 2)
    rendering.pdf("<html lang=en><title>x</title><p>Short")
    assert [path.name for path in tmp_path.iterdir()] == [f"{rendering.FOLDER}at-work"]


def test_without_pango_the_sentence_says_what_to_install():
    with pytest.raises(CannotRender, match="apt-get install libpango"):
        rendering._judge(render_child.NO_PANGO, b"")


def test_one_endless_word_is_rendered_within_a_moment(cast, service):
    walking.say(service, walking.first(service, "item"), cast.designer, state="done", note="w" * 4000)
    review = walking.ask(service, cast.designer)
    html = paper.html(papers.undecided(review), "en")
    assert "w" * 41 not in html
    assert rendering.pdf(html, allowance=Allowance(seconds=20)).pdf.startswith(b"%PDF")


def test_texts_of_very_many_lines_are_rendered_within_a_moment(cast, service):
    """Else twelve notes of one letter a line, which is what fits, keep a sealed record off paper for ever."""
    for item in [one for one in walking.asked(service) if one.kind == "item"][:12]:
        walking.say(service, item, cast.designer, state="done", note="x\n" * 2400 + "The end.")
    html = paper.html(papers.undecided(walking.ask(service, cast.designer)), "en")
    made = rendering.pdf(html, allowance=Allowance(seconds=30)).pdf
    assert "".join(text_of(made)).count("The end.") == 12
