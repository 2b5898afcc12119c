from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import rosters, teaming
from accounts.access import people_for, standing, team_for
from accounts.acts import Act
from accounts.forms import AskForm, MemberForm, TeamForm
from accounts.models import Team, User
from accounts.refusals import Conflict, Refusal


@require_safe
def teams(request: HttpRequest) -> HttpResponse:
    who = standing(request)
    context = {"teams": rosters.teams(who), "may_add": Act.TEAMS in who.site_acts}
    return render(request, "accounts/teams.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def team_new(request: HttpRequest) -> HttpResponse:
    people_for(request)
    form = TeamForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made = teaming.create(by=request.user, name=form.cleaned_data["name"])
        except Refusal as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("%(team)s is there. Invite its first people.") % {"team": made})
            return redirect("accounts:team", made.slug)
    context = {"form": form, "crumbs": crumbs()}
    return render(request, "accounts/team_new.html", context, status=422 if form.is_bound else 200)


@require_safe
def team(request: HttpRequest, slug: str) -> HttpResponse:
    found = team_for(request, slug)
    may = standing(request).may(Act.MEMBERS, found.pk)
    context = {
        "team": found,
        "members": rosters.members(found),
        "invitations": rosters.invitations(found, timezone.now()) if may else [],
        "may": may,
        "crumbs": crumbs(),
    }
    return render(request, "accounts/team.html", context)


@require_POST
def ask_second_step(request: HttpRequest, slug: str) -> HttpResponse:
    found, form = team_for(request, slug, Act.MEMBERS), AskForm(request.POST)
    asked = form.is_valid() and form.cleaned_data["asked"]
    teaming.ask_second_step(by=request.user, team=found, asked=asked)
    on, off = _("%(team)s asks for a second step now."), _("%(team)s no longer asks for a second step.")
    messages.success(request, (on if asked else off) % {"team": found})
    return redirect("accounts:team", slug)


@require_http_methods(["GET", "HEAD", "POST"])
def member(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = team_for(request, slug, Act.MEMBERS)
    person = rosters.member(found, pk)
    if person is None:
        raise Http404
    form = MemberForm(request.POST if request.method == "POST" else None, held=teaming.roles_of(person, found))
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            return _changed(request, found, person, form)
        except teaming.NoManagerLeft as refusal:
            form.ask(refusal)
        except Conflict as conflict:
            form, status = form.anew(conflict), conflict.status
    return _member_page(request, found, person, form, status=status)


def _changed(request: HttpRequest, team: Team, person: User, form: MemberForm) -> HttpResponse:
    held = teaming.set_roles(by=request.user, team=team, person=person, **form.cleaned_data)
    sentence = _("The roles of %(name)s are saved.") if held else _("%(name)s is no longer on the team.")
    messages.success(request, sentence % {"name": person})
    return redirect("accounts:team", team.slug)


def _member_page(request: HttpRequest, team: Team, person: User, form: MemberForm, *, status: int) -> HttpResponse:
    context = {
        "team": team,
        "person": person,
        "form": form,
        "own": person == request.user,
        "crumbs": [*crumbs(), (team, reverse("accounts:team", args=[team.slug]))],
    }
    return render(request, "accounts/member.html", context, status=status)


def crumbs() -> list[tuple[object, str]]:
    return [(_("Teams"), reverse("accounts:teams"))]
