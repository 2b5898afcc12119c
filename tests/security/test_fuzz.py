"""Made-up inputs: each is taken or refused with a sentence, and none is a fault. `make fuzz` tries many more."""

import random
import time
from functools import partial

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import Context, Template
from django.urls import reverse

from accounts.refusals import Refusal
from checklists import plaintext, uploads
from stages import playbook_file
from stages.faults import BrokenPlaybook, Fault
from tests.architecture.policy import POLICY
from tests.security import made_up, visiting

SHORT = {"texts": 1000, "uploads": 300, "playbooks": 80, "forms": 150}
FULL = {"texts": 20_000, "uploads": 2_000, "playbooks": 5_000, "forms": 10_000}
SHOWN = Template("<p>{{ text|linebreaksbr }}</p>")
INVISIBLE = set("\x00\u200b\u202e\u2066\ufeff")


@pytest.fixture
def chances(request, record_testsuite_property):
    """`chances(kind)`: as many sources of chance as there are to be tried, each with its own seed to repeat it by."""

    def of(kind: str):
        full = request.config.getoption("--fuzz")
        first, count = (int(time.time()) * 100_000, FULL[kind]) if full else (0, SHORT[kind])
        record_testsuite_property("cases", count)
        return ((seed, random.Random(seed)) for seed in range(first, first + count))

    return of


def test_texts(chances):
    """Kept text hides nothing, is as long as it may be, and is shown as text."""
    for seed, chance in chances("texts"):
        typed = made_up.text(chance)
        try:
            kept = plaintext.cleaned(typed)
        except Refusal:
            continue
        assert not INVISIBLE & set(kept), seed
        assert len(kept) <= plaintext.LIMIT, seed
        shown = SHOWN.render(Context({"text": kept})).removeprefix("<p>").removesuffix("</p>")
        assert "<" not in shown.replace("<br>", ""), seed


def test_uploads(chances):
    taken = 0
    for seed, chance in chances("uploads"):
        name, content = made_up.upload(chance)
        try:
            upload = uploads.examined(SimpleUploadedFile(name or "x", content))
        except Refusal:
            continue
        assert not upload.media_type.startswith(("text/html", "image/svg")), seed
        assert not set(upload.name) & set('/\\\r\n\x00"'), seed
        assert not upload.stored_name.endswith((".html", ".svg", ".exe")), seed
        taken += 1
    assert taken > 10


def test_playbooks(chances):
    """A file is read, or refused with the place of each fault, and neither takes long."""
    refused = 0
    for seed, chance in chances("playbooks"):
        written = made_up.playbook(chance)
        began = time.process_time()
        refused += bool(faults_of(written))
        assert time.process_time() - began < 2, seed
    assert refused > 10


def faults_of(written: str) -> list[Fault]:
    try:
        playbook_file.read(written)
    except BrokenPlaybook as broken:
        return broken.faults
    return []


@pytest.mark.stricter_engine
@pytest.mark.django_db
def test_forms(chances, furnished, arrived):
    """Every page, by anybody, with anything in its form or its address: an answer, and never a fault."""
    names, fields = sorted(POLICY), made_up.fields()
    broken, statuses = [], set()
    for seed, chance in chances("forms"):
        name, actor = chance.choice(names), chance.choice(("designer", "manager", "administrator", *visiting.ACTORS))
        address, told, client = (
            reverse(name, kwargs=furnished.kwargs(name)),
            made_up.body(chance, fields),
            arrived[actor],
        )
        send = client.post if "POST" in POLICY[name].methods and chance.random() < 0.8 else client.get
        if send == client.post and chance.random() < 0.2:
            told["proof_file"] = told["file"] = SimpleUploadedFile(*made_up.upload(chance))
        hurried = {"HTTP_HX_REQUEST": "true"} if chance.random() < 0.3 else {}
        response, _written = visiting.ask(client, partial(send, address, told, **hurried))
        statuses.add(response.status_code)
        if response.status_code >= 500:
            broken.append(
                f"{seed}: {actor} {send.__name__} {name}: {response.status_code} {getattr(response, 'exc_info', '')}"
            )
    assert not broken, "\n".join(broken)
    assert {200, 302, 404, 422} <= statuses
