from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import outbox
from operations import access, checkup
from reviews import reporting


@require_safe
def operations(request: HttpRequest) -> HttpResponse:
    access.administrator_only(request)
    return render(request, "operations/operations.html", {"checkup": checkup.look(), "now": timezone.now()})


@require_POST
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """A second press finds it in the making already, and changes nothing."""
    if found := access.failed_report(request, pk):
        reporting.retry(by=request.user, report=found)
    messages.success(request, _("The report is being made again."))
    return redirect("operations:operations")


@require_POST
def retry_mail(request: HttpRequest, pk: int) -> HttpResponse:
    access.administrator_only(request)
    outbox.again(pk)
    messages.success(request, _("The mail is being sent again."))
    return redirect("operations:operations")
