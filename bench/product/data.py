"""What the product holds: services by the bulk loader, and two stages of 60 and of 120 entries, answered by acts."""

import shutil
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from accounts import chaining
from accounts.models import Team, User
from checklists import answering, documenting, starting
from checklists.models import Answer
from checklists.proofs import Proof
from launchkit import demo, multiplying
from stages import catalogue, publishing
from stages.models import Edition, Kind, Requirement, Service

LIVED = "driving-licence"  # the story with the most answers: 145
BEYOND = 20_000  # no other district has such a number
SMALL = 100  # services that the list is compared with
KINDS = {"rules": 8, "items": 25, "deliverables": 10, "questions": 17}  # a stage of 60
SIXTY, HUNDRED_TWENTY = "sixty", "sixty-twice"
People = Callable[[int], list[int]]
NOTE = Proof(form="note", text="The report of the test with users says so, and the office has read it.")
SAYS = {
    Kind.RULE: {"state": "met", "proof": NOTE},
    Kind.ITEM: {"state": "done", "note": "Written down in the minutes of the last meeting."},
    Kind.QUESTION: {
        "state": "rated",
        "rating": 2,
        "text": "Tried with eleven people; two gaps have a date.",
        "proof": NOTE,
    },
}


def build(services: int) -> dict[str, Any]:
    """The small installation, and beside it the large one that grows out of it. Returns what that has.

    What is added is one in five a service of any kind, as the demo has them; the others have gone through all three
    stages and answered nearly all there is to answer. Those come last by name: both lists begin alike.
    """
    call_command("migrate", verbosity=0)
    call_command("publish_playbook", str(settings.PLAYBOOKS_DIR / "public-service-launch-1.yaml"), verbosity=0)
    people = demo.offices()
    _reader()
    for slug, times in ((SIXTY, 1), (HUNDRED_TWENTY, 2)):
        _answered(_published(slug, times), people)
    every, lived = multiplying.told(), multiplying.told(LIVED)
    pour = partial(multiplying.multiply, people=people)
    pour(services=SMALL - 2, sheaf=every)
    _grow()
    mixed = (services - SMALL) // 5
    pour(services=mixed, sheaf=every, after=SMALL)
    shared = partial(_shared, people, len(every.rows))
    multiplying.multiply(services=services - SMALL - mixed, people=shared, sheaf=lived, after=BEYOND)
    _vacuum()
    return {"services": Service.objects.count(), "answers": Answer.objects.count()}


def _shared(people: People, size: int, number: int) -> list[int]:
    """A sheaf of one has the people of the sheaf that it would be part of."""
    return people(number // size)


def _reader() -> None:
    User.objects.create_user("auditor@example.org", name="Auditor", is_auditor=True)


def _published(slug: str, times: int) -> Edition:
    """A playbook of one stage, out of the requirements of the one that comes with the product."""
    whole = yaml.safe_load((settings.PLAYBOOKS_DIR / "public-service-launch-1.yaml").read_text())
    stages = whole["stages"]
    stage = stages[0] | {
        part: [one for stage in stages for one in stage[part]][: count * times] for part, count in KINDS.items()
    }
    stage["questions"] = [one | {"about": stage["rules"][0]["slug"]} for one in stage["questions"]]
    stage["criteria"] = [stage["criteria"][0]]
    whole |= {"stages": [stage], "playbook": whole["playbook"] | {"slug": f"stage-of-{slug}"}}
    return publishing.publish(by=None, text=yaml.safe_dump(whole, allow_unicode=True).encode()).edition


def _answered(edition: Edition, people) -> Service:
    """Everything but each fourth entry; named so that it stands in the middle of the list."""
    team, designer, manager = people(0)[0], *(User.objects.get(pk=people(0)[place]) for place in (1, 3))
    told = {"team": Team.objects.get(pk=team), "edition": edition, "planned_on": timezone.localdate() + timedelta(90)}
    service = starting.start(by=designer, name=f"Parking permit, {edition.playbook.slug}", **told)
    with chaining.chain(service.scope):
        for place, asked in enumerate(catalogue.of(edition.pk).sheets[0].requirements):
            if place % 4 != 3:
                _answer(service, asked, designer, manager)
    return service


def _answer(service: Service, asked: Requirement, designer: User, manager: User) -> None:
    if asked.kind == Kind.DELIVERABLE:
        link = {"title": "The document, as agreed", "address": f"https://files.example.org/{asked.slug}"}
        version = documenting.add(by=designer, service=service, requirement=asked, **link)
        documenting.approve(by=manager, version=documenting.send(by=designer, version=version))
    else:
        answering.record(by=designer, service=service, requirement=asked, seen=0, **SAYS[Kind(asked.kind)])


def _grow() -> None:
    """From here on everything goes into a copy of the small installation, so that both begin with the same rows."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        connection.close()
        _on_server(f'CREATE DATABASE "{name}_large" TEMPLATE "{name}"')
        connection.settings_dict["NAME"] = f"{name}_large"
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    large = Path(name).with_name(f"large-{Path(name).name}")
    shutil.copy(name, large)
    connection.settings_dict["NAME"] = str(large)


def _on_server(statement: str) -> None:
    """Outside the database that it is about."""
    name, connection.settings_dict["NAME"] = connection.settings_dict["NAME"], "postgres"
    with connection.cursor() as cursor:
        cursor.execute(statement)
    connection.close()
    connection.settings_dict["NAME"] = name


def _vacuum() -> None:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
