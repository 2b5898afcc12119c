"""What a service has gathered on its way: reviews, conditions, reports; and the people of its team."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch
from django.utils.formats import date_format

from accounts import calendar
from accounts.acts import Role
from accounts.models import Membership, TrailEntry, User
from checklists.models import Answer, State, Waiver
from jobs import leasing
from reviews import degrees, reports, wording_trail
from reviews.models import Condition, Decision, Report, Review
from stages.models import Service


@dataclass(frozen=True)
class Made:
    """A report as a list shows it; `state` as it counts now, for a row past its deadline has failed; `stands` says
    what the decision in it has become.
    """

    report: Report
    title: str
    state: str
    stands: str


@dataclass(frozen=True)
class Asked:
    """A review with the degree in which today is not as it was at its decision, and the decisions it superseded."""

    review: Review
    degree: str

    @property
    def superseded(self) -> list[Decision]:
        return [one for one in self.review.decisions.all() if one.pk != self.review.decision_id]


@dataclass(frozen=True)
class Excuse:
    """A waiver as the page of a service shows it on a day."""

    waiver: Waiver
    on: date

    @property
    def waits(self) -> bool:
        return self.waiver.state == Waiver.State.ASKED

    @property
    def over(self) -> bool:
        return self.waiver.expired(self.on)


@dataclass(frozen=True)
class Turn:
    """One thing that happened to a service besides its stages, from its trail; `changes` are (before, after)."""

    entry: TrailEntry
    sentence: str
    changes: tuple[tuple[str, str], ...] = ()

    @property
    def reason(self) -> str:
        return (self.entry.after or {}).get("reason", "")


@dataclass(frozen=True)
class Dossier:
    """Reviews, latest first; conditions with their state, open ones first; latest reports; waivers; people by role;
    what else happened to the service; how many roles of the playbook somebody fills.
    """

    reviews: list[Asked]
    conditions: list[tuple[Condition, str]]
    reports: list[Made]
    waivers: list[Excuse]
    people: list[tuple[str, list[User]]]
    turns: list[Turn]
    roles_filled: int

    @property
    def aged(self) -> list[Asked]:
        """Decisions from which today differs."""
        return [asked for asked in self.reviews if asked.degree]

    @property
    def archived(self) -> Turn | None:
        """The last time it was archived."""
        return next((turn for turn in self.turns if turn.entry.verb == "archived"), None)


def of(service: Service) -> Dossier:
    """Everything at once, in eleven queries."""
    on = calendar.day()
    roles_filled, aged = service.assignments.count(), degrees.of_service(service)
    return Dossier(
        reviews(service, aged),
        conditions(service),
        made(service, aged),
        waivers(service, on),
        people(service),
        turns(service),
        roles_filled,
    )


def reviews(service: Service, aged: Mapping[int, str]) -> list[Asked]:
    """Every review of a service with its decisions, the latest first."""
    found = Review.objects.filter(passage__service=service)
    people = ("asked_by", "decision__decided_by", "passage__stage")
    decisions = Decision.objects.defer("content").order_by("-number")
    told = found.select_related(*people).defer("decision__content").prefetch_related(Prefetch("decisions", decisions))
    return [Asked(one, aged.get(one.decision_id, "")) for one in told.order_by("-asked_at", "-pk")]


def conditions(service: Service) -> list[tuple[Condition, str]]:
    """Every condition with its state, overdue included; open ones first, the most urgent on top."""
    found = Condition.objects.filter(service=service).defer("decision__content")
    rows = found.select_related("owner", "closed_by", "said_met_by", "decision__review__passage__stage")
    ordered = sorted(rows, key=lambda row: (row.state != Condition.State.OPEN, row.due_on or date.max, row.pk))
    return [(row, row.shown) for row in ordered]


def waivers(service: Service, on: date) -> list[Excuse]:
    """Waivers that count, wait for an answer or have run out since: those that wait first, then by their day."""
    told = Waiver.objects.filter(service=service, state__in=[Waiver.State.ASKED, Waiver.State.GRANTED])
    rows = told.select_related("requirement__stage", "asked_by", "answered_by")
    met = set(Answer.objects.filter(service=service, state=State.MET).values_list("requirement_id", flat=True))
    shown = [row for row in rows if row.requirement_id not in met or not row.expired(on)]
    return sorted((Excuse(row, on) for row in shown), key=lambda one: (not one.waits, one.waiver.expires_on))


def made(service: Service, aged: Mapping[int, str], *, most: int = 5) -> list[Made]:
    """The latest reports of a service."""
    rows = reports.listed(service)[:most]
    return [Made(row, reports.subject(row), leasing.status(row).state, reports.stands(row, aged)) for row in rows]


def turns(service: Service, *, most: int = 20) -> list[Turn]:
    """How its plan and name changed, and when it was archived and brought back; the latest first."""
    entries = TrailEntry.objects.filter(
        scope=service.scope, subject="service", verb__in=wording_trail.KEPT
    ).select_related("who")
    return [_turn(entry) for entry in entries.order_by("-sequence")[:most]]


def _turn(entry: TrailEntry) -> Turn:
    before, after = entry.before or {}, entry.after or {}
    if entry.verb == "planned":
        days = (date_format(date.fromisoformat(side["planned_on"])) for side in (before, after))
        return Turn(entry, str(wording_trail.KEPT["planned"]), (tuple(days),))
    changes = [(before[name], after[name]) for name in before if before[name] != after[name]]
    return Turn(entry, str(wording_trail.KEPT[entry.verb]), tuple(changes))


def people(service: Service) -> list[tuple[str, list[User]]]:
    """Who is on the team, by role: managers, designers, viewers."""
    held: dict[str, list[User]] = defaultdict(list)
    members = Membership.objects.filter(team=service.team_id, user__is_active=True)
    for membership in members.select_related("user").order_by("user__name", "user_id"):
        held[membership.role].append(membership.user)
    return [(Role(role).label, held[role]) for role in (Role.MANAGER, Role.DESIGNER, Role.VIEWER) if held[role]]
