"""A listener on this machine and a secret in a file: no text that people type makes a report ask for either."""

import http.server
import io
import threading
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from celery import current_app
from django.core.files.base import ContentFile

from checklists import documenting, evidencing, starting
from checklists.proofs import Proof
from reviews import canonical, paper, render_child
from reviews.models import Outcome
from reviews.paper import Record
from stages.models import Service
from tests.reviews import papers, walking
from tests.reviews.papers import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.stricter_engine]
SECRET = "the-secret-of-this-file"
# What of a sealed record is a word of a fixed set, a date, a digest or a name that links; all else is somebody's text.
FIXED = {
    "state",
    "kind",
    "slug",
    "slugs",
    "rule",
    "own",
    "form",
    "sha256",
    "snapshot",
    "key",
    "blocks",
    "outcome",
    "what",
}
FIXED |= {"about", "origin", "language", "requirements", "on", "before", "after"}
FIXED_ENDINGS = ("_at", "_on", "_from", "_until")


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
    """By way of the forms' functions, with what they clean and cut."""
    secret = secret_in(tmp_path)
    record = baited(service, cast, baits(canary, secret), f"http://127.0.0.1:{canary.server_port}/evidence.pdf")
    assert_it_reaches_nothing(record, canary, tmp_path, at_least=16)


def test_no_text_of_a_record_reaches_out(cast, planned_on, canary, tmp_path):
    """Whatever got into it, and by whatever way: names, conditions, waivers, the playbook's own words."""
    edition = walking.small_edition()
    told = {"by": cast.designer, "team": cast.team, "edition": edition, "planned_on": planned_on}
    service = starting.start(**told, name="Parking permit")
    rule, item = walking.first(service, "rule"), walking.first(service, "item")
    walking.fulfil(service, cast.designer, cast.second_designer, without=[rule.slug])
    walking.waive(service, rule, cast.designer, cast.manager)
    owed = [walking.demand(cast.designer, requirements=[item])]
    review = walking.ask(service, cast.designer, note="Please look at the dates.")
    walking.say(service, item, cast.designer, state="open")
    walking.sign(review, cast.manager, Outcome.GO_WITH_CONDITIONS, owed)
    signed = papers.of(walking.supersede(review, cast.second_manager, Outcome.GO_WITH_CONDITIONS, owed))
    web = f"http://127.0.0.1:{canary.server_port}"
    bait = f"\"'></style><img src={web}/a><object data=file://{secret_in(tmp_path)}></object>"
    bait += f"<style>@import '{web}/b'</style>"
    told = {name: canonical.load(getattr(signed, name)) for name in ("snapshot", "decision")}
    texts = {name: canonical.text(with_bait(content, bait)) for name, content in told.items()}
    assert_it_reaches_nothing(replace(signed, **texts), canary, tmp_path, at_least=100)


def secret_in(folder: Path) -> str:
    (folder / "secret.txt").write_text(SECRET)
    return str(folder / "secret.txt")


def with_bait(value: Any, bait: str, key: str = "") -> Any:
    """The same record, all of whose texts are bait."""
    if isinstance(value, dict):
        return {name: with_bait(one, bait, name) for name, one in value.items()}
    if isinstance(value, list):
        return [with_bait(one, bait, key) for one in value]
    return bait if isinstance(value, str) and key not in FIXED and not key.endswith(FIXED_ENDINGS) else value


def assert_it_reaches_nothing(record: Record, canary: Listener, folder: Path, *, at_least: int) -> None:
    """Its PDF, made in this process, where there is a network to reach, asks for nothing and has nothing in it."""
    html = paper.html(record, "en")
    assert html.replace("\u200b", "").count("&lt;object data=") >= at_least, "the bait is in the record"
    render_child.render(html, folder / "report.pdf")
    assert canary.connections == []
    pdf = (folder / "report.pdf").read_bytes()
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
