"""What was sealed is what the trail says was sealed, or it is named."""

import hashlib
import io

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, connection, transaction

from reviews import attested
from reviews.models import Decision, Snapshot
from tests.accounts import tampering
from tests.reviews import walking


@pytest.fixture
def decision(review, cast) -> Decision:
    return walking.sign(review, cast.manager)


def rewrite(record: Decision | Snapshot, before: str, after: str, **beside: object) -> None:
    """Another text, with the digest that it has."""
    assert before in record.content
    content = record.content.replace(before, after)
    sha256 = hashlib.sha256(content.encode()).hexdigest()
    type(record).objects.filter(pk=record.pk).update(content=content, sha256=sha256, **beside)


def told(service) -> list[tuple[str, str]]:
    return [(one.kind, one.told) for one in attested.breaks(service.scope)]


def verified(service) -> str:
    said = io.StringIO()
    try:
        call_command("verify_trail", scope=service.scope, stdout=said, stderr=said)
    except CommandError as error:
        return f"{said.getvalue()}{error}"
    return said.getvalue()


def test_what_is_as_it_was_sealed_is_said_to_hold(decision, service, cast):
    walking.supersede(decision.review, cast.second_manager)
    walking.ask(service, cast.designer, "go-live")
    assert told(service) == []
    assert verified(service).startswith("Every link holds: chains 1")
    assert list(attested.breaks("site")) == []


def test_another_decision_with_its_own_digest_is_named(decision, service):
    tampering.lift()
    rewrite(decision, '"outcome":"go"', '"outcome":"no_go"', outcome="no_go")
    words = f"decision {decision.pk} on review {decision.review_id}"
    assert told(service) == [
        ("altered", f"The {words} is not what was sealed."),
        ("missing", f"What was sealed for review:{decision.review_id} is gone, or is not what was sealed."),
    ]
    assert f"The {words} is not what was sealed." in verified(service)
    assert "1 of 1 chains broken." in verified(service)


def test_another_picture_with_its_own_digest_is_named(decision, service):
    tampering.lift()
    rewrite(decision.review.snapshot, 'e online","', 'e offline","')
    assert [kind for kind, _words in told(service)] == ["altered", "missing"]
    assert f"picture {decision.review.snapshot_id} is" in verified(service)


@pytest.mark.parametrize(
    "wrong", [{"outcome": "no_go"}, {"rationale": "Because."}, {"content": "{}"}, {"sha256": "0" * 64}]
)
def test_a_column_beside_or_text_and_digest_alone(decision, service, wrong):
    tampering.lift()
    Decision.objects.filter(pk=decision.pk).update(**wrong)
    assert told(service)[0] == (
        "altered",
        f"The decision {decision.pk} on review {decision.review_id} is not what was sealed.",
    )


def test_another_person_is_said_to_have_decided(decision, service, cast):
    tampering.lift()
    Decision.objects.filter(pk=decision.pk).update(decided_by=cast.second_manager)
    assert [kind for kind, _words in told(service)] == ["altered"]


@pytest.mark.parametrize("model", [Decision, Snapshot])
def test_postgresql_refuses_to_change_what_is_sealed(decision, service, model):
    """SQLite has no such guard; there `verify_trail` tells."""
    rows = model.objects.all()
    if connection.vendor == "postgresql":
        with pytest.raises(IntegrityError, match="What is sealed is kept: "), transaction.atomic():
            rows.update(sha256="0" * 64)
        with pytest.raises(IntegrityError, match="What is sealed is kept: "), transaction.atomic():
            rows._raw_delete(rows.db)
        assert told(service) == []
    else:
        rows.update(sha256="0" * 64)
        assert told(service) != []


def test_few_questions_however_much_was_sealed(decision, service, cast, django_assert_num_queries):
    for _ in range(3):
        walking.sign(walking.ask(service, cast.designer, "go-live"), cast.manager, "no_go")
    with django_assert_num_queries(3):
        assert told(service) == []
