from datetime import date, timedelta

import pytest
from django.utils import timezone

from checklists import answering, starting
from checklists.evidencing import Proof
from checklists.models import Answer
from stages import catalogue
from stages.models import Service


@pytest.fixture
def add_service(cast, edition, planned_on):
    """Start a service; by the designer in their team unless told otherwise."""

    def add(name: str, *, by=None, team=None, planned: date | None = None) -> Service:
        return starting.start(
            by=by or cast.designer,
            team=team or cast.team,
            edition=edition,
            name=name,
            planned_on=planned or planned_on,
        )

    return add


@pytest.fixture
def today() -> date:
    return timezone.localdate()


@pytest.fixture
def yesterday(today) -> date:
    return today - timedelta(days=1)


@pytest.fixture
def meet():
    """Say that a golden rule is met, with a note behind it."""

    def meet(service: Service, *slugs: str, by) -> list[Answer]:
        sheet = catalogue.of(service.edition_id).sheets[0]
        proof = Proof(form="note", text="Seen on the shared screen.")
        return [
            answering.record(by=by, service=service, requirement=sheet.by_slug[slug], seen=0, state="met", proof=proof)
            for slug in slugs
        ]

    return meet
