"""The workbench as people see it: the whole stage, what stands in the way, and what each role may do."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from checklists import answering
from checklists.proofs import Proof
from stages import catalogue

NOTE = Proof(form="note", text="Seen in the test report.")
SESSION_AND_USER = 2


@pytest.fixture
def sheet(service):
    return catalogue.of(service.edition_id).sheets[0]


@pytest.fixture
def url(service, sheet):
    return reverse("reviews:workbench", args=[service.slug, sheet.stage.slug])


@pytest.fixture
def designer(client_for, cast):
    return client_for(cast.designer)


def test_it_shows_every_entry(designer, url, sheet):
    page = designer.get(url).content.decode()
    for requirement in sheet.requirements:
        assert f'id="{requirement.slug}"' in page


def test_query_count(designer, url, service, sheet, cast):
    def count():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert designer.get(url).status_code == 200
        return len(queries) - SESSION_AND_USER

    rule, other, third = sheet.of_kind("rule")[:3]
    for asked in (rule,):
        answering.record(by=cast.designer, service=service, requirement=asked, seen=0, state="met", proof=NOTE)
    one = count()
    for asked in (other, third):
        answering.record(by=cast.designer, service=service, requirement=asked, seen=0, state="met", proof=NOTE)
    assert count() == one
    assert one <= 12
