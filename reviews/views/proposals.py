"""What an earlier service said is taken over or discarded, on the row it is about."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from accounts.acts import Act
from accounts.refusals import Refusal
from checklists import confirming
from checklists.forms import AnswerForm
from checklists.models import Proposal, State
from checklists.proposal_forms import TakeForm
from checklists.proposals import of_service
from reviews.views import panels
from reviews.views.desk import Desk, desk_for
from reviews.views.entries import ANSWER_FIELDS, DOCUMENT_FIELDS


@require_POST
def take_proposal(request: HttpRequest, slug: str, stage: str, requirement: str) -> HttpResponse:
    """A refusal opens the row as if the answer had been given there, with the words of the earlier service in it."""
    desk = desk_for(request, slug, stage, requirement, Act.ANSWER)
    proposal = get_object_or_404(of_service(desk.passage.service), requirement=desk.requirement)
    form = TakeForm(request.POST)
    seen = form.cleaned_data["seen"] if form.is_valid() else -1  # never the version that is there
    try:
        confirming.take(by=request.user, seen=seen, **desk.about)
    except Refusal as refusal:
        return desk.refused(panels.refused(_as_answer(desk, proposal, seen), refusal, panels.OPEN), refusal.status)
    return desk.done(typed=ANSWER_FIELDS + DOCUMENT_FIELDS + panels.CARE)


@require_POST
def discard_proposal(request: HttpRequest, slug: str, stage: str, requirement: str) -> HttpResponse:
    desk = desk_for(request, slug, stage, requirement, Act.ANSWER)
    current = desk.looks_at_now()
    confirming.discard(by=request.user, **desk.about)
    return desk.done(typed=ANSWER_FIELDS + DOCUMENT_FIELDS + panels.CARE, current=current)


def _as_answer(desk: Desk, proposal: Proposal, seen: int) -> AnswerForm:
    """The answer's form as it would have been sent with what the earlier service said."""
    told = {name: getattr(proposal, name) for name in ("text", "reason", "note")} | {"seen": max(seen, 0)}
    rated = proposal.state == State.RATED
    told |= {"rating": proposal.rating} if rated else {"state": proposal.state}
    return panels.filled(desk.requirement, told)
