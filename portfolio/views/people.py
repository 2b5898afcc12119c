"""Who does what: the roles of the playbook, and who fills them on a service."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.acts import Act
from accounts.refusals import Conflict
from portfolio import roles
from portfolio.access import acts_on
from portfolio.roles import Cast
from portfolio.views.pages import crumbs_of
from stages import assigning
from stages.access import service_for
from stages.forms import PeopleForm


@require_safe
def people(request: HttpRequest, slug: str) -> HttpResponse:
    cast = roles.of(service_for(request, slug))
    return _show(request, cast, _form(cast))


@require_POST
def assign(request: HttpRequest, slug: str) -> HttpResponse:
    cast = roles.of(service_for(request, slug, Act.EDIT))
    form = _form(cast, request.POST)
    if not form.is_valid():
        return _show(request, cast, form, status=422)
    try:
        assigning.assign(by=request.user, service=cast.service, **form.told)
    except Conflict as conflict:
        if "now" not in conflict.detail:
            raise
        return _show(request, cast, form.anew(conflict), conflict=conflict, status=conflict.status)
    messages.success(request, _("Saved: who does what."))
    return redirect("portfolio:people", slug)


def _form(cast: Cast, data: object = None) -> PeopleForm:
    return PeopleForm(data, roles=cast.roles, members=cast.members, filled=cast.filled)


def _show(
    request: HttpRequest, cast: Cast, form: PeopleForm, *, status: int = 200, conflict: Conflict | None = None
) -> HttpResponse:
    service = cast.service
    parts = [(part, *form.of(part.role)) for part in cast.parts]
    context = {"service": service, "cast": cast, "parts": parts, "form": form, "conflict": conflict}
    context |= {"may": acts_on(request, service), "crumbs": crumbs_of(service)}
    return render(request, "portfolio/people.html", context, status=status)
