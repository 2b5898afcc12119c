"""What happens to a service besides its stages: one page each, which asks for the words or the reason and does it."""

from collections.abc import Callable
from typing import NamedTuple

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts.acts import Act
from accounts.refusals import Refusal
from checklists import planning
from portfolio.forms import CorrectionForm, PlanForm, ReasonForm, UpkeepForm, WordsForm
from portfolio.views.pages import crumbs_of
from reviews import launching
from stages import chains, keeping
from stages.access import service_for
from stages.models import Service

reads_and_writes = require_http_methods(["GET", "HEAD", "POST"])


class Upkeep(NamedTuple):
    """One page: the act, what is filled in for it, and its words."""

    act: Callable[..., Service]
    form: type[UpkeepForm]
    heading: Promise
    sentence: Promise
    action: Promise
    done: Promise


EDIT = Upkeep(
    keeping.edit,
    WordsForm,
    _("Edit the service"),
    _("Its address stays as it is, so links go on working. Reports already made keep the words they were sealed with."),
    _("Save"),
    _("Saved."),
)
PLAN = Upkeep(
    planning.replan,
    PlanForm,
    _("Move the planned go-live"),
    _("Everybody who sees the service sees from which day to which it was moved, by whom, and why."),
    _("Move the day"),
    _("The planned go-live is moved."),
)
ARCHIVE = Upkeep(
    keeping.archive,
    ReasonForm,
    _("Archive this service?"),
    _("It leaves the list and becomes read-only: nothing can be answered, asked for or decided. Nothing is deleted, "
      "reports can still be made, and a manager can bring it back."),
    _("Archive the service"),
    _("The service is archived."),
)  # fmt: skip
BRING_BACK = Upkeep(
    keeping.bring_back,
    ReasonForm,
    _("Bring this service back?"),
    _("It stands in the list again, and the team goes on where it stopped."),
    _("Bring it back"),
    _("The service is back."),
)


CORRECT = Upkeep(
    launching.correct_live,
    CorrectionForm,
    _("Correct the day it went live"),
    _("Conditions that are due so many days after go-live move with it."),
    _("Correct the day"),
    _("The day is corrected."),
)


@reads_and_writes
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    return _living(request, service_for(request, slug, Act.EDIT), EDIT)


@reads_and_writes
def plan(request: HttpRequest, slug: str) -> HttpResponse:
    return _living(request, service_for(request, slug, Act.EDIT), PLAN)


@reads_and_writes
def correct_live(request: HttpRequest, slug: str) -> HttpResponse:
    service = service_for(request, slug, Act.WENT_LIVE)
    if service.went_live_on is None:
        return redirect("portfolio:service", slug)
    return _living(request, service, CORRECT)


@reads_and_writes
def archive(request: HttpRequest, slug: str) -> HttpResponse:
    return _living(request, service_for(request, slug, Act.ARCHIVE), ARCHIVE)


@reads_and_writes
def bring_back(request: HttpRequest, slug: str) -> HttpResponse:
    return _turn(request, service_for(request, slug, Act.ARCHIVE), BRING_BACK)


def _living(request: HttpRequest, service: Service, page: Upkeep) -> HttpResponse:
    """The page of an act that no archived service takes: nobody fills in a form for nothing."""
    chains.refuse_archived(service)
    return _turn(request, service, page)


def _turn(request: HttpRequest, service: Service, page: Upkeep) -> HttpResponse:
    """Ask, or do it; a refusal that is about a field, or about what was seen, shows the form again."""
    form = page.form.about(service, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _show(request, service, page, form, status=422 if form.is_bound else 200)
    try:
        page.act(by=request.user, service=service, **form.told)
    except Refusal as refusal:
        if not {"field", "now"} & refusal.detail.keys():
            raise
        return _show(request, service, page, form.after(service, refusal), refusal=refusal, status=refusal.status)
    messages.success(request, page.done)
    return redirect("portfolio:service", service.slug)


def _show(
    request: HttpRequest,
    service: Service,
    page: Upkeep,
    form: UpkeepForm,
    *,
    status: int,
    refusal: Refusal | None = None,
) -> HttpResponse:
    now = refusal.detail.get("now") if refusal else None
    context = {"service": service, "page": page, "form": form, "crumbs": crumbs_of(service)}
    if now:
        context |= {"conflict": refusal, "versus": form.versus(now)}
    return render(request, "portfolio/service_upkeep.html", context, status=status)
