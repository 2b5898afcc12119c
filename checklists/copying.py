"""A service is started as a copy of an earlier one of its team: what that one said comes along as proposals."""

from collections.abc import Iterator
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import calendar
from accounts.models import Team, User
from accounts.refusals import Refusal
from checklists import readiness, starting
from checklists.models import UNANSWERED, Proposal
from checklists.readiness import Row
from stages import catalogue, chains
from stages.models import Edition, Kind, Requirement, Service


@transaction.atomic
def start(
    *,
    by: User,
    source: Service,
    team: Team,
    edition: Edition,
    name: str,
    planned_on: date,
    summary: str = "",
    at: datetime | None = None,
) -> Service:
    """Start a service as `starting.start` does, with a proposal for everything the `source` has said.

    The same edition, or another of the same playbook: entries are matched by their slug. Nothing is answered by it.
    Refusal (about `copy_of`) for a source of another team, whose members could read what is not theirs, or of
    another playbook. Whether the person may see the source is for the caller to know.
    """
    _check(source, team, edition)
    told = {"team": team, "edition": edition, "name": name, "planned_on": planned_on, "summary": summary}
    service = starting.start(by=by, copied_from=source, at=at, **told)
    with chains.chain(service, at=at) as trail:
        found = [one for one in _proposals(service, source, calendar.day(trail.at)) if one[0].said_at <= trail.at]
        Proposal.objects.bulk_create(proposal for proposal, _row in found)
        links = [
            Proposal.evidence.through(proposal=proposal, evidence=piece)
            for proposal, row in found
            for piece in row.evidence
        ]
        Proposal.evidence.through.objects.bulk_create(links)
        after = {"service": source.pk, "slug": source.slug, "name": source.name, "proposals": len(found)}
        trail.add(by=by, verb="copied", subject="service", after=after)
    return service


def _check(source: Service, team: Team, edition: Edition) -> None:
    if source.team_id != team.pk:
        raise Refusal(_("Choose a service of the same team: others may not read what it said."), field="copy_of")
    if source.edition.playbook_id != edition.playbook_id:
        raise Refusal(_("The earlier service follows another playbook: nothing of it fits here."), field="copy_of")


def _proposals(service: Service, source: Service, on: date) -> Iterator[tuple[Proposal, Row]]:
    """Each with the row of the source that it is made of."""
    asked = {one.slug: one for sheet in catalogue.of(service.edition_id).sheets for one in sheet.requirements}
    for sheet in catalogue.of(source.edition_id).sheets:
        for row in readiness.rows_of(source, sheet, on=on):
            there = asked.get(row.requirement.slug)
            if there and there.kind == row.requirement.kind and _says_something(row):
                yield _proposal(service, there, row), row


def _says_something(row: Row) -> bool:
    """Anything but the first state of its kind, or words beside it."""
    answer = row.answer
    said = answer is not None and answer.version > 0
    return said and (answer.state != UNANSWERED[Kind(row.requirement.kind)] or bool(answer.text or answer.note))


def _proposal(service: Service, requirement: Requirement, row: Row) -> Proposal:
    answer = row.answer
    words = {name: getattr(answer, name) for name in ("state", "rating", "text", "reason", "note")}
    who = {"said_by_id": answer.recorded_by_id, "said_at": answer.recorded_at, "version": row.document}
    return Proposal(service=service, requirement=requirement, **words, **who)
