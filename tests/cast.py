"""The same small cast in every test and in the demo; and a service of theirs, started in build."""

import time
from dataclasses import dataclass
from datetime import date, timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.test import Client
from django.utils import timezone

from accounts.acts import Role
from accounts.models import Membership, Team, User
from checklists import starting
from stages import catalogue, publishing
from stages.models import Edition, Service
from tests import stock
from tests.accounts import tampering

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


PEOPLE = (
    "manager",
    "second_manager",
    "designer",
    "second_designer",
    "viewer",
    "outsider",
    "auditor",
    "editor",
    "administrator",
)


@pytest.fixture
def cast(db) -> Cast:
    if User.objects.exists() or Team.objects.exists():
        _people_and_teams()
    else:
        stock.lay("cast", _people_and_teams)
    people = {user.email.split("@")[0]: user for user in User.objects.all()}
    teams = {team.slug: team for team in Team.objects.all()}
    return Cast(
        teams["civil-registration"], teams["transport"], SimpleNamespace(**{name: people[name] for name in PEOPLE})
    )


def _people_and_teams() -> None:
    team = Team.objects.create(name="Civil registration", slug="civil-registration")
    other = Team.objects.create(name="Transport", slug="transport")
    person("manager", team, Role.MANAGER)
    person("second_manager", team, Role.MANAGER)
    person("designer", team, Role.DESIGNER)
    person("second_designer", team, Role.DESIGNER)
    person("viewer", team, Role.VIEWER)
    person("outsider", other, Role.DESIGNER, Role.MANAGER)
    person("auditor", is_auditor=True)
    person("editor", is_editor=True)
    person("administrator", is_administrator=True)


def publish() -> None:
    """The real playbook, once for every test: what tests do to it, and what they publish beside it, is taken back."""
    stock.lay("edition", _publish)


def _publish() -> None:
    publishing.publish(by=None, text=(settings.PLAYBOOKS_DIR / "public-service-launch-1.yaml").read_bytes())


def unpublish() -> None:
    """As before anybody has published: no playbook, and no word of it in the trail."""
    with tampering.trail_unguarded():
        stock.take_away("edition")
    catalogue.forget()


@pytest.fixture
def nothing_published(db) -> None:
    unpublish()


@pytest.fixture
def edition(db) -> Edition:
    """The real playbook, as it is published; the catalogue knows it, and no other edition under its key."""
    edition = Edition.objects.select_related("playbook").get(playbook__slug="public-service-launch")
    if catalogue.of(edition.pk).edition.published_at != edition.published_at:
        catalogue.forget()
    return edition


@pytest.fixture
def planned_on() -> date:
    return timezone.localdate() + timedelta(days=90)


@pytest.fixture
def service(cast: Cast, edition: Edition, planned_on: date) -> Service:
    def start() -> None:
        starting.start(
            by=cast.designer, team=cast.team, edition=edition, name="Birth certificate online", planned_on=planned_on
        )

    if Service.objects.exists():
        start()
    else:
        stock.lay(("service", cast.designer.pk, cast.team.pk, edition.pk, edition.digest, planned_on), start)
    return Service.objects.select_related("team", "edition__playbook").get(slug="birth-certificate-online")


def signed_in(client: Client, user: User, *, minutes_ago: float = 0) -> None:
    """The session says when the password was given, as it does after the page that asks for it."""
    _remembered(client.session, user, minutes_ago)


def _arrived(client: Client, user: User) -> None:
    """A new session of somebody who has just signed in, written at once: signing in writes it four times."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    _remembered(session, user, 0)
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key


def _remembered(session: SessionBase, user: User, minutes_ago: float) -> None:
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": time.time() - minutes_ago * 60}]
    session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(user.pk)
    session.save()


@pytest.fixture
def client_for():
    """A browser of the person given; nobody signed in without one."""

    def sign_in(user: User | None = None, **options: object) -> Client:
        client = Client(**options)
        if user is not None:
            _arrived(client, user)
        return client

    return sign_in
