from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import standing
from portfolio import my_work
from portfolio.forms import PagesForm


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    pages = PagesForm(request.GET).pages
    return render(
        request, "portfolio/my_work.html", {"work": my_work.of(standing(request), pages=pages), "next": pages + 1}
    )
