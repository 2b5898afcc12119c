"""What a service has gathered on its way: reviews, conditions, reports; and the people of its team."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from accounts.acts import Role
from accounts.models import Membership, User
from reviews import leasing, reports
from reviews.models import Condition, Report, Review
from stages.models import Service


@dataclass(frozen=True)
class Made:
    """A report as a list shows it; `state` as it counts now, for a row past its deadline has failed."""

    report: Report
    title: str
    state: str


@dataclass(frozen=True)
class Dossier:
    """Reviews, latest first; conditions with their state, open ones first; latest reports; people by role."""

    reviews: list[Review]
    conditions: list[tuple[Condition, str]]
    reports: list[Made]
    people: list[tuple[str, list[User]]]


def of(service: Service) -> Dossier:
    """Everything at once, in four queries."""
    on, now = timezone.localdate(), timezone.now()
    return Dossier(reviews(service), conditions(service, on), made(service, now), people(service))


def reviews(service: Service) -> list[Review]:
    """Every review of a service with its decision, the latest first."""
    found = Review.objects.filter(passage__service=service)
    people = ("asked_by", "decision__decided_by", "passage__stage")
    return list(found.select_related(*people).defer("decision__content").order_by("-asked_at", "-pk"))


def conditions(service: Service, on: date) -> list[tuple[Condition, str]]:
    """Every condition with its state, overdue included; open ones first, the most urgent on top."""
    found = Condition.objects.filter(service=service).defer("decision__content")
    rows = found.select_related("owner", "closed_by", "decision__review__passage__stage")
    ordered = sorted(rows, key=lambda row: (row.state != Condition.State.OPEN, row.due_on, row.pk))
    return [(row, "overdue" if row.overdue(on) else str(row.state)) for row in ordered]


def made(service: Service, now: datetime, *, most: int = 5) -> list[Made]:
    """The latest reports of a service."""
    rows = reports.listed(service)[:most]
    return [Made(row, reports.subject(row), leasing.status(row, now).state) for row in rows]


def people(service: Service) -> list[tuple[str, list[User]]]:
    """Who is on the team, by role: managers, designers, viewers."""
    held: dict[str, list[User]] = defaultdict(list)
    members = Membership.objects.filter(team=service.team_id, user__is_active=True)
    for membership in members.select_related("user").order_by("user__name", "user_id"):
        held[membership.role].append(membership.user)
    return [(Role(role).label, held[role]) for role in (Role.MANAGER, Role.DESIGNER, Role.VIEWER) if held[role]]
