"""Waivers on the workbench: asking for one, taking that back, granting, refusing, ending it early."""

from collections.abc import Callable

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from accounts.acts import Act
from accounts.refusals import Refusal
from checklists import waiving
from checklists.access import waiver_of
from checklists.forms import WaiverEndForm, WaiverForm, WaiverWordForm
from checklists.models import Waiver
from reviews.views import panels
from reviews.views.desk import Desk, desk_for
from reviews.views.entries import ANSWER_FIELDS
from stages.models import Kind


@require_POST
def ask_waiver(request: HttpRequest, slug: str, stage: str, requirement: str) -> HttpResponse:
    desk = _desk(request, slug, stage, requirement, Act.ASK_WAIVER)
    about = {"service": desk.passage.service, "requirement": desk.requirement}
    return _do(desk, waiving.ask, WaiverForm, **about)


@require_POST
def withdraw_waiver(request: HttpRequest, slug: str, stage: str, requirement: str, pk: int) -> HttpResponse:
    desk = _desk(request, slug, stage, requirement, Act.ASK_WAIVER)
    return _do(desk, waiving.withdraw, Form, waiver=_waiver(desk, pk))


@require_POST
def grant_waiver(request: HttpRequest, slug: str, stage: str, requirement: str, pk: int) -> HttpResponse:
    desk = _desk(request, slug, stage, requirement, Act.WAIVE)
    return _do(desk, waiving.grant, WaiverWordForm, waiver=_waiver(desk, pk))


@require_POST
def refuse_waiver(request: HttpRequest, slug: str, stage: str, requirement: str, pk: int) -> HttpResponse:
    desk = _desk(request, slug, stage, requirement, Act.WAIVE)
    return _do(desk, waiving.refuse, WaiverWordForm, waiver=_waiver(desk, pk))


@require_POST
def end_waiver(request: HttpRequest, slug: str, stage: str, requirement: str, pk: int) -> HttpResponse:
    desk = _desk(request, slug, stage, requirement, Act.WAIVE)
    return _do(desk, waiving.end, WaiverEndForm, waiver=_waiver(desk, pk))


def _desk(request: HttpRequest, slug: str, stage: str, requirement: str, needs: Act) -> Desk:
    """404 for anything but a golden rule: nothing else has waivers."""
    desk = desk_for(request, slug, stage, requirement, needs)
    if desk.requirement.kind != Kind.RULE:
        raise Http404
    return desk


def _waiver(desk: Desk, pk: int) -> Waiver:
    return waiver_of(desk.passage.service, desk.requirement, pk)


def _do(desk: Desk, act: Callable[..., Waiver], kind: type[Form], **about: object) -> HttpResponse:
    """One act with what its form says; what was typed beside it into the answer stays."""
    form, current = panels.waiver_form(desk.request, desk.requirement, kind), desk.looks_at_now()
    if not form.is_valid():
        return _refused(desk, form)
    try:
        act(by=desk.request.user, **about, **form.cleaned_data)
    except Refusal as refusal:
        return _refused(desk, form, refusal)
    return desk.done(typed=ANSWER_FIELDS, current=current)


def _refused(desk: Desk, form: Form, refusal: Refusal | None = None) -> HttpResponse:
    bench = desk.bench()
    panel = panels.fresh(bench.row(desk.requirement.slug), desk.request.POST)
    return desk.show(bench, panels.with_waiver(panel, form, refusal), status=refusal.status if refusal else 422)
