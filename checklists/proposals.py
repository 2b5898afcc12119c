"""What an earlier service said, and nobody has confirmed or discarded yet."""

from collections.abc import Mapping

from django.db.models import Prefetch, QuerySet

from checklists.models import UNANSWERED, Evidence, Proposal
from checklists.readiness import Row
from stages.models import Kind, Service, Stage


def waiting(service: Service, stage: Stage) -> Mapping[int, Proposal]:
    """The open proposals of a stage by requirement, in two queries; in none for a service that is no copy."""
    if service.copied_from_id is None:
        return {}
    evidence = Prefetch("evidence", Evidence.objects.order_by("added_at", "pk"))
    found = Proposal.objects.filter(service=service, requirement__stage=stage, outcome=Proposal.Outcome.OPEN)
    found = found.select_related("said_by", "version", "service__copied_from").prefetch_related(evidence)
    return {one.requirement_id: one for one in found}


def offered(row: Row, waiting: Mapping[int, Proposal]) -> Proposal | None:
    """The proposal that a row shows: none once the service has an answer of its own."""
    unanswered = row.state == UNANSWERED[Kind(row.requirement.kind)]
    return waiting.get(row.requirement.pk) if unanswered else None


def of_service(service: Service) -> QuerySet[Proposal]:
    return Proposal.objects.filter(service=service)
