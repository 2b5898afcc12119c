"""Due days: what is set, what the timetable proposes for the rest, and accepting it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts import calendar
from accounts.acts import Act
from accounts.refusals import Conflict
from checklists import due_dates, planning
from portfolio.access import acts_on
from portfolio.forms import AcceptForm
from portfolio.views.pages import crumbs_of
from stages import assignments
from stages.access import service_for
from stages.models import Service


@require_safe
def dates(request: HttpRequest, slug: str) -> HttpResponse:
    return _show(request, service_for(request, slug))


@require_POST
def accept(request: HttpRequest, slug: str) -> HttpResponse:
    service, form = service_for(request, slug, Act.ANSWER), AcceptForm(request.POST)
    if not form.is_valid():
        return _show(request, service, status=422)
    try:
        days = planning.accept(by=request.user, service=service, **form.cleaned_data)
    except Conflict as conflict:
        return _show(request, service, status=conflict.status, conflict=conflict)
    told = ngettext("%(n)d due day is set.", "%(n)d due days are set.", len(days)) % {"n": len(days)}
    messages.success(request, told if days else _("Nothing more to set: every entry has its day."))
    return redirect("portfolio:dates", slug)


def _show(
    request: HttpRequest, service: Service, *, status: int = 200, conflict: Conflict | None = None
) -> HttpResponse:
    plans, roles = due_dates.of(service), assignments.of(service)
    context = {
        "service": service,
        "plans": [(plan, plan.days(roles)) for plan in plans],
        "on": calendar.day(),
        "number": sum(len(plan.proposed) for plan in plans),
        "digest": due_dates.digest(plans),
        "conflict": conflict,
        "may": acts_on(request, service),
        "crumbs": crumbs_of(service),
    }
    return render(request, "portfolio/dates.html", context, status=status)
