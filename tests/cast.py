"""The same small cast in every test and in the demo; and a service of theirs, started in build."""

from dataclasses import dataclass
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.acts import Role
from accounts.models import Membership, Team, User
from checklists import starting
from stages import catalogue, publishing
from stages.models import Edition, Service

PASSWORD = "said-to-nobody"


@dataclass
class Cast:
    team: Team
    other_team: Team
    people: SimpleNamespace

    def __getattr__(self, name: str) -> User:
        return getattr(self.people, name)


def person(name: str, team: Team | None = None, *roles: Role, **fields: object) -> User:
    user = User.objects.create_user(f"{name}@example.org", PASSWORD, name=name.replace("_", " ").capitalize(), **fields)
    for role in roles:
        Membership.objects.create(user=user, team=team, role=role)
    return user


@pytest.fixture
def cast(db) -> Cast:
    team = Team.objects.create(name="Civil registration", slug="civil-registration")
    other = Team.objects.create(name="Transport", slug="transport")
    people = SimpleNamespace(
        manager=person("manager", team, Role.MANAGER),
        second_manager=person("second_manager", team, Role.MANAGER),
        designer=person("designer", team, Role.DESIGNER),
        second_designer=person("second_designer", team, Role.DESIGNER),
        viewer=person("viewer", team, Role.VIEWER),
        outsider=person("outsider", other, Role.DESIGNER, Role.MANAGER),
        auditor=person("auditor", is_auditor=True),
        editor=person("editor", is_editor=True),
        administrator=person("administrator", is_administrator=True),
    )
    return Cast(team, other, people)


@pytest.fixture
def edition(db) -> Edition:
    """The real playbook, published."""
    catalogue.forget()
    text = (settings.PLAYBOOKS_DIR / "public-service-launch-1.yaml").read_bytes()
    return publishing.publish(by=None, text=text).edition


@pytest.fixture
def planned_on() -> date:
    return timezone.localdate() + timedelta(days=90)


@pytest.fixture
def service(cast: Cast, edition: Edition, planned_on: date) -> Service:
    return starting.start(
        by=cast.designer, team=cast.team, edition=edition, name="Birth certificate online", planned_on=planned_on
    )


@pytest.fixture
def client_for():
    """A browser of the person given; nobody signed in without one."""

    def sign_in(user: User | None = None, **options: object) -> Client:
        client = Client(**options)
        if user is not None:
            client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
        return client

    return sign_in
