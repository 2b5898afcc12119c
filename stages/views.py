"""Playbooks, for everybody who is signed in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from stages import library
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
