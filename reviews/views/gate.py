"""The gate of a stage: one address to ask, look, decide and read; and past reviews by their number."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from reviews import access
from reviews.cases import case_of
from reviews.models import Review
from reviews.views.asking import ask_page
from reviews.views.records import record_page, superseded_page
from reviews.views.signing import look_page
from stages.access import passage_for


@require_safe
def review(request: HttpRequest, slug: str, stage: str) -> HttpResponse:
    """Ask while the stage is open, look and decide while a review waits, read afterwards."""
    passage = passage_for(request, slug, stage)
    waiting = access.open_review(passage)
    if waiting is None:
        return ask_page(request, passage)
    return look_page(request, case_of(waiting))


@require_safe
def past_review(request: HttpRequest, slug: str, stage: str, number: int) -> HttpResponse:
    """One review to read, with its decision; the one that waits shows the page to decide on it."""
    found = access.review_for(request, slug, stage, number)
    if found.state == Review.State.OPEN:
        return look_page(request, case_of(found))
    return record_page(request, found)


@require_safe
def superseded_decision(request: HttpRequest, slug: str, stage: str, number: int, place: int) -> HttpResponse:
    """A decision on a review that was superseded, as it was signed; `place` counts the decisions on it."""
    found = access.review_for(request, slug, stage, number)
    return superseded_page(request, found, access.superseded_or_404(found, place))
