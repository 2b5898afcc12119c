"""What an earlier service said is taken over, or discarded, entry by entry, by whoever then stands for it."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.chaining import Trail
from accounts.models import User
from accounts.refusals import Conflict, Refusal
from checklists import answering, documenting, evidencing
from checklists.models import Answer, Proposal
from checklists.working import work_on
from stages import chains
from stages.models import Kind, Requirement, Service


def take(*, by: User, service: Service, requirement: Requirement, seen: int, at: datetime | None = None) -> Answer:
    """Make the proposal an answer of `by`, said now, on copies of its evidence; a deliverable gets a draft version.

    Refused like any answer: `seen` is the version the person looked at, and a met rule needs evidence in force
    today. Taken over already (a double click): the answer that is there. Conflict when it was discarded.
    """
    with chains.chain(service, at=at) as trail:
        proposal = _proposal(service, requirement)
        if proposal.outcome == Proposal.Outcome.DISCARDED:
            raise Conflict(_("Somebody discarded this meanwhile."))
        if proposal.outcome == Proposal.Outcome.TAKEN:
            return Answer.objects.get(service=service, requirement=requirement)
        answer = _answered(by, proposal, seen)
        _close(trail, by, proposal, Proposal.Outcome.TAKEN, "taken_over")
        return answer


def take_several(
    *, by: User, service: Service, wanted: Mapping[Requirement, int], at: datetime | None = None
) -> Mapping[Requirement, Refusal]:
    """Take over each of the `wanted` as `take` does, `seen` in the version given with it; all in one write.

    Returns those that are left, each with what stands against it: they are as they were, the others are taken over.
    """
    left: dict[Requirement, Refusal] = {}
    with chains.chain(service, at=at) as trail:
        for requirement, seen in wanted.items():
            try:
                with trail.attempt():
                    take(by=by, service=service, requirement=requirement, seen=seen)
            except Refusal as refusal:
                left[requirement] = refusal
    return left


def discard(*, by: User, service: Service, requirement: Requirement, at: datetime | None = None) -> Proposal:
    """Leave aside what the earlier service said. Twice is once; Conflict when it was taken over meanwhile."""
    with chains.chain(service, at=at) as trail:
        proposal = _proposal(service, requirement)
        if proposal.outcome == Proposal.Outcome.TAKEN:
            raise Conflict(_("Somebody took this over meanwhile."))
        if proposal.outcome == Proposal.Outcome.OPEN:
            _close(trail, by, proposal, Proposal.Outcome.DISCARDED, "discarded")
        return proposal


def _proposal(service: Service, requirement: Requirement) -> Proposal:
    found = Proposal.objects.filter(service=service, requirement=requirement).select_related("version").first()
    if found is None:
        raise Refusal(_("No earlier service has said anything to this."))
    found.service, found.requirement = service, requirement
    return found


def _answered(by: User, proposal: Proposal, seen: int) -> Answer:
    about = {"by": by, "service": proposal.service, "requirement": proposal.requirement}
    with work_on(service=proposal.service, requirement=proposal.requirement) as work:
        for piece in proposal.evidence.order_by("added_at", "pk"):
            evidencing.bring(work=work, earlier=piece, by=by)
    if proposal.requirement.kind != Kind.DELIVERABLE:
        said = {name: getattr(proposal, name) for name in ("state", "rating", "text", "reason", "note")}
        return answering.record(seen=seen, **about, **said)
    answering.record(seen=seen, note=proposal.note, **about)
    if proposal.version:
        documenting.bring(earlier=proposal.version, **about)
    return Answer.objects.get(service=proposal.service, requirement=proposal.requirement)


def _close(trail: Trail, by: User, proposal: Proposal, outcome: str, verb: str) -> None:
    proposal.outcome, proposal.closed_by, proposal.closed_at = outcome, by, trail.at
    proposal.save(update_fields=["outcome", "closed_by", "closed_at"])
    source = proposal.service.copied_from
    after = {"name": source.name, "state": str(proposal.state), "rating": proposal.rating}
    trail.add(by=by, verb=verb, subject=proposal.requirement.subject, after=after)
