"""Two teams side by side: whatever an address or a field of a form names of the other team, nothing of theirs changes,
nothing of one's own comes to point at it, and with one's own in the same place it works."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial
from types import SimpleNamespace

import pytest
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F, ForeignKey, ManyToManyField
from django.urls import reverse

from accounts.acts import Act, Role
from accounts.models import Team, User
from checklists import documenting, starting
from checklists.evidencing import Proof
from stages.models import Service
from tests.architecture.policy import ACCOUNT, POLICY, PUBLIC
from tests.cast import Cast, person
from tests.reviews import walking
from tests.security import bodies, furnishing, made_up, visiting, watching
from tests.security.furnishing import CONVERTERS, PDF, Furnished

pytestmark = [pytest.mark.django_db, pytest.mark.stricter_engine]
REFUSED = {404, 409, 422}
TEAM_OF = {  # how a row of each table is led back to its team
    "accounts.membership": "team",
    "accounts.invitation": "team",
    "accounts.notice": "team",
    "stages.service": "team",
    "stages.passage": "service__team",
    "stages.assignment": "service__team",
    "checklists.answer": "service__team",
    "checklists.evidence": "service__team",
    "checklists.document": "service__team",
    "checklists.documentversion": "document__service__team",
    "checklists.waiver": "service__team",
    "checklists.tally": "service__team",
    "checklists.proposal": "service__team",
    "reviews.review": "passage__service__team",
    "reviews.snapshot": "passage__service__team",
    "reviews.confirmation": "review__passage__service__team",
    "reviews.decision": "review__passage__service__team",
    "reviews.condition": "service__team",
    "reviews.report": "service__team",
}
ENTRUSTED = ("stages.assignment.user", "checklists.answer.responsible", "reviews.condition.owner")


@dataclass(frozen=True)
class Side:
    """What there is to name of one team."""

    team: Team
    member: User
    service: Service
    earlier: str
    picture: str

    @property
    def named(self) -> dict[str, object]:
        rule = walking.first(self.service, "rule")
        evidence = self.service.evidence.current().first().pk
        return {
            "team": self.team.pk,
            "copy_of": self.earlier,
            "responsible": self.member.pk,
            "proof_piece": evidence,
            "record": self.picture,
            "seen_snapshot": self.picture,
            "about": rule.slug,
            "conditions-0-owner": self.member.pk,
            **{role.slug: self.member.pk for role in self.service.edition.roles.all()},
        }


@pytest.fixture
def theirs(furnished, cast) -> Side:
    picture = furnished.special["reviews:report"] and furnished.values["digest"]
    return Side(cast.team, cast.designer, furnished.service, furnished.service.slug, picture)


@pytest.fixture
def ours(cast, edition, planned_on, furnished) -> Side:
    """Of the outsider's team: a rule met with a file, a document, a review that waits; and an earlier service."""
    rival = person("rival", cast.other_team, Role.DESIGNER)
    told = {"by": rival, "team": cast.other_team, "edition": edition, "planned_on": planned_on}
    earlier, service = starting.start(**told, name="Earlier permit"), starting.start(**told, name="Parking permit")
    proof = Proof(form="file", title="Ours", file=ContentFile(PDF, "ours.pdf"))
    walking.say(service, walking.first(service, "rule"), rival, state="met", proof=proof)
    deliverable = walking.first(service, "deliverable")
    documenting.add(by=rival, service=service, requirement=deliverable, title="Plan", address="https://example.org/")
    review = walking.ask(service, rival)
    return Side(cast.other_team, rival, service, earlier.slug, review.snapshot.sha256)


def touched(written: list[str]) -> set[str]:
    """The tables of TEAM_OF that these statements name, those whose rows they tie together among them."""
    tables = tuple(statement.split(" ")[1] for statement in written)
    names = {label: apps.get_model(label)._meta.db_table for label in TEAM_OF}
    return {label for label, name in names.items() if any(table.startswith(name) for table in tables)}


def crossed(labels: Collection[str] = TEAM_OF) -> list[str]:
    """Every column of these tables by which a row points into another team than its own."""
    found = []
    for label in labels:
        model, own = apps.get_model(label), TEAM_OF[label]
        for field in model._meta.get_fields():
            other = getattr(field, "related_model", None)
            if isinstance(field, ForeignKey | ManyToManyField) and other and other._meta.label_lower in TEAM_OF:
                there = f"{field.name}__{TEAM_OF[other._meta.label_lower]}"
                pointing = model.objects.exclude(**{there: None}).exclude(**{there: F(own)})
                found += [f"{label}.{field.name}"] if pointing.exists() else []
    for column in ENTRUSTED:
        label, field = column.rsplit(".", 1)
        if not {label, "accounts.membership"} & set(labels):  # who leaves a team is in charge of nothing there
            continue
        rows = apps.get_model(label).objects.exclude(**{field: None})
        found += [column] if rows.exclude(**{f"{field}__memberships__team": F(TEAM_OF[label])}).exists() else []
    return found


def rows_of(team: Team, labels: Collection[str] = TEAM_OF) -> dict[str, list[tuple]]:
    """All that belongs to a team, in each of these tables."""
    return {
        label: list(apps.get_model(label).objects.filter(**{TEAM_OF[label]: team}).order_by("pk").values_list())
        for label in labels
    }


def test_every_table_of_a_team_is_looked_at(furnished):
    """A new table with a way to a team belongs in TEAM_OF."""
    models = [m for room in ("stages", "checklists", "reviews") for m in apps.get_app_config(room).get_models()]
    ways = {"service", "team", "review", "document", "passage", "decision"}
    owned = {m._meta.label_lower for m in models if ways & {f.name for f in m._meta.concrete_fields}}
    assert owned - set(TEAM_OF) == set()
    assert crossed() == []


def test_an_address_that_mixes_two_teams_leads_nowhere(theirs, ours, furnished, arrived):
    """Our service, and the number of something of theirs."""
    mixed, wrong = {name for name, names in CONVERTERS.items() if {"slug", "pk"} <= set(names)}, []
    for name in sorted(mixed & set(POLICY)):
        slug = ours.team.slug if name.startswith("accounts:") else ours.service.slug
        requirement = walking.first(ours.service, "deliverable" if "document" in name else "rule").slug
        kwargs = furnished.kwargs(name) | {"slug": slug, "stage": "build", "requirement": requirement}
        address = reverse(name, kwargs={key: kwargs[key] for key in CONVERTERS[name]})
        for method in POLICY[name].methods:
            browser = arrived["outsider"]
            response, written = visiting.ask(browser, partial(browser.generic, method, address))
            if response.status_code != 404 or written:
                wrong.append(f"{method} {name}: {response.status_code} {written}")
    assert len(mixed) > 15
    assert wrong == []


def cases(side: Side) -> dict[str, tuple[str, str, dict[str, object]]]:
    """For each field that names something: URL name, the field, and a form that is sound with what is our own."""
    edition = side.service.edition
    new = {"name": "Another", "edition": edition.pk, "planned_on": "2099-01-01", "team": side.team.pk}
    role = edition.roles.first().slug
    decision = {"outcome": "no_go", "rationale": "Not yet.", "looked": "on"}
    decision |= {"conditions-TOTAL_FORMS": 0, "conditions-INITIAL_FORMS": 0}
    return {
        "the team of a new service": ("portfolio:service_new", "team", new),
        "the service it copies": ("portfolio:service_new", "copy_of", new),
        "who fills a role": ("portfolio:assign", role, {}),
        "who is responsible": ("reviews:entrust", "responsible", {}),
        "evidence of an answer": ("reviews:answer", "proof_piece", {"seen": 0, "state": "met", "proof": "existing"}),
        "the record of a report": ("reviews:reports", "record", {"language": "en"}),
        "the picture signed on": ("reviews:decide_review", "seen_snapshot", decision),
    }


@pytest.fixture
def place(ours) -> Callable[[str], str]:
    """An address of ours; the entry is a rule that nobody has answered yet."""
    rules = [one for one in walking.asked(ours.service) if one.kind == "rule"]

    def of(name: str) -> str:
        told = {"slug": ours.service.slug, "stage": "build", "requirement": rules[1].slug}
        return reverse(name, kwargs={key: told[key] for key in CONVERTERS[name]})

    return of


@pytest.mark.parametrize(
    "case",
    [
        "the team of a new service",
        "the service it copies",
        "who fills a role",
        "who is responsible",
        "evidence of an answer",
        "the record of a report",
        "the picture signed on",
    ],
)
def test_a_form_takes_what_is_ours_and_not_what_is_theirs(case, theirs, ours, place, arrived):
    name, field, sound = cases(ours)[case]
    browser, answers = arrived["outsider"], {}
    if name == "reviews:decide_review":
        sound |= {"seen_changes": walking.case(ours.service.passages.first().reviews.get()).changes_digest}
    for side in (ours, theirs):
        told = sound | {field: side.named[field]}
        answers[side], written = visiting.ask(browser, partial(browser.post, place(name), told))
        assert bool(written) == (side is ours), (side, written, answers[side].content.decode()[-3000:])
    assert answers[ours].status_code in {200, 302}
    assert answers[theirs].status_code in REFUSED


@pytest.fixture
def rivals(cast, theirs) -> Cast:
    """As many people in the other team, with the same roles: everything of the one has its like in the other."""
    roles = {"manager": Role.MANAGER, "second_manager": Role.MANAGER, "viewer": Role.VIEWER}
    roles |= {"designer": Role.DESIGNER, "second_designer": Role.DESIGNER}
    others = {name: person(f"rival_{name}", cast.other_team, role) for name, role in roles.items()}
    return Cast(cast.other_team, cast.team, SimpleNamespace(**others, administrator=cast.administrator))


@pytest.fixture
def mirrored(rivals, edition, planned_on) -> Furnished:
    told = {"by": rivals.designer, "team": rivals.team, "edition": edition, "planned_on": planned_on}
    return furnishing.furnish(starting.start(**told, name="Driving licence"), rivals, edition, planned_on)


def test_whatever_is_posted_nothing_crosses(theirs, mirrored, rivals, arrived):
    """To every address of one's own that takes a form: a sound one; and with what names something of theirs in it,
    by whatever field there is, also those that this form has not.
    """
    before, wrong, writing, looked_at = rows_of(theirs.team), [], set(), set()
    browser, sound = arrived["outsider"], bodies.sound(mirrored, rivals)
    session = UserSession.objects.create(user=theirs.member, ip="127.0.0.1", session_key="theirs", user_agent="x")
    swapped = theirs.named | {"session": session.pk}
    unsound = {name: "1" for name in made_up.fields() if not name.startswith(("seen", "DELETE"))} | swapped
    posts = sorted(name for name, policy in POLICY.items() if "POST" in policy.methods)
    for name in posts:
        address = reverse(name, kwargs=mirrored.kwargs(name))
        own = sound.get(name, {})
        for told in (own, own | swapped, swapped | own, unsound | own):
            with transaction.atomic(), watching.writes() as written:
                response = browser.post(address, told)
                stays = UserSession.objects.filter(pk=session.pk).exists()
                wrong += [] if stays else [f"{name}: a session of theirs ended"]
                labels = touched(written)
                looked_at |= labels
                if found := crossed(labels) + changed(theirs.team, before, labels):
                    wrong.append(f"{name}: {found}")
                wrong += [f"{name}: {response.status_code}"] if response.status_code >= 500 else []
                writing |= {name} if written else set()
                transaction.set_rollback(True)
            browser.cookies.load(browser.signed_in)
    assert wrong == []
    assert len(looked_at) > 12, "tables that these forms write, by the names that the database knows them by"
    of_teams = [name for name in posts if POLICY[name].needs not in {PUBLIC, ACCOUNT, Act.TEAMS, Act.OPERATE}]
    assert set(of_teams) - writing - set(bodies.QUIET) == {"reviews:withdraw_waiver"}  # only who asked for it may
    assert len(of_teams) > 40


def changed(team: Team, before: dict[str, list[tuple]], labels: Collection[str]) -> list[str]:
    return [table for table, rows in rows_of(team, labels).items() if rows != before[table]]
