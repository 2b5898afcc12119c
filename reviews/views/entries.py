"""One requirement: reading it, answering it, putting evidence behind it and taking it off."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from accounts.acts import Act
from accounts.refusals import Refusal
from checklists import answering, evidencing, planning
from checklists.access import evidence_of
from checklists.forms import AttachForm
from checklists.press_forms import PressForm
from reviews.views import panels
from reviews.views.desk import Desk, desk_for
from stages import chains

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
    return _record(desk, panels.bound(request, desk.requirement, desk.passage.service))


@require_POST
def attach(request: HttpRequest, slug: str, stage: str, requirement: str) -> HttpResponse:
    """Evidence, and with it whatever else was typed into the panel."""
    desk = desk_for(request, slug, stage, requirement, Act.ANSWER)
    return _record(desk, panels.bound(request, desk.requirement, desk.passage.service, AttachForm))


@require_POST
def detach(request: HttpRequest, slug: str, stage: str, requirement: str, pk: int) -> HttpResponse:
    desk = desk_for(request, slug, stage, requirement, Act.ANSWER)
    service, asked = desk.passage.service, desk.requirement
    evidence, current = evidence_of(service, pk), desk.looks_at_now()
    try:
        evidencing.detach(by=request.user, service=service, requirement=asked, evidence=evidence)
    except Refusal as refusal:
        return desk.refused(panels.refused(panels.bound(request, asked, service), refusal, panels.OPEN), refusal.status)
    return desk.done(typed=ANSWER_FIELDS + DOCUMENT_FIELDS + panels.CARE, current=current)


@require_POST
def entrust(request: HttpRequest, slug: str, stage: str, requirement: str) -> HttpResponse:
    """Who does it, and until when; what was typed into the answer stays."""
    desk = desk_for(request, slug, stage, requirement, Act.ANSWER)
    chains.refuse_archived(desk.passage.service)
    bench, current = desk.bench(), desk.looks_at_now()
    panel = panels.with_care(panels.fresh(bench.row(requirement), request.POST), bench, requirement, request.POST)
    if not panel.care.is_valid():
        return desk.show(bench, panel, status=422)
    try:
        planning.entrust(by=request.user, **desk.about, **panel.care.told)
    except Refusal as refusal:
        return desk.show(bench, replace(panel, care=panel.care.after(refusal)), status=refusal.status)
    return desk.done(typed=ANSWER_FIELDS + DOCUMENT_FIELDS, current=current)


def _record(desk: Desk, form: PressForm) -> HttpResponse:
    mode = panels.mode_of(desk.request)
    if not form.is_valid():
        return desk.refused(panels.refused(form, None, mode), 422)
    service, asked = desk.passage.service, desk.requirement
    try:
        answer = answering.record(by=desk.request.user, service=service, requirement=asked, **form.said())
    except Refusal as refusal:
        return desk.refused(panels.refused(form, refusal, mode), refusal.status)
    return desk.done(answer, typed=DOCUMENT_FIELDS + panels.CARE)
