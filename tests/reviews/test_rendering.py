"""The PDF itself: opened, read, its tags walked."""

import io
import itertools

import pdfplumber
import pikepdf
import pytest
import zxingcpp

from checklists import waiving
from reviews import paper, rendering
from reviews.models import Decision
from reviews.paper import Record
from stages.models import Service
from tests.reviews import papers, walking
from tests.reviews.papers import text_of

pytestmark = pytest.mark.any_engine

GREEK, LITHUANIAN = "Πιστοποιητικό γέννησης με ώρες", "Gimimo įrašas, ąčęėįšųūž „taip“"


@pytest.fixture
def story(cast, service):
    """A service decided with a condition; Greek and Lithuanian in its name and notes."""
    Service.objects.filter(pk=service.pk).update(name=f"{LITHUANIAN} · {GREEK}")
    service.refresh_from_db()
    walking.lived(service, "story", lambda: tell(service, cast))
    found = Decision.objects.select_related("review__snapshot", "review__passage__service")
    return found.get()


def tell(service, cast) -> None:
    left = walking.first(service, "item").slug
    walking.fulfil(service, cast.designer, cast.second_designer, without=[left])
    walking.say(service, walking.first(service, "rule"), cast.designer, state="met", note=f"{GREEK}. " + "ž" * 500)
    review = walking.ask(service, cast.designer)
    demand = walking.demand(cast.second_manager, text="Rollback rehearsed under 30 minutes")
    walking.sign(review, cast.manager, "go_with_conditions", [demand], rationale=f"It holds. {GREEK}.")


@pytest.fixture
def record(story) -> Record:
    return papers.of(story)


@pytest.fixture
def pdf(record) -> bytes:
    return papers.printed(record)


def tags(element, found=None) -> list[tuple[str, pikepdf.Object]]:
    """Every element of the structure tree with its type, in reading order."""
    found = [] if found is None else found
    if isinstance(element, pikepdf.Array):
        for child in element:
            tags(child, found)
    elif isinstance(element, pikepdf.Dictionary):
        if "/S" in element:
            found.append((str(element.S), element))
        if "/K" in element:
            tags(element.K, found)
    return found


def test_page_one_says_what_was_decided_why_and_on_what(story, pdf):
    first = text_of(pdf)[0]
    for words in (
        *(LITHUANIAN, GREEK),
        *("Go with conditions", "Manager", "It holds.", "The rules suggested"),
        *("Not met: 1 required checklist item is open.", "Golden rules", "7 of 7 met"),
        *("Rollback rehearsed under 30 minutes", "Second manager", "due "),
        *(story.sha256, story.review.snapshot.sha256, "Page 1 of "),
    ):
        assert words in first, words
    rules = [one for one in walking.asked(story.review.passage.service) if one.kind == "rule"]
    assert [one.number for one in rules if f"{one.number} " not in first] == []


def test_page_one_holds_them_all_however_long_they_are(service, cast):
    """A long name, a long rationale and four long conditions: begun on page one, whole after the contents."""
    Service.objects.filter(pk=service.pk).update(name="Žuvininkystės leidimų atnaujinimo paslauga " * 2 + GREEK)
    left = walking.first(service, "item")
    walking.fulfil(service, cast.designer, cast.second_designer, without=[left.slug])
    demands = [
        walking.demand(cast.viewer, text=f"Demand {n}: " + "tell who does what by when " * 40, requirements=(left,))
        for n in range(4)
    ]
    why = "A reason that goes on. " * 150 + "It ends here."
    review = walking.ask(service, cast.designer)
    decision = walking.sign(review, cast.manager, "go_with_conditions", demands, rationale=why)
    first, *others = text_of(papers.printed(papers.short(decision)))
    rules = [one.number for one in walking.asked(service) if one.kind == "rule"]
    wanted = [*rules, *(f"Demand {n}" for n in range(4)), decision.sha256, review.snapshot.sha256, f"· {left.number}"]
    assert [one for one in wanted if one not in first] == []
    rest = " ".join(" ".join(others).split())
    assert "It ends here." in rest
    assert "It ends here." not in first
    assert all(f"Demand {n}: tell who does what" in rest for n in range(4))


def test_no_rationale_pushes_the_digest_off_page_one(service, cast):
    """Short, but of a hundred lines and more: run together there, whole with its lines after the contents."""
    walking.fulfil(service, cast.designer, cast.second_designer)
    review = walking.ask(service, cast.designer)
    decision = walking.sign(review, cast.manager, "go", rationale="n\no\n" * 80 + "the end")
    first, *others = text_of(papers.printed(papers.short(decision)))
    rules = [one.number for one in walking.asked(service) if one.kind == "rule"]
    assert [one for one in (*rules, decision.sha256, review.snapshot.sha256) if one not in first] == []
    assert "n o n o n o" in " ".join(first.split())
    assert "the end" in first
    assert any("n\no\nthe end" in page for page in others)


def test_page_one_names_every_waiver_however_long_it_is(service, cast):
    """Two waivers and two conditions: why, what instead, until when, who; whole after the contents."""
    rules = [one for one in walking.asked(service) if one.kind == "rule"][:2]
    walking.fulfil(service, cast.designer, cast.second_designer, without=[one.slug for one in rules])
    for number, rule in enumerate(rules):
        long = {
            "reason": f"Reason {number}: " + "the test is late " * 40,
            "measure": f"Measure {number}: " + "by hand " * 60,
        }
        asked = walking.ask_waiver(service, rule, cast.designer, **long)
        waiving.grant(by=cast.manager, waiver=asked, word="Agreed.")
    review = walking.ask(service, cast.designer)
    demands = [walking.demand(cast.viewer, text=f"Demand {n}: " + "tell who does what " * 40) for n in range(2)]
    decision = walking.sign(review, cast.second_manager, "go_with_conditions", demands)
    first, *others = text_of(papers.printed(papers.short(decision)))
    wanted = ["2 golden rules are waived", "Reason 0", "Measure 1", "Demand 1", "Waived", "5 of 7 met, 2 waived"]
    assert [one for one in wanted if one not in first] == []
    assert (first.count("waived until"), first.count("asked for by Designer")) == (2, 2)
    assert first.count("by hand") < 40
    assert "".join(others).count("by hand") >= 2 * 60


def test_page_one_says_what_was_mistaken_in_a_decision_before(story, cast):
    """In a frame, as the words of a person: begun there, whole after the contents."""
    mistake = "The report was about another service. " * 6 + "Nobody saw it."
    new = walking.supersede(story.review, cast.second_manager, mistake=mistake)
    first, second = (" ".join(page.split()) for page in text_of(papers.printed(papers.short(new)))[:2])
    assert "Supersedes the decision of Manager, " in first
    assert "UTC · Go with conditions What was mistaken, in the words of Second manager The report was about" in first
    assert ("Nobody saw it." in first, "Nobody saw it." in second) == (False, True)


def test_the_code_on_page_one_leads_to_the_page_that_verifies(story, settings):
    """Read from the page's picture, as a phone reads it from paper; the longest address an installation may have."""
    settings.ADDRESS = "https://readiness.digital-services.ministry-of-the-interior.example.org"
    pdf = papers.printed(papers.short(story))
    with pdfplumber.open(io.BytesIO(pdf)) as opened:
        seen = zxingcpp.read_barcodes(opened.pages[0].to_image(resolution=150).original)
    address = f"{settings.ADDRESS}/verify/{story.sha256}/"
    assert [code.text for code in seen] == [address]
    assert f"{settings.ADDRESS}/verify/" in "".join(text_of(pdf)[0].split())
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        figures = [element for kind, element in tags(opened.Root.StructTreeRoot.K) if kind == "/Figure"]
        assert [address in str(figure.Alt).replace("\u200b", "") for figure in figures] == [True]


def test_the_address_is_part_of_what_a_report_is_made_with(story, settings):
    before = rendering.pdf(paper.html(papers.short(story), "en")).made_with
    settings.ADDRESS = "https://launchkit.example.org"
    after = rendering.pdf(paper.html(papers.short(story), "en")).made_with
    assert (before["site"], after["site"]) == ("http://127.0.0.1:8000", "https://launchkit.example.org")
    assert before["html"] != after["html"]


def test_everything_the_record_holds_is_in_it(story, pdf):
    whole = " ".join(" ".join(text_of(pdf)).split())
    for one in walking.asked(story.review.passage.service):
        assert f"{one.number} {one.title}".split(" ")[0] in whole
    headings = ("Contents", "Checklist", "Deliverables", "Evaluation questions", "Evidence", "Exit criteria")
    assert [
        one for one in (*headings, "People and dates", "Digests", "Seen on the live system.") if one not in whole
    ] == []
    assert "ž" * 40 in whole


def test_the_same_record_gives_the_same_bytes(record, pdf):
    assert rendering.pdf(paper.html(record, "en")).pdf == pdf


def test_it_declares_what_it_is(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert str(opened.Root.Lang) == "en"
        assert bool(opened.Root.MarkInfo.Marked)
        assert bool(opened.Root.ViewerPreferences.DisplayDocTitle)
        with opened.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["dc:title"].startswith(f"Readiness report: {LITHUANIAN}")


def test_its_tag_tree_is_sound(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        tree = tags(opened.Root.StructTreeRoot.K)
        kinds = [kind for kind, _ in tree]
        headings = [int(kind[2:]) for kind in kinds if kind[1:2] == "H" and kind[2:].isdigit()]
        assert headings[0] == 1
        assert headings.count(1) == 1
        assert [(a, b) for a, b in itertools.pairwise(headings) if b > a + 1] == []
        assert [element for kind, element in tree if kind == "/Figure" and "/Alt" not in element] == []
        assert {"/L", "/LI", "/Link", "/P"} <= set(kinds)
        assert all(page.get("/StructParents") is not None for page in opened.pages)


def test_its_fonts_are_inside_and_its_links_lead_somewhere(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        fonts = [font for page in opened.pages for font in page.Resources.Font.values()]
        descriptors = [font.DescendantFonts[0].FontDescriptor for font in fonts if "/DescendantFonts" in font]
        assert len(descriptors) == len(fonts)
        assert all("/FontFile2" in one or "/FontFile3" in one for one in descriptors)
        links = [note for page in opened.pages for note in page.get("/Annots", []) if note.Subtype == "/Link"]
        inside = {str(note.Dest) for note in links if "/Dest" in note}
        names = {str(name) for name in opened.Root.Names.Dests.Names[::2]}
        assert len(inside) > 20
        assert inside <= names
        assert len(opened.Root.Outlines.First) > 0


def test_a_suggestion_is_not_called_a_decision(cast, service):
    review = walking.ask(service, cast.designer)
    html = paper.html(papers.undecided(review), "en")
    assert "Not decided; the rules suggest" in html
    assert "Digest of the decision" not in html
    assert html.count("stands against any go") > 20


def test_what_people_typed_is_escaped(cast, service):
    one = walking.first(service, "item")
    walking.say(service, one, cast.designer, state="done", note="<script>alert(1)</script><style>*{}</style>")
    review = walking.ask(service, cast.designer)
    html = paper.html(papers.undecided(review), "en")
    assert "&lt;script&gt;alert(1)" in html
    assert html.count("<style>") == 1
    assert "<script" not in html
