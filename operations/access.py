from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from accounts.access import standing
from accounts.acts import Act
from operations import queues
from reviews.models import Report


def administrator_only(request: HttpRequest) -> None:
    """403 for everybody who does not look after the installation."""
    if Act.OPERATE not in standing(request).site_acts:
        raise PermissionDenied


def failed_report(request: HttpRequest, pk: int) -> Report | None:
    """A report to be tried again; None when it no longer stands as failed. 404 when there is no such report."""
    administrator_only(request)
    if not Report.objects.filter(pk=pk).exists():
        raise Http404
    return queues.one_failed(pk)
