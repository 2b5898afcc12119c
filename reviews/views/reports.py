"""The reports of a service: asking for one, watching it being made, fetching it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.acts import Act
from accounts.forms import LanguageForm
from jobs import leasing
from reviews import access, degrees, reporting, reports, shelf
from reviews.forms import ReportForm
from reviews.models import Report
from stages.access import service_for
from stages.models import Service


@require_http_methods(["GET", "HEAD", "POST"])
def reports_list(request: HttpRequest, slug: str) -> HttpResponse:
    service = service_for(request, slug, Act.EXPORT)
    told = request.POST if request.method == "POST" else None
    form = ReportForm(told, service=service, wanted=request.GET.get("record", reports.TODAY))
    if request.method != "POST":
        return list_page(request, service, form)
    if not form.is_valid():
        return list_page(request, service, form, status=422)
    wanted = {"record": form.record_chosen, "language": form.language_chosen}
    return redirect("reviews:report", slug, reporting.request(by=request.user, service=service, **wanted).pk)


def list_page(request: HttpRequest, service: Service, form: ReportForm, *, status: int = 200) -> HttpResponse:
    aged = degrees.of_service(service)
    listed = reports.listed(service)
    shown = [(one, reports.subject(one), leasing.status(one), reports.stands(one, aged)) for one in listed]
    context = {"service": service, "form": form, "reports": shown}
    return render(request, "reviews/reports.html", context, status=status)


@require_safe
def report(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The progress of a report, then its link. htmx asks for the fragment, and gets nothing while nothing changed."""
    found = access.report_for(request, slug, pk)
    status = leasing.status(found)
    if request.htmx and request.GET.get("seen") == status.state:
        return HttpResponse(status=204)
    return report_page(request, found, status)


def report_page(request: HttpRequest, found: Report, status: leasing.Status, *, code: int = 200) -> HttpResponse:
    name = "reviews/_report.html" if request.htmx else "reviews/report.html"
    gone = status.state == Report.State.DONE and shelf.fetch(found) is None
    context = {"report": found, "service": found.service, "status": status, "gone": gone}
    stands = reports.stands(found, degrees.of_service(found.service)) if not request.htmx else ""
    return render(request, name, {**context, "title": reports.subject(found), "stands": stands}, status=code)


@require_POST
def retry_report(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = access.report_for(request, slug, pk, Act.EXPORT)
    again = reporting.retry(by=request.user, report=found)
    messages.success(request, _("The report is being made again."))
    return redirect("reviews:report", slug, again.pk)


@require_POST
def report_in_language(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The same record once more, in another language."""
    found = access.report_for(request, slug, pk, Act.EXPORT)
    form = LanguageForm(request.POST)
    if form.is_valid():
        same = {"service": found.service, "record": found.decision or found.snapshot}
        found = reporting.request(by=request.user, language=form.cleaned_data["language"], **same)
    return redirect("reviews:report", slug, found.pk)


@require_safe
def download_report(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The file, for who may see the service at this moment; a sentence where it is gone or was changed."""
    found = access.report_for(request, slug, pk)
    pdf = shelf.fetch(found)
    if pdf is None:
        return report_page(request, found, leasing.status(found), code=404)
    name = slugify(f"{found.service.slug} {found.snapshot.passage.stage.slug} {found.record[:12]}")
    disposition = f'attachment; filename="readiness-{name}-{found.language}.pdf"'
    headers = {"Content-Disposition": disposition, "Cache-Control": "private, no-store"}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)
