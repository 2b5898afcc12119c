"""Loading evidence, documents and waivers: each starts from the service that the person may see."""

from django.http import Http404, HttpRequest

from checklists.models import Answer, DocumentVersion, Evidence, Waiver
from stages.access import service_for
from stages.models import Requirement, Service


def evidence_of(service: Service, pk: int) -> Evidence:
    evidence = Evidence.objects.filter(service=service, pk=pk).first()
    if evidence is None:
        raise Http404
    return evidence


def version_of_answer(service: Service, requirement: Requirement) -> int:
    """The version of an answer as it is now; 0 while nothing is said."""
    found = Answer.objects.filter(service=service, requirement=requirement)
    return found.values_list("version", flat=True).first() or 0


def version_of(service: Service, requirement: Requirement, number: int) -> DocumentVersion:
    found = DocumentVersion.objects.filter(document__service=service, document__requirement=requirement, number=number)
    version = found.select_related("document").first()
    if version is None:
        raise Http404
    version.document.service, version.document.requirement = service, requirement
    return version


def waiver_of(service: Service, requirement: Requirement, pk: int) -> Waiver:
    waiver = Waiver.objects.filter(service=service, requirement=requirement, pk=pk).first()
    if waiver is None:
        raise Http404
    waiver.service, waiver.requirement = service, requirement
    return waiver


def evidence_for(request: HttpRequest, slug: str, pk: int) -> Evidence:
    """A piece of evidence that has a file; 404 when the person may not see its service."""
    evidence = evidence_of(service_for(request, slug), pk)
    if not evidence.file:
        raise Http404
    return evidence


def document_for(request: HttpRequest, slug: str, pk: int) -> DocumentVersion:
    """A document version that has a file; 404 when the person may not see its service."""
    service = service_for(request, slug)
    version = DocumentVersion.objects.filter(document__service=service, pk=pk).exclude(file_name="").first()
    if version is None:
        raise Http404
    return version
