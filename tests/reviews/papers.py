"""The paper of a sealed record: what is printed, made once, and read as a browser reads it."""

import contextlib
import functools
from collections import Counter
from dataclasses import replace

import pypdfium2

from reviews import canonical, paper, rendering
from reviews.models import Decision, Review
from reviews.paper import Record
from stages.models import Kind

FEW = 2


def of(decision: Decision) -> Record:
    snapshot = decision.review.snapshot
    return Record(snapshot.content, snapshot.sha256, decision.content, decision.sha256)


def undecided(review: Review) -> Record:
    return Record(review.snapshot.content, review.snapshot.sha256)


def short(decision: Decision) -> Record:
    """The record with all its rules and few entries of each other kind: page one is as ever, few pages follow it."""
    record = of(decision)
    content = canonical.load(record.snapshot)
    named, kept = {step["slug"] for step in content["path"]}, Counter()
    for entry in list(content["entries"]):
        kept[entry["kind"]] += 1
        if entry["kind"] != Kind.RULE and entry["slug"] not in named and kept[entry["kind"]] > FEW:
            content["entries"].remove(entry)
    return replace(record, snapshot=canonical.text(content))


def printed(record: Record, language: str = "en") -> bytes:
    """The PDF. Several tests look at the same story's paper: it is made once."""
    return _made(paper.html(record, language))


@functools.cache
def _made(html: str) -> bytes:
    return rendering.pdf(html).pdf


def text_of(pdf: bytes) -> list[str]:
    """The text of each page, as a browser reads it; a hyphen at the end of a line comes as a sign of its own."""
    with contextlib.closing(pypdfium2.PdfDocument(pdf)) as opened:
        told = [page.get_textpage().get_text_range() for page in opened]
    return [text.translate({0x200B: None, ord("\r"): None, 0x02: "-", 0xFFFE: "-"}) for text in told]
