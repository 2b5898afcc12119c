"""Written deliverables on the workbench: adding a version, sending it, approving it or sending it back."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from accounts.acts import Act
from accounts.refusals import Refusal
from checklists import documenting
from checklists.access import version_of
from checklists.forms import DocumentForm, RemarkForm
from reviews.views import panels
from reviews.views.desk import Desk, desk_for
from reviews.views.entries import ANSWER_FIELDS, DOCUMENT_FIELDS


@require_POST
def document(request: HttpRequest, slug: str, stage: str, requirement: str) -> HttpResponse:
    desk = desk_for(request, slug, stage, requirement, Act.ANSWER)
    form = DocumentForm(request.POST, request.FILES, auto_id=f"{requirement}-document-%s")
    if not form.is_valid():
        return _refused(desk, form)
    current = desk.looks_at_now()
    try:
        documenting.add(by=request.user, service=desk.passage.service, requirement=desk.requirement, **form.said())
    except Refusal as refusal:
        return _refused(desk, form, refusal)
    return desk.done(typed=(*ANSWER_FIELDS, "remark", *panels.CARE), current=current)


@require_POST
def send_document(request: HttpRequest, slug: str, stage: str, requirement: str, number: int) -> HttpResponse:
    desk = desk_for(request, slug, stage, requirement, Act.ANSWER)
    return _judged(desk, number, documenting.send)


@require_POST
def approve_document(request: HttpRequest, slug: str, stage: str, requirement: str, number: int) -> HttpResponse:
    desk = desk_for(request, slug, stage, requirement, Act.APPROVE)
    return _judged(desk, number, documenting.approve, remarks=True)


@require_POST
def send_back_document(request: HttpRequest, slug: str, stage: str, requirement: str, number: int) -> HttpResponse:
    desk = desk_for(request, slug, stage, requirement, Act.APPROVE)
    return _judged(desk, number, documenting.send_back, remarks=True)


def _judged(desk: Desk, number: int, act, *, remarks: bool = False) -> HttpResponse:
    """Do one act on one version, with a remark where the act takes one."""
    version, form = version_of(desk.passage.service, desk.requirement, number), _remark(desk)
    if not form.is_valid():
        return _refused(desk, form)
    current = desk.looks_at_now()
    said = {"remark": form.cleaned_data["remark"]} if remarks else {}
    try:
        act(by=desk.request.user, version=version, **said)
    except Refusal as refusal:
        return _refused(desk, form, refusal)
    return desk.done(typed=ANSWER_FIELDS + DOCUMENT_FIELDS[:2] + panels.CARE, current=current)


def _remark(desk: Desk) -> RemarkForm:
    return RemarkForm(desk.request.POST, auto_id=f"{desk.requirement.slug}-%s")


def _refused(desk: Desk, form: DocumentForm | RemarkForm, refusal: Refusal | None = None) -> HttpResponse:
    bench = desk.bench()
    row = bench.row(desk.requirement.slug)
    panel = panels.with_document(panels.fresh(row, desk.request.POST), form, refusal)
    return desk.show(bench, panel, status=refusal.status if refusal else 422)
