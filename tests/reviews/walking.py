"""Steps of a story at the gate, made through the same functions as the web."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from django.utils import timezone

from accounts import chaining
from accounts.models import Chain, User
from checklists import answering, documenting, waiving
from checklists.evidencing import Proof
from checklists.models import Answer, State, Waiver
from reviews import deciding, launching, settling, submitting, superseding
from reviews.cases import case_of
from reviews.deciding import Demand
from reviews.models import Condition, Decision, Outcome, Review
from stages import catalogue, publishing
from stages.models import Edition, Kind, Passage, Requirement, Service
from tests import stock
from tests.stages import playbooks

NOTE = Proof(form="note", text="Seen on the live system.")
FULL = {
    Kind.RULE: {"state": State.MET, "proof": NOTE},
    Kind.ITEM: {"state": State.DONE},
    Kind.QUESTION: {"state": State.RATED, "rating": 3, "text": "Tried with users.", "proof": NOTE},
}


def small_edition() -> Edition:
    """A playbook of one stage that asks for four things, instead of the real one: its papers are made in a moment."""
    catalogue.forget()
    return publishing.publish(by=None, text=playbooks.text().encode()).edition


def passage_of(service: Service, stage: str = "build") -> Passage:
    found = Passage.objects.select_related("stage", "service__team", "service__edition__playbook")
    return found.filter(service=service, stage__slug=stage).counting().order_by("-round").first()


def asked(service: Service, stage: str = "build") -> tuple[Requirement, ...]:
    return catalogue.of(service.edition_id).sheet(stage).requirements


def requirement(service: Service, slug: str) -> Requirement:
    return next(r for sheet in catalogue.of(service.edition_id).sheets for r in sheet.requirements if r.slug == slug)


def first(service: Service, kind: str, stage: str = "build", *, required: bool = True) -> Requirement:
    return next(one for one in asked(service, stage) if one.kind == kind and one.required == required)


def say(service: Service, one: Requirement, by: User, **said: object) -> Answer:
    """Record an answer, whatever is there now."""
    there = Answer.objects.filter(service=service, requirement=one).first()
    return answering.record(by=by, service=service, requirement=one, seen=there.version if there else 0, **said)


def write(service: Service, one: Requirement, by: User, approver: User, title: str = "Plan"):
    version = documenting.add(
        by=by, service=service, requirement=one, title=title, address=f"https://docs.example.org/{title}"
    )
    documenting.send(by=by, version=version)
    return documenting.approve(by=approver, version=version)


def ask_waiver(service: Service, one: Requirement, by: User, days: int = 30, **said: str) -> Waiver:
    """Ask for a golden rule to be excused; the rule is in a stage that is open."""
    told = {"reason": "The outside test is in March.", "measure": "Every login is looked at each morning.", **said}
    until = timezone.localdate() + timedelta(days=days)
    return waiving.ask(by=by, service=service, requirement=one, expires_on=until, **told)


def waive(service: Service, one: Requirement, by: User, granter: User, days: int = 30) -> Waiver:
    return waiving.grant(by=granter, waiver=ask_waiver(service, one, by, days), word="Agreed until the test.")


def fulfil(service: Service, by: User, approver: User, stage: str = "build", *, without: Sequence[str] = ()) -> None:
    """Answer everything a stage asks for as well as can be, but for the slugs in `without`; in one chain, for speed."""
    key = ("fulfilled", *_so_far(service), by.pk, approver.pk, stage, *without)
    stock.lay_if_it_returns(key, lambda: _answer_all(service, by, approver, stage, without))


def lived(service: Service, what: str, build: Callable[[], object]) -> None:
    """What a fixture does to a service, named by `what`: the same after the same past is laid down."""
    stock.lay((what, *_so_far(service)), build)


def _so_far(service: Service) -> tuple[str, date]:
    """The head of a service's chain names all that happened to it; some acts also depend on the day."""
    return Chain.objects.get(pk=service.scope).head, timezone.localdate()


def _answer_all(service: Service, by: User, approver: User, stage: str, without: Sequence[str]) -> None:
    with chaining.chain(service.scope):
        for one in asked(service, stage):
            if one.slug in without:
                continue
            if one.kind == Kind.DELIVERABLE:
                write(service, one, by, approver)
            else:
                say(service, one, by, **FULL[one.kind])


def by_hand(service: Service, stage: str = "build", *, met: bool = True):
    criteria = catalogue.of(service.edition_id).sheet(stage).criteria
    return [(one, met, "Looked at together.") for one in criteria if one.computed is None]


def ask(service: Service, by: User, stage: str = "build", *, met: bool = True, note: str = "") -> Review:
    confirmations = by_hand(service, stage, met=met)
    return submitting.submit(by=by, passage=passage_of(service, stage), note=note, confirmations=confirmations)


def case(review: Review):
    found = Review.objects.select_related(
        "snapshot", "asked_by", "passage__stage", "passage__service__team", "passage__service__edition__playbook"
    )
    return case_of(found.get(pk=review.pk))


def demand(owner: User, text: str = "Rehearse the way back", days: int = 30, requirements=()) -> Demand:
    return Demand(text, owner, timezone.localdate() + timedelta(days=days), requirements)


def sign(review: Review, by: User, outcome: str = Outcome.GO, conditions=(), **other: object) -> Decision:
    """Decide as somebody who has just looked; `other` says what differs from that."""
    looked = case(review)
    told = {
        "rationale": "The picture is sound.",
        "seen_snapshot": looked.review.snapshot.sha256,
        "seen_changes": looked.changes_digest,
    }
    return deciding.decide(by=by, review=review, outcome=outcome, conditions=list(conditions), **{**told, **other})


def meet(condition: Condition, by: User, confirmer: User, text: str = "Rehearsed on Monday.") -> Condition:
    """Say that a condition is met, and have it confirmed."""
    said = settling.say_met(by=by, condition=condition, proof=Proof(form="note", text=text))
    return settling.close(by=confirmer, condition=said, note=text, seen=said.said_met_at)


def supersede(review: Review, by: User, outcome: str = Outcome.NO_GO, conditions=(), **other: object) -> Decision:
    """Put another decision in the place of the one that stands, as somebody who has just looked."""
    looked = case(review)
    told = {
        "rationale": "The evidence was for another service.",
        "mistake": "The test report is not about this service.",
        "seen_decision": looked.review.decision.sha256,
        "seen_snapshot": looked.review.snapshot.sha256,
        "seen_changes": looked.changes_digest,
    }
    return superseding.supersede(
        by=by, review=looked.review, outcome=outcome, conditions=list(conditions), **{**told, **other}
    )


def go_live(service: Service, by: User) -> Service:
    return launching.record_live(by=by, service=service, on=timezone.localdate())
