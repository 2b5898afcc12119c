"""The evidence of a service: all of it, one piece in its revisions, and what there is to choose from for an answer."""

from collections.abc import Collection

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import calendar
from accounts.access import standing
from accounts.acts import Act
from accounts.refusals import Refusal
from checklists import evidencing, files, pieces
from checklists.access import evidence_of
from checklists.forms import RevisionForm
from checklists.models import Evidence
from checklists.piece_forms import PiecesForm
from reviews.views.desk import desk_for
from stages.access import may_on, service_for
from stages.models import Service

PAGE, CHOICE = 50, 20  # pieces on a page, and to choose from


@require_safe
def evidence_list(request: HttpRequest, slug: str) -> HttpResponse:
    service, today = service_for(request, slug), calendar.day()
    form = PiecesForm(request.GET)
    show, find, number = form.wanted()
    page = Paginator(pieces.of(service, on=today, show=show, find=find), PAGE).get_page(number)
    counts = pieces.counts(service, on=today)
    context = {
        "service": service,
        "chips": [(key, word, counts[key], key == show) for key, word in form.fields["show"].choices],
        "shown": pieces.placed(service, page.object_list, on=today),
        "page": page,
    }
    return render(request, "reviews/evidence_list.html", context | {"show": show, "find": find})


@require_safe
def evidence(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A piece in all its revisions; the address of any of them leads here."""
    service = service_for(request, slug)
    return piece_page(request, service, evidence_of(service, pk))


def piece_page(
    request: HttpRequest, service: Service, looked_at: Evidence, form: RevisionForm | None = None, status: int = 200
) -> HttpResponse:
    revisions, today = pieces.revisions(looked_at), calendar.day()
    (piece,) = pieces.placed(service, revisions[:1], on=today)
    may = may_on(service, standing(request), Act.ANSWER)
    context = {
        "service": service,
        "piece": piece,
        "older": pieces.placed(service, revisions[1:], on=today),
        "altered": bool(piece.evidence.file) and not files.intact(piece.evidence),
        "form": (form or RevisionForm(piece.evidence)) if may else None,
    }
    return render(request, "reviews/evidence.html", context, status=status)


@require_POST
def revise(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    service = service_for(request, slug, Act.ANSWER)
    looked_at = evidence_of(service, pk)
    form = RevisionForm(looked_at, request.POST, request.FILES)
    if not form.is_valid():
        return piece_page(request, service, looked_at, form, 422)
    try:
        new = evidencing.revise(by=request.user, evidence=looked_at, proof=form.revision)
    except Refusal as refusal:
        form.refuse(refusal)
        return piece_page(request, service, looked_at, form, refusal.status)
    messages.success(request, _("Revision %(number)d stands wherever the one before stood.") % {"number": new.number})
    return redirect("reviews:evidence", slug, new.pk)


@require_safe
def evidence_choice(request: HttpRequest, slug: str, stage: str, requirement: str) -> HttpResponse:
    """What the service has already, to put it behind this answer too: a page, or a part of the panel."""
    desk = desk_for(request, slug, stage, requirement, Act.ANSWER)
    bench = desk.bench()
    row = bench.row(requirement)
    context = {
        "service": desk.passage.service,
        "bench": bench,
        "line": bench.line(row),
        "wanted": {name: request.GET[name] for name in ("state", "rating") if request.GET.get(name)},
        **choice_of(desk.passage.service, PiecesForm(request.GET), behind=row.evidence),
    }
    name = "_choice.html" if request.htmx else "choice.html"
    return render(request, f"reviews/workbench/{name}", context)


def choice_of(service: Service, form: PiecesForm, *, behind: Collection[Evidence]) -> dict[str, object]:
    """The first pieces that fit what is looked for and are not `behind` the answer already; how many more there are."""
    _show, find, _number = form.wanted()
    today = calendar.day()
    found = pieces.of(service, on=today, find=find, beside=behind)
    shown = pieces.placed(service, found[:CHOICE], on=today)
    return {"find": find, "shown": shown, "more": max(0, found.count() - CHOICE), "behind": len(behind)}
