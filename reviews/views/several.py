"""Several proposals of an earlier service are taken over at once; what cannot be is said and left."""

from collections.abc import Mapping
from types import MappingProxyType

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.access import standing
from accounts.acts import Act
from accounts.refusals import Refusal
from checklists import confirming
from checklists.proposal_forms import TakeSeveralForm
from reviews.bench import Bench
from reviews.gate import gate_of
from stages import catalogue
from stages.access import passage_for
from stages.models import Passage, Requirement

Left = Mapping[Requirement, Refusal]
NOTHING: Left = MappingProxyType({})


@require_http_methods(["GET", "HEAD", "POST"])
def stage_proposals(request: HttpRequest, slug: str, stage: str) -> HttpResponse:
    """All that is proposed for a stage, to take over several at once."""
    passage = passage_for(request, slug, stage, Act.ANSWER)
    form = _form(request, passage)
    if not form.is_valid():
        return _several_page(request, passage, form, status=422 if form.is_bound else 200)
    wanted = form.cleaned_data["take"]
    left = confirming.take_several(by=request.user, service=passage.service, wanted=wanted)
    _say_how_many(request, len(wanted) - len(left))
    if left:
        return _several_page(request, passage, form, left, status=422)
    return redirect("reviews:workbench", slug, stage)


def _form(request: HttpRequest, passage: Passage) -> TakeSeveralForm:
    asked = catalogue.of(passage.service.edition_id).sheet_by_id(passage.stage_id).by_slug
    return TakeSeveralForm(request.POST if request.method == "POST" else None, requirements=asked)


def _say_how_many(request: HttpRequest, number: int) -> None:
    told = ngettext("%(n)d proposal is taken over.", "%(n)d proposals are taken over.", number) % {"n": number}
    if number:
        messages.success(request, told)


def _several_page(
    request: HttpRequest, passage: Passage, form: TakeSeveralForm, left: Left = NOTHING, *, status: int
) -> HttpResponse:
    """What is still proposed; ticked is what was `left`, each with its reason, or all of it when that is asked for."""
    bench = Bench(passage, gate_of(passage), standing(request))
    context = {"bench": bench, "service": passage.service, "form": form, "left": len(left)}
    context |= _offers(bench, left, everything="all" in request.GET)
    return render(request, "reviews/workbench/proposals.html", context, status=status)


def _offers(bench: Bench, left: Left, *, everything: bool) -> dict[str, object]:
    offered = {line.requirement: line for line in bench.offered}
    return {
        "offers": [(line, left.get(one), everything or one in left) for one, line in offered.items()],
        "changed": [(one, why) for one, why in left.items() if one not in offered],
    }
