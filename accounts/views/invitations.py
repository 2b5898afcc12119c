from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import inviting, joining, rosters
from accounts.access import people_for, team_for
from accounts.acts import Act, Role, SiteRole
from accounts.forms import InvitationForm, JoinForm
from accounts.models import Invitation, Team
from accounts.refusals import Refusal
from accounts.views.teams import crumbs

HELD = "invitation"  # the session's key of the invitation whose link was followed


@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest, slug: str) -> HttpResponse:
    team = team_for(request, slug, Act.MEMBERS)
    back = reverse("accounts:team", args=[slug])
    return _invite(request, team, Role, [*crumbs(), (team, back)])


@require_http_methods(["GET", "HEAD", "POST"])
def invite_person(request: HttpRequest) -> HttpResponse:
    people_for(request)
    way = [(_("People"), reverse("accounts:people"))]
    return _invite(request, None, SiteRole, way)


def _invite(request: HttpRequest, team: Team | None, kind: type, way: list) -> HttpResponse:
    form = InvitationForm(request.POST if request.method == "POST" else None, kind=kind)
    if not form.is_valid():
        return _page(request, team, form, way, status=422 if form.is_bound else 200)
    if limited := ratelimit.consume_or_429(request, action="invite"):
        return limited
    try:
        inviting.invite(by=request.user, team=team, **form.cleaned_data)
    except Refusal as refusal:
        if "field" not in refusal.detail:
            raise
        form.add_error(refusal.detail["field"], str(refusal))
        return _page(request, team, form, way, status=refusal.status)
    messages.success(request, _("The invitation is on its way to %(email)s.") % {"email": form.cleaned_data["email"]})
    return redirect(way[-1][1])


def _page(request: HttpRequest, team: Team | None, form: InvitationForm, way: list, *, status: int) -> HttpResponse:
    context = {"team": team, "form": form, "crumbs": way, "back": way[-1][1]}
    return render(request, "accounts/invite.html", context, status=status)


@require_POST
def withdraw(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    team = team_for(request, slug, Act.MEMBERS)
    return _withdraw(request, rosters.invitation(team, pk), reverse("accounts:team", args=[slug]))


@require_POST
def withdraw_person(request: HttpRequest, pk: int) -> HttpResponse:
    people_for(request)
    return _withdraw(request, rosters.invitation(None, pk), reverse("accounts:people"))


def _withdraw(request: HttpRequest, found: Invitation | None, back: str) -> HttpResponse:
    if found is None:
        raise Http404
    inviting.withdraw(by=request.user, invitation=found)
    told = {"email": found.email}
    messages.success(request, _("The invitation of %(email)s is withdrawn; its link no longer works.") % told)
    return redirect(back)


@login_not_required
@require_safe
def join_with(request: HttpRequest, token: str) -> HttpResponse:
    """Take the token out of the address at once, so that neither a log nor a page that is left carries it on.

    It always redirects: Django logs the address of an answer that is an error.
    """
    if found := rosters.invited(token):  # a broken link does not lose a good one followed before
        request.session[HELD] = found.pk
    return redirect("accounts:join")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    if limited := ratelimit.consume_or_429(request, action="join"):
        return limited
    found = rosters.held(request.session.get(HELD))
    state = joining.state_of(found, timezone.now()) if found else "unknown"
    if found is None or state != "open":
        return render(request, "accounts/join_dead.html", {"state": state})
    account = rosters.account_of(found.email)
    if request.user.is_authenticated:
        return _join_as(request, found, own=request.user == account)
    if account is not None:
        return render(request, "accounts/join_sign_in.html", {"invitation": found, "account": account})
    return _join_new(request, found)


def _join_as(request: HttpRequest, found: Invitation, *, own: bool) -> HttpResponse:
    """Whoever is signed in takes the roles with one button; under another address nothing can be taken."""
    if request.method == "POST":
        joining.accept(by=request.user, invitation=found)
        return _arrived(request, found)
    return render(request, "accounts/join_as.html", {"invitation": found, "own": own})


def _join_new(request: HttpRequest, found: Invitation) -> HttpResponse:
    form = JoinForm(request.POST if request.method == "POST" else None, email=found.email)
    if not form.is_valid():
        context = {"form": form, "invitation": found}
        return render(request, "accounts/join_new.html", context, status=422 if form.is_bound else 200)
    told = {"name": form.cleaned_data["name"], "password": form.cleaned_data["password"]}
    user = joining.accept(by=None, invitation=found, **told)
    record_authentication(request, user, method="password", email=user.email)
    perform_login(request, user)
    return _arrived(request, found)


def _arrived(request: HttpRequest, found: Invitation) -> HttpResponse:
    request.session.pop(HELD, None)
    welcome = _("You are on the team %(team)s now.") % {"team": found.team} if found.team else _("You have your roles.")
    messages.success(request, welcome)
    return redirect("accounts:team", found.team.slug) if found.team else redirect("portfolio:services")
