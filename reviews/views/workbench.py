"""The workbench: one stage of a service, everything asked of it and what stands in the way."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import standing
from reviews import filters, history
from reviews.bench import Bench
from reviews.gate import gate_of
from stages.access import passage_for


@require_safe
def workbench(request: HttpRequest, slug: str, stage: str) -> HttpResponse:
    passage = passage_for(request, slug, stage)
    narrow = filters.read(request.META["QUERY_STRING"])
    bench = Bench(passage, gate_of(passage), standing(request), narrow)
    context = {"bench": bench, "service": passage.service, "reopened": history.reopening(passage)}
    return render(request, "reviews/workbench.html", context)
