"""The demo: two teams, ten people and six services, told through the same functions as the web.

Who they are stands here, what each service went through in `stories.py`, what they say in `fixtures/demo/`. Days
count back from today, so the demo is as fresh on every machine, and the same.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import cache
from types import SimpleNamespace

import yaml
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

import checklists.reminding
import reviews.reminding
from accounts import noticing
from accounts.acts import Role
from accounts.models import Membership, Notice, Team, User
from launchkit import multiplying, stories
from launchkit.tale import FOLDER, Tale
from stages.models import Edition, Service

TEAMS = {"civil-registration": "Civil registration and families", "transport": "Transport and nature"}
REGISTRATION, TRANSPORT = TEAMS
SHEAVES_OF_A_TEAM = 10  # sixty services
PEOPLE = (
    ("designer", "Ieva Kazlauskienė", REGISTRATION, (Role.DESIGNER,)),
    ("second_designer", "Nikos Papadopoulos", REGISTRATION, (Role.DESIGNER,)),
    ("manager", "Inês Carvalho", REGISTRATION, (Role.MANAGER,)),
    ("second_manager", "Camille Laurent", REGISTRATION, (Role.MANAGER,)),
    ("viewer", "Tomasz Zieliński", REGISTRATION, (Role.VIEWER,)),
    ("outsider", "Sofia Lindqvist", TRANSPORT, (Role.DESIGNER,)),
    ("outside_manager", "Mikael Järvinen", TRANSPORT, (Role.MANAGER,)),
)
SITE_PEOPLE = (
    ("auditor", "Miriam Okafor", {"is_auditor": True}),
    ("editor", "Jonas Weber", {"is_editor": True}),
    ("administrator", "Eleni Markou", {"is_administrator": True}),
)


@transaction.atomic
def load() -> list[Service]:
    """Build everything, or nothing. Needs a published edition; takes some seconds."""
    edition = Edition.objects.order_by("playbook", "-number").first()
    if edition is None:
        raise Edition.DoesNotExist("Publish a playbook first: the services of the demo are measured by one.")
    facts = yaml.safe_load((FOLDER / "services.yaml").read_text())
    says = yaml.safe_load((FOLDER / "answers.yaml").read_text())
    teams = {slug: Team.objects.create(slug=slug, name=name) for slug, name in TEAMS.items()}
    cast = people(teams)
    with override(edition.language):
        tales = [Tale(edition, told, says | told.get("says", {}), teams[told["team"]]) for told in facts.values()]
        for key, tale in zip(facts, tales, strict=True):
            stories.STORIES[key](tale, cast)
        tell_of_today()
    return [tale.service for tale in tales]


@transaction.atomic
def load_many(services: int) -> int:
    """Build the demo and as many services beside it as are asked for in all; returns how many rows that were.

    The others belong to teams of their own: auditors and administrators see them all.
    """
    load()
    return multiplying.multiply(services=services - len(stories.STORIES), people=offices())


def offices() -> Callable[[int], list[int]]:
    """The keys of a team and of its people by the number of a sheaf; made when they are asked for first."""
    office = cache(_office)
    return lambda sheaf: office(sheaf // SHEAVES_OF_A_TEAM + 1)


def _office(number: int) -> list[int]:
    """A team with the parts of both teams of the demo, for people who tell no password to anybody."""
    team = Team.objects.create(slug=f"office-{number}", name=f"Office {number}")
    keys = [team.pk]
    for part, name, _team, roles in PEOPLE:
        user = User.objects.create_user(f"{part}.{number}@offices.{settings.DEMO_DOMAIN}", name=name)
        Membership.objects.bulk_create(Membership(user=user, team=team, role=role) for role in roles)
        keys.append(user.pk)
    return keys


def tell_of_today() -> None:
    """What was told long ago has been read; days that have come near are told of."""
    noticing.read(notices=Notice.objects.filter(told_at__lt=timezone.now() - timedelta(days=7)))
    checklists.reminding.remind()
    reviews.reminding.remind()


def people(teams: dict[str, Team]) -> SimpleNamespace:
    """Everybody by the name of their part; one hash for all, for making ten would take seconds."""
    password = make_password(settings.DEMO_PASSWORD)
    cast = SimpleNamespace()
    for part, name, team, roles in PEOPLE:
        user = _person(part, name, password)
        for role in roles:
            Membership.objects.create(user=user, team=teams[team], role=role)
        setattr(cast, part, user)
    for part, name, held in SITE_PEOPLE:
        setattr(cast, part, _person(part, name, password, **held))
    return cast


def _person(part: str, name: str, password: str, **held: bool) -> User:
    user = User(email=f"{part}@{settings.DEMO_DOMAIN}", name=name, password=password, **held)
    user.save()
    return user
