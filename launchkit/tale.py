"""One service of the demo, told in order: each sentence of a story is an act of a person on a day."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.utils import timezone

from accounts import calendar
from accounts.models import Team, User
from checklists import answering, copying, documenting, due_dates, evidencing, planning, starting, waiving
from checklists.evidencing import Proof
from checklists.models import Answer, DocumentVersion, Evidence, State, Waiver
from reviews import cases, deciding, launching, reporting, settling, submitting
from reviews.deciding import Demand
from reviews.models import Condition, Decision, Review
from stages import assigning, catalogue
from stages.catalogue import Sheet
from stages.models import Edition, Kind, Passage, PassageState, Requirement, Service

FOLDER = settings.BASE_DIR / "fixtures" / "demo"
NOT_APPLICABLE = frozenset({"golive-public-data", "gq-opendata"})
STEP = timedelta(minutes=11)


class Tale:
    """Facts and sentences of one service; `says` maps a slug to what the team says to it."""

    def __init__(self, edition: Edition, facts: Mapping[str, Any], says: Mapping[str, str], team: Team) -> None:
        self.edition, self.facts, self.says, self.team = edition, facts, says, team
        self.service: Service
        self.clock = timezone.now()

    def on(self, days_ago: int) -> "Tale":
        """Turn the clock to a morning so many days ago; it goes on by minutes with every act."""
        day = calendar.day() - timedelta(days=days_ago)
        self.clock = datetime.combine(day, time(8, 20), tzinfo=timezone.get_current_timezone())
        return self

    def now(self) -> datetime:
        self.clock += STEP
        return self.clock

    def begins(self, by: User, like: str = "") -> None:
        """Add the service, empty or as a copy of the one of that name."""
        planned_on = calendar.day() + timedelta(days=self.facts["planned"])
        told = {"name": self.facts["name"], "summary": self.facts["summary"], "planned_on": planned_on}
        told |= {"team": self.team, "edition": self.edition, "at": self.now()}
        if like:
            self.service = copying.start(by=by, source=Service.objects.get(name=like), **told)
        else:
            self.service = starting.start(by=by, **told)

    def fills(self, by: User, people: Mapping[str, User]) -> None:
        """Say who fills roles that nobody fills yet."""
        assigning.assign(by=by, service=self.service, people=people, seen={}, at=self.now())

    def plans(self, by: User, stage: str) -> None:
        """Accept the due days that are proposed for a stage."""
        at = self.now()
        plans = due_dates.of(self.service, on=calendar.day(at))
        seen = next(plan.digest for plan in plans if plan.stage.slug == stage)
        planning.accept(by=by, service=self.service, stage=stage, seen=seen, at=at)

    def works(
        self,
        stage: str,
        *,
        days: tuple[int, int],
        by: Sequence[User],
        approver: User,
        ratings: Mapping[str, int] | None = None,
        leaves: Collection[str] = (),
        most: int | None = None,
    ) -> None:
        """Answer what is open in a stage, from one day to another and turn by turn: all but what it `leaves`,
        at `most` so many.
        """
        said = self.service.answers.filter(version__gt=0)
        kept = {*leaves, *said.values_list("requirement__slug", flat=True)}
        asked = [one for one in self.sheet(stage).requirements if one.slug not in kept]
        wanted = sorted(asked, key=lambda one: one.position * 7 % 12)[:most]  # nobody works through a list in order
        first, last = days
        for place, requirement in enumerate(wanted):
            day = first - place * (first - last) // len(wanted)
            if place == 0 or day != first - (place - 1) * (first - last) // len(wanted):
                self.on(day)
            rating = (ratings or {}).get(requirement.slug, 2 + place % 2)
            self.answers(by[place % len(by)], requirement, approver=approver, rating=rating)

    def answers(self, by: User, requirement: Requirement, *, approver: User, rating: int) -> None:
        said = self.sentence(requirement.slug)
        if requirement.slug in NOT_APPLICABLE:
            self.records(by, requirement, state=State.NOT_APPLICABLE, reason=said)
        elif requirement.kind == Kind.RULE:
            self.records(by, requirement, state=State.MET, proof=self.proof(requirement))
        elif requirement.kind == Kind.ITEM:
            proof = self.proof(requirement) if requirement.slug in self.files else None
            self.records(by, requirement, state=State.DONE, note=said, proof=proof)
        elif requirement.kind == Kind.QUESTION:
            self.records(by, requirement, state=State.RATED, rating=rating, text=said, proof=self.proof(requirement))
        else:
            version = self.sends(by, requirement)
            documenting.approve(by=approver, version=version, at=self.now())

    def records(self, by: User, requirement: Requirement, **said: Any) -> Answer:
        before = Answer.objects.filter(service=self.service, requirement=requirement).first()
        seen = before.version if before else 0
        return answering.record(by=by, service=self.service, requirement=requirement, seen=seen, at=self.now(), **said)

    def shows(self, by: User, requirement: Requirement, title: str, text: str, *, days_left: int) -> Evidence:
        """Put a note that ends in so many days from today behind an answer."""
        until = calendar.day() + timedelta(days=days_left)
        proof = Proof(form=Evidence.Form.NOTE, title=title, text=text, valid_until=until)
        told = {"service": self.service, "requirement": requirement, "at": self.now()}
        return evidencing.attach(by=by, proof=proof, **told)

    def renews(self, by: User, evidence: Evidence, *, days_left: int) -> Evidence:
        """A new revision of a note, which says the same and ends later."""
        until = calendar.day() + timedelta(days=days_left)
        proof = Proof(form=Evidence.Form.NOTE, text=evidence.text, valid_until=until)
        return evidencing.revise(by=by, evidence=evidence, proof=proof, at=self.now())

    def writes(self, by: User, requirement: Requirement, title: str = "") -> DocumentVersion:
        """A draft version of a deliverable: a file where the demo has one, else a link."""
        source = {"address": self.address(requirement)}
        if name := self.files.get(requirement.slug):
            source = {"file": self.file(name)}
        title = title or self.sentence(requirement.slug)
        told = {"service": self.service, "requirement": requirement, "title": title}
        return documenting.add(by=by, at=self.now(), **told, **source)

    def sends(self, by: User, requirement: Requirement, title: str = "") -> DocumentVersion:
        return documenting.send(by=by, version=self.writes(by, requirement, title), at=self.now())

    def sends_back(self, by: User, version: DocumentVersion, remark: str) -> DocumentVersion:
        return documenting.send_back(by=by, version=version, remark=remark, at=self.now())

    def asks(self, by: User, stage: str, note: str) -> Review:
        """Ask for a review; every exit criterion that a person confirms is met."""
        by_hand = [criterion for criterion in self.sheet(stage).criteria if criterion.computed is None]
        said = [(criterion, True, self.sentence(criterion.slug)) for criterion in by_hand]
        return submitting.submit(by=by, passage=self.passage(stage), note=note, confirmations=said, at=self.now())

    def decides(
        self, by: User, review: Review, outcome: str, rationale: str, conditions: Sequence[Demand] = ()
    ) -> Decision:
        """Sign on the picture, having seen everything that changed since."""
        at = self.now()
        case = cases.case_of(review, on=calendar.day(at))
        seen = {"seen_snapshot": review.snapshot.sha256, "seen_changes": case.changes_digest}
        told = {"outcome": outcome, "rationale": rationale, "conditions": conditions}
        return deciding.decide(by=by, review=review, at=at, **told, **seen)

    def asks_waiver(self, by: User, requirement: Requirement, *, days: int, reason: str, measure: str) -> Waiver:
        """Ask for a golden rule to be excused, until so many days after today."""
        until = calendar.day() + timedelta(days=days)
        about = {"service": self.service, "requirement": requirement, "expires_on": until}
        return waiving.ask(by=by, reason=reason, measure=measure, at=self.now(), **about)

    def grants(self, by: User, waiver: Waiver, word: str) -> Waiver:
        return waiving.grant(by=by, waiver=waiver, word=word, at=self.now())

    def says_met(self, by: User, decision: Decision, number: int, text: str) -> Condition:
        """Say that a condition is met, with a note that shows it."""
        condition = decision.conditions.get(number=number)
        proof = Proof(form=Evidence.Form.NOTE, text=text)
        return settling.say_met(by=by, condition=condition, proof=proof, at=self.now())

    def confirms(self, by: User, condition: Condition, note: str = "") -> Condition:
        return settling.close(by=by, condition=condition, note=note, seen=condition.said_met_at, at=self.now())

    def goes_live(self, by: User) -> None:
        day = calendar.day() + timedelta(days=self.facts["planned"])
        launching.record_live(by=by, service=self.service, on=day, at=self.now())

    def reports(self, by: User, record: Decision) -> None:
        """Ask for the PDF of a decision; a worker makes it as soon as one runs."""
        told = {"service": self.service, "record": record, "language": self.edition.language}
        reporting.request(by=by, at=self.now(), **told)

    # -- what the acts are made of ------------------------------------------------------------------------

    @property
    def files(self) -> Mapping[str, str]:
        return self.facts.get("files", {})

    def sheet(self, stage: str) -> Sheet:
        return catalogue.of(self.edition.pk).sheet(stage)

    def requirement(self, slug: str) -> Requirement:
        sheets = catalogue.of(self.edition.pk).sheets
        return next(sheet.by_slug[slug] for sheet in sheets if slug in sheet.by_slug)

    def passage(self, stage: str) -> Passage:
        passages = Passage.objects.filter(service=self.service, stage__slug=stage).exclude(state=PassageState.LOCKED)
        passage = passages.select_related("stage__edition").latest("round")
        passage.service = self.service
        return passage

    def sentence(self, slug: str) -> str:
        return self.says[slug].format_map(self.facts)

    def proof(self, requirement: Requirement, text: str = "") -> Proof:
        """What stands behind an answer: a file where the demo has one, a link behind a question, else a note."""
        text = text or self.sentence(requirement.slug)
        if name := self.files.get(requirement.slug):
            return Proof(form=Evidence.Form.FILE, file=self.file(name))
        if requirement.kind == Kind.QUESTION:
            looked_for = str(requirement.good_evidence).rstrip(".")
            return Proof(form=Evidence.Form.LINK, title=looked_for, address=self.address(requirement))
        return Proof(form=Evidence.Form.NOTE, text=text)

    def address(self, requirement: Requirement) -> str:
        return f"https://files.{settings.DEMO_DOMAIN}/{self.service.slug}/{requirement.slug}"

    def file(self, name: str) -> ContentFile:
        return ContentFile((FOLDER / name).read_bytes(), name=name)
