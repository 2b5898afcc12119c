"""Playbooks, for everybody who is signed in; and the languages they and the interface are in."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from stages import library, translations
from stages.access import edition_for


@require_safe
def playbooks(request: HttpRequest) -> HttpResponse:
    return render(request, "stages/playbooks.html", {"playbooks": library.playbooks()})


@require_safe
def edition(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    catalogue = edition_for(request, slug, number)
    told = {
        "edition": catalogue.edition,
        "roles": catalogue.roles,
        "chapters": library.chapters(catalogue),
        "numbers": library.numbers(catalogue),
    }
    return render(request, "stages/edition.html", told)


@login_not_required
@require_safe
def languages(request: HttpRequest) -> HttpResponse:
    """How far each language is, for everybody; the editions for who may read them."""
    told = {"interface": translations.interface()}
    if request.user.is_authenticated:
        told["editions"] = translations.editions()
    return render(request, "stages/languages.html", told)
