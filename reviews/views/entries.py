"""One requirement: reading it, answering it, putting evidence behind it and taking it off."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from accounts.acts import Act
from accounts.refusals import Refusal
from checklists import answering, evidencing
from checklists.access import evidence_of
from checklists.forms import AnswerForm, AttachForm
from reviews.views import panels
from reviews.views.desk import Desk, desk_for

ANSWER_FIELDS = (
    "text",
    "reason",
    "note",
    "proof_text",
    "proof_address",
    "proof_title",
    "effective_from",
    "valid_until",
)
DOCUMENT_FIELDS = ("address", "title", "remark")


@require_safe
def requirement(request: HttpRequest, slug: str, stage: str, requirement: str) -> HttpResponse:
    return desk_for(request, slug, stage, requirement).read()


@require_POST
def answer(request: HttpRequest, slug: str, stage: str, requirement: str) -> HttpResponse:
    desk = desk_for(request, slug, stage, requirement, Act.ANSWER)
    return _record(desk, panels.bound(request, desk.requirement))


@require_POST
def attach(request: HttpRequest, slug: str, stage: str, requirement: str) -> HttpResponse:
    """Evidence, and with it whatever else was typed into the panel."""
    desk = desk_for(request, slug, stage, requirement, Act.ANSWER)
    return _record(desk, panels.bound(request, desk.requirement, AttachForm))


@require_POST
def detach(request: HttpRequest, slug: str, stage: str, requirement: str, pk: int) -> HttpResponse:
    desk = desk_for(request, slug, stage, requirement, Act.ANSWER)
    service, asked = desk.passage.service, desk.requirement
    evidence, current = evidence_of(service, pk), desk.looks_at_now()
    try:
        evidencing.detach(by=request.user, service=service, requirement=asked, evidence=evidence)
    except Refusal as refusal:
        return desk.refused(panels.refused(panels.bound(request, asked), refusal, panels.OPEN), refusal.status)
    return desk.done(typed=ANSWER_FIELDS + DOCUMENT_FIELDS, current=current)


def _record(desk: Desk, form: AnswerForm) -> HttpResponse:
    mode = panels.mode_of(desk.request)
    if not form.is_valid():
        return desk.refused(panels.refused(form, None, mode), 422)
    service, asked = desk.passage.service, desk.requirement
    try:
        answer = answering.record(by=desk.request.user, service=service, requirement=asked, **form.said())
    except Refusal as refusal:
        return desk.refused(panels.refused(form, refusal, mode), refusal.status)
    return desk.done(answer, typed=DOCUMENT_FIELDS)
