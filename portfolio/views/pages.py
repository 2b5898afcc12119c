from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import calendar
from accounts.access import Standing, standing
from accounts.acts import Act
from accounts.refusals import Refusal
from portfolio import adding, dossier, journey, listing, rows
from portfolio.access import acts_on, offer_for
from portfolio.forms import ServiceForm, WentLiveForm
from portfolio.list_forms import ListForm
from reviews import launching
from stages import catalogue
from stages.access import service_for
from stages.models import Service


@require_safe
def services(request: HttpRequest) -> HttpResponse:
    who = standing(request)
    teams = [(team.slug, team.name) for team in listing.teams(who)]
    form = ListForm(request.GET, teams=teams, stages=listing.stages())
    context = {"form": form, "may_add": bool(who.teams(Act.EDIT)), "scopes": who.sees_all and who.roles}
    return render(request, "portfolio/services.html", context | _found(who, form))


def _found(who: Standing, form: ListForm) -> dict[str, object]:
    wanted = form.wanted()
    page = listing.page(who, wanted)
    return {
        "wanted": wanted,
        "page": page,
        "counted": _counted(page.number),
        "columns": form.columns(wanted.order),
        "rows": rows.rows_of(page.services),
        "in_force": form.told(wanted.filters.in_force),
        "wider": form.told([] if page.services else listing.wider(who, wanted)),
    }


def _counted(number: int) -> str:
    if number > listing.COUNTED:
        return _("More than %(number)s services") % {"number": number_format(listing.COUNTED, force_grouping=True)}
    told = {"number": number_format(number, force_grouping=True)}
    return ngettext("%(number)s service", "%(number)s services", number) % told


@require_http_methods(["GET", "HEAD", "POST"])
def service_new(request: HttpRequest) -> HttpResponse:
    offer, posted = offer_for(request), request.POST if request.method == "POST" else None
    form = ServiceForm(posted, offer=offer, copy_of=request.GET.get("copy_of", ""))
    if not form.is_valid():
        return _new_page(request, form, status=422 if form.is_bound else 200)
    try:
        added = adding.add(by=request.user, **form.cleaned_data).service
    except Refusal as refusal:
        form.refuse(refusal)
        return _new_page(request, form, status=refusal.status)
    first = catalogue.of(added.edition_id).sheets[0].stage
    messages.success(request, _("%(name)s is added. Begin with the golden rules below.") % {"name": added})
    return redirect("reviews:workbench", added.slug, first.slug)


def _new_page(request: HttpRequest, form: ServiceForm, *, status: int) -> HttpResponse:
    return render(request, "portfolio/service_new.html", {"form": form, "crumbs": crumbs_of()}, status=status)


@require_safe
def service(request: HttpRequest, slug: str) -> HttpResponse:
    found = service_for(request, slug)
    return _page(request, found, WentLiveForm(initial={"on": min(found.planned_on, calendar.day())}))


@require_POST
def went_live(request: HttpRequest, slug: str) -> HttpResponse:
    found = service_for(request, slug, Act.WENT_LIVE)
    form = WentLiveForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    launching.record_live(by=request.user, service=found, on=form.cleaned_data["on"])
    messages.success(request, _("Recorded: %(name)s is live.") % {"name": found})
    return redirect("portfolio:service", slug)


def _page(request: HttpRequest, found: Service, form: WentLiveForm, *, status: int = 200) -> HttpResponse:
    told = dossier.of(found)
    context = {
        "service": found,
        "journey": journey.of(found),
        "dossier": told,
        "archived": told.archived if found.archived_at else None,
        "form": form,
        "may": acts_on(request, found),
        "copies": standing(request).may(Act.EDIT, found.team_id),
        "crumbs": crumbs_of(),
    }
    return render(request, "portfolio/service.html", context, status=status)


def crumbs_of(service: Service | None = None) -> list[tuple[str, str]]:
    here = [(service.name, reverse("portfolio:service", args=[service.slug]))] if service else []
    return [(_("Services"), reverse("portfolio:services")), *here]
