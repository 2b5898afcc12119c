"""The turns that the product takes in a round."""

from urllib.parse import urlencode

from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import TrailEntry, User
from bench.product import data
from bench.turns import Form, Turn
from checklists.models import Answer
from portfolio import listing
from portfolio.wanted import Order, Place, Wanted
from stages.models import Kind, Service

STATES = ("open", "done")
LIST, ROW = reverse("portfolio:services"), '<th scope="row">'


def turns() -> dict[str, Turn]:
    sixty, twice = (
        Service.objects.get(edition__playbook__slug=f"stage-of-{slug}") for slug in (data.SIXTY, data.HUNDRED_TWENTY)
    )
    designer = client_of(sixty.team.memberships.filter(role="designer").earliest("pk").user)
    auditor = client_of(User.objects.get(is_auditor=True))
    narrowed = {"q": "benefit", "stage": "go-live", "suggestion": "no_go", "conditions": "overdue", "live": "90"}
    return {
        "tick": Tick(designer, sixty),
        "page60": Turn(designer, bench_of(sixty), '<li class="entry', 60),
        "page120": Turn(designer, bench_of(twice), '<li class="entry', 120),
        "list": found(auditor),
        "far": found(auditor, after=_place(Order.NAME)),
        "sorted": found(auditor, sort=Order.LATEST, after=_place(Order.LATEST)),
        "searched": found(auditor, None, q="fishing"),
        "narrowed": found(auditor, None, **narrowed),
    }


def found(client: Client, rows: int | None = 50, **asked: object) -> Turn:
    """The list, a full page of it unless the number is left open."""
    return Turn(client, f"{LIST}?{urlencode(asked)}" if asked else LIST, ROW, rows)


def _place(order: Order) -> Place:
    """Where a page begins that has two fifths of all services before it."""
    services = listing.ordered(Service.objects.all(), Wanted(order=order))
    return listing.place(services[services.count() * 2 // 5], order)


def client_of(user: User) -> Client:
    client = Client(SERVER_NAME="localhost")
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def bench_of(service: Service) -> str:
    return reverse("reviews:workbench", args=[service.slug, service.edition.stages.get().slug])


class Tick(Form):
    """A checklist item, done and undone in turn, as the browser posts it from the workbench."""

    def __init__(self, client: Client, service: Service) -> None:
        items = Answer.objects.filter(service=service, requirement__kind=Kind.ITEM, state="done")
        self.answer = items.select_related("requirement").earliest("pk")
        self.seen = self.answer.version
        bench = bench_of(service)
        super().__init__(client, f"{bench}{self.answer.requirement.slug}/answer/", '<li class="entry', 1)
        self.headers = {"HTTP_HX_REQUEST": "true", "HTTP_HX_CURRENT_URL": f"http://localhost{bench}"}
        self.trail = TrailEntry.objects.filter(scope=service.scope)
        self.before = self.trail.count() - self.seen

    def posted(self, seen: int) -> dict[str, object]:
        return {"state": STATES[(seen + 1) % 2], "seen": seen}

    def changed(self) -> bool:
        """Is what was said the last time what is there now, and is it in the trail?"""
        self.answer.refresh_from_db()
        said = (self.answer.version, self.answer.state) == (self.seen, STATES[self.seen % 2])
        return said and self.trail.count() == self.before + self.seen
