"""Who did what to a service: as a page for everybody who may see it, as JSON Lines for auditors."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts import jsonl
from accounts.access import standing
from accounts.acts import Act
from reviews import history
from reviews.views.queries import HistoryForm
from stages.access import service_for


@require_safe
def service_history(request: HttpRequest, slug: str) -> HttpResponse:
    service = service_for(request, slug)
    form = HistoryForm(request.GET, people=history.people(service))
    wanted = form.wanted()
    context = {
        "service": service,
        "form": form,
        "wanted": wanted,
        "page": history.page(service, wanted),
        "may_audit": standing(request).may(Act.AUDIT, service.team_id),
    }
    return render(request, "reviews/history.html", context)


@require_safe
def service_trail(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    service = service_for(request, slug, Act.AUDIT)
    response = StreamingHttpResponse(jsonl.lines(service.scope), content_type="application/jsonl; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="trail-{service.slug}.jsonl"'
    response["Cache-Control"] = "private, no-store"
    return response
