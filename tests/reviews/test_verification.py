"""What a digest tells to whoever holds it, and to nobody else; and what it tells when the record was altered."""

import hashlib
from functools import partial
from http import HTTPStatus

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse

from reviews import press, reporting, submitting, verification
from reviews.models import Decision, Report, Snapshot
from reviews.verification import ALTERED, AUTHENTIC, DECISION, FILE, SNAPSHOT, SUPERSEDED, WITHDRAWN
from tests.accounts import tampering
from tests.reviews import walking

NOBODYS = hashlib.sha256(b"nobody's").hexdigest()


@pytest.fixture
def anybody(client_for):
    return client_for()


@pytest.fixture
def decision(review, cast) -> Decision:
    sign = partial(walking.sign, review, cast.manager, rationale="Nobody outside reads this.")
    walking.lived(review.passage.service, "decision", sign)
    return Decision.objects.select_related("review__passage__service", "review__snapshot").get()


def page_of(digest: str) -> str:
    return reverse("reviews:verify_digest", args=[digest])


def found(digest: str) -> tuple[str, str]:
    finding = verification.of(digest)
    return finding.what, finding.state


def test_a_decision_and_its_picture_are_authentic(decision):
    assert found(decision.sha256) == (DECISION, AUTHENTIC)
    assert found(decision.review.snapshot.sha256) == (SNAPSHOT, AUTHENTIC)
    assert verification.of(decision.sha256).told == verification.of(decision.review.snapshot.sha256).told
    told = verification.of(decision.sha256).told
    assert (told.service, told.stage, told.round) == ("Birth certificate online", "Build", 1)
    assert (told.outcome, told.decided_at) == ("go", decision.decided_at)


def test_a_picture_nobody_decided_on_says_so(review, anybody):
    assert found(review.snapshot.sha256) == (SNAPSHOT, AUTHENTIC)
    assert verification.of(review.snapshot.sha256).told.outcome == ""
    page = anybody.get(page_of(review.snapshot.sha256)).content.decode()
    assert "A picture, not decided" in page
    assert "Authentic" in page


@pytest.mark.usefixtures("printed_before")
def test_the_file_of_a_report_is_known_by_its_own_digest(decision, cast, service):
    report = reporting.request(by=cast.viewer, service=service, record=decision, language="en")
    press.make(report.pk)
    report.refresh_from_db()
    with default_storage.open(report.file.name) as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    assert found(digest) == (FILE, AUTHENTIC)
    assert verification.of(digest).told.outcome == "go"


def test_a_later_decision_of_the_same_stage_supersedes_the_earlier_records(cast, service):
    first = walking.ask(service, cast.designer)
    refused = walking.sign(first, cast.manager, "no_go")
    assert found(refused.sha256) == (DECISION, AUTHENTIC)
    loose = reporting.request(by=cast.viewer, service=service, record=None, language="en").snapshot
    later = walking.sign(walking.ask(service, cast.designer), cast.manager, "no_go")
    for digest in (refused.sha256, first.snapshot.sha256, loose.sha256):
        assert verification.of(digest).state == SUPERSEDED
    assert found(later.sha256) == (DECISION, AUTHENTIC)


def test_a_decision_on_another_stage_supersedes_nothing(decision, cast, service):
    walking.sign(walking.ask(service, cast.designer, "go-live"), cast.manager, "no_go")
    assert found(decision.sha256) == (DECISION, AUTHENTIC)


def test_a_withdrawn_review_is_said(review, cast, anybody):
    submitting.withdraw(by=cast.designer, review=review)
    assert found(review.snapshot.sha256) == (SNAPSHOT, WITHDRAWN)
    assert "nothing was decided on it" in anybody.get(page_of(review.snapshot.sha256)).content.decode()


def swapped_for_another_text(record: Decision | Snapshot, before: str, after: str) -> str:
    """As somebody who may change the row does it: the digest beside the text is that of the new text."""
    assert before in record.content
    content = record.content.replace(before, after)
    sha256 = hashlib.sha256(content.encode()).hexdigest()
    tampering.lift()
    type(record).objects.filter(pk=record.pk).update(content=content, sha256=sha256)
    return sha256


@pytest.mark.parametrize("what", [DECISION, SNAPSHOT])
def test_another_text_with_its_own_digest_is_not_what_was_sealed(decision, anybody, what):
    """The trail, which is keyed, names another one; nothing is told by the new digest, and nothing of it."""
    record = decision if what == DECISION else decision.review.snapshot
    sha256 = swapped_for_another_text(record, 'e online","', 'e offline","')
    assert found(sha256) == (what, ALTERED)
    page = anybody.get(page_of(sha256)).content.decode()
    assert "is not what was sealed" in page
    assert "Birth certificate" not in page


@pytest.mark.parametrize("table", [Snapshot, Decision])
def test_an_altered_record_is_said_plainly_and_tells_nothing_else(decision, anybody, table):
    row = table.objects.get()
    assert 'e online","' in row.content
    tampering.lift()
    table.objects.update(content=row.content.replace('e online","', 'e offline","'))
    assert found(decision.sha256) == (DECISION, ALTERED)
    page = anybody.get(page_of(row.sha256)).content.decode()
    assert "is not what was sealed" in page
    assert "Authentic" not in page
    assert "Birth certificate" not in page


def test_an_outcome_altered_beside_the_sealed_text_changes_nothing(decision):
    tampering.lift()
    Decision.objects.update(outcome="no_go")
    assert verification.of(decision.sha256).told.outcome == "go"


def test_a_decision_moved_to_another_picture_is_altered(decision, cast, service):
    other = reporting.request(by=cast.viewer, service=service, record=None, language="en").snapshot
    other_review = walking.ask(service, cast.designer, "go-live")
    tampering.lift()
    Decision.objects.filter(pk=decision.pk).update(review=other_review)
    assert other.sha256 != decision.sha256
    assert found(decision.sha256) == (DECISION, ALTERED)


def test_a_report_row_that_names_another_record_is_altered(decision, cast, service):
    report = reporting.request(by=cast.viewer, service=service, record=decision, language="en")
    Report.objects.filter(pk=report.pk).update(sha256="a" * 64, record=NOBODYS)
    assert found("a" * 64) == (FILE, ALTERED)


@pytest.mark.parametrize("asked", [NOBODYS, "abc", "Go", "%27%22%3Cscript%3E", "0" * 65])
def test_what_is_not_known_is_a_plain_404(decision, anybody, asked):
    answer = anybody.get(f"/verify/{asked}/")
    assert answer.status_code == HTTPStatus.NOT_FOUND
    page = answer.content.decode()
    assert "Unknown" in page
    assert "Birth certificate" not in page
    assert "<script>" not in page


def test_nothing_else_is_told(decision, anybody, cast):
    page = anybody.get(page_of(decision.sha256)).content.decode()
    people = [str(person) for person in (cast.designer, cast.manager, cast.second_designer)]
    secrets = [*people, cast.team.name, "Nobody outside reads this.", "/services/", "Seen on the live system."]
    assert [secret for secret in secrets if secret in page] == []


@pytest.mark.parametrize(
    "typed",
    [
        "{}",
        "  {} ",
        "SHA-256: {}",
        "https://launchkit.example.org/verify/{}/",
    ],
)
def test_a_digest_may_be_typed_or_pasted_as_it_comes(decision, anybody, typed):
    spaced = " ".join(decision.sha256[i : i + 4] for i in range(0, 64, 4)).upper()
    for digest in (decision.sha256, spaced):
        answer = anybody.get(reverse("reviews:verify"), {"digest": typed.format(digest)})
        assert (answer.status_code, answer["Location"]) == (HTTPStatus.FOUND, page_of(decision.sha256))
    assert "Authentic" in anybody.get(page_of(spaced)).content.decode()


def test_what_is_no_digest_is_told_at_the_field(anybody):
    for typed, said in (("", "Enter the digest"), ("abc", "This holds no digest"), ("f" * 65, "This holds no digest")):
        answer = anybody.get(reverse("reviews:verify"), {"digest": typed})
        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert said in answer.content.decode()


@pytest.mark.parametrize("name", ["form", "finding", "unknown"])
def test_no_page_of_it_is_to_be_indexed_or_posted_to(decision, anybody, name):
    address = {"form": reverse("reviews:verify"), "finding": page_of(decision.sha256), "unknown": page_of(NOBODYS)}[
        name
    ]
    answer = anybody.get(address)
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert '<meta name="robots" content="noindex, nofollow">' in answer.content.decode()
    assert anybody.post(address).status_code == HTTPStatus.METHOD_NOT_ALLOWED


def test_it_is_cheap_however_much_there_is(decision, cast, service, anybody, django_assert_max_num_queries):
    for _ in range(3):
        walking.sign(walking.ask(service, cast.designer, "go-live"), cast.manager, "no_go")
    for digest in (decision.sha256, decision.review.snapshot.sha256, NOBODYS):
        with django_assert_max_num_queries(6):
            anybody.get(page_of(digest))
