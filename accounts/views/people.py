from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import appointing, authenticators, leaving, rosters
from accounts.access import people_for
from accounts.forms import SiteRolesForm
from accounts.models import User
from accounts.refusals import Conflict


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    everybody = people_for(request)
    context = {"people": rosters.everybody(everybody), "invitations": rosters.invitations(None, timezone.now())}
    return render(request, "accounts/people.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(people_for(request), pk=pk)
    form = SiteRolesForm(request.POST if request.method == "POST" else None, held=found.site_roles)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            appointing.set_roles(by=request.user, person=found, **form.cleaned_data)
        except Conflict as conflict:
            form, status = form.anew(conflict), conflict.status
        else:
            messages.success(request, _("The roles of %(name)s are saved.") % {"name": found})
            return redirect("accounts:person", pk)
    return _person_page(request, found, form, status=status)


def _person_page(request: HttpRequest, person: User, form: SiteRolesForm, *, status: int) -> HttpResponse:
    context = {
        "person": person,
        "form": form,
        "own": person == request.user,
        "step": authenticators.of(person),
        "memberships": rosters.memberships(person),
        "alone": rosters.teams_with_no_other_manager(person),
        "crumbs": [(_("People"), reverse("accounts:people"))],
    }
    return render(request, "accounts/person.html", context, status=status)


@require_POST
def deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    found = leaving.deactivate(by=request.user, person=get_object_or_404(people_for(request), pk=pk))
    messages.success(request, _("%(name)s is signed out everywhere and cannot sign in any more.") % {"name": found})
    return redirect("accounts:person", pk)


@require_POST
def reactivate(request: HttpRequest, pk: int) -> HttpResponse:
    found = leaving.reactivate(by=request.user, person=get_object_or_404(people_for(request), pk=pk))
    messages.success(request, _("%(name)s can sign in again, with the roles held before.") % {"name": found})
    return redirect("accounts:person", pk)
