"""A listener on this machine and a secret in a file: no text that people type makes a report ask for either."""

import http.server
import io
import threading
import urllib.request
from collections.abc import Iterator

import pikepdf
import pytest
from celery import current_app
from django.core.files.base import ContentFile

from checklists import documenting, evidencing
from checklists.proofs import Proof
from reviews import paper, render_child
from reviews.models import Outcome
from reviews.paper import Record
from stages.models import Service
from tests.reviews import papers, walking
from tests.reviews.papers import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.any_engine]
SECRET = "the-secret-of-this-file"


class Listener(http.server.ThreadingHTTPServer):
    """Remembers every connection, whatever is asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler)
        self.connections: list[object] = []

    def verify_request(self, request: object, address: object) -> bool:
        self.connections.append(address)
        return False


@pytest.fixture
def canary() -> Iterator[Listener]:
    with Listener() as listener:
        threading.Thread(target=listener.serve_forever, daemon=True).start()
        yield listener
        listener.shutdown()


def baits(canary: Listener, secret: str) -> str:
    """Everything by which HTML, CSS or SVG names something to be fetched; ends elements that it may stand in."""
    web = f"http://127.0.0.1:{canary.server_port}"
    return "".join(
        f"</p></td></style></title>\"'>"
        f"<img src={one}/a.png><link rel=stylesheet href={one}/b.css><object data={one}></object>"
        f"<style>@import '{one}/c.css';*{{background:url({one}/d.png)}}@font-face{{src:url({one}/e)}}</style>"
        f"<svg><image href='{one}/f.png'/><use href='{one}#g'/></svg><link rel=attachment href='{one}'>"
        f"![]({one}/h.png) {one}/i "
        for one in (web, f"file://{secret}")
    )


def test_no_field_reaches_out(cast, service, canary, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET)
    record = baited(service, cast, baits(canary, str(secret)), f"http://127.0.0.1:{canary.server_port}/evidence.pdf")
    html = paper.html(record, "en")
    assert html.replace("\u200b", "").count("&lt;object data=http://127.0.0.1") >= 8, "the bait is in the record"
    render_child.render(html, tmp_path / "report.pdf")  # here, where there is a network to reach
    assert canary.connections == []
    pdf = (tmp_path / "report.pdf").read_bytes()
    assert SECRET not in "".join(text_of(pdf))
    assert SECRET.encode() not in pdf
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert len(opened.attachments) == 0
        assert "/JavaScript" not in opened.Root.get("/Names", {})


def baited(service: Service, cast, bait: str, address: str) -> Record:
    """A decision over a service whose every text is bait."""
    Service.objects.filter(pk=service.pk).update(name=bait[:120], summary=bait[:500])
    service.refresh_from_db()
    designer, rule = cast.designer, walking.first(service, "rule")
    link = Proof(form="link", title=bait[:200], address=address)
    walking.say(service, rule, designer, state="met", note=bait, proof=link)
    walking.say(service, walking.first(service, "question"), designer, state="rated", rating=1, text=bait)
    item, deliverable = (walking.first(service, kind) for kind in ("item", "deliverable"))
    walking.say(service, item, designer, state="not_applicable", reason=bait, note=bait)
    named = Proof(form="file", title=bait[:200], file=ContentFile(b"x", f"{bait[-60:].replace('/', '_')}.txt"))
    evidencing.attach(by=designer, service=service, requirement=rule, proof=named)
    documenting.add(by=designer, service=service, requirement=deliverable, title=bait[:200], address=address)
    other = next(one for one in walking.asked(service) if one.kind == "rule" and one != rule)
    walking.ask_waiver(service, other, designer, reason=bait[:1000], measure=bait[-1000:])
    decision = walking.sign(walking.ask(service, designer, note=bait), cast.manager, Outcome.NO_GO, rationale=bait)
    return papers.of(decision)


def test_the_listener_hears(canary):
    """Else silence would mean nothing."""
    with pytest.raises(OSError, match=r"closed|reset|status"):
        urllib.request.urlopen(f"http://127.0.0.1:{canary.server_port}/", timeout=5)
    assert len(canary.connections) == 1


def test_the_broker_brings_no_code():
    """Whoever writes to the queue can name a task of ours and the number of a row, and nothing else."""
    assert (current_app.conf.accept_content, current_app.conf.task_serializer) == (["json"], "json")
