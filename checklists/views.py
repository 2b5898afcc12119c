"""Files of evidence and documents: to be kept, never to be shown by the browser; permission asked each time."""

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from checklists import files
from checklists.access import document_for, evidence_for
from checklists.models import DocumentVersion, Evidence


@require_safe
@never_cache
def evidence_file(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    return _handed_out(request, evidence_for(request, slug, pk))


@require_safe
@never_cache
def document_file(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    return _handed_out(request, document_for(request, slug, pk))


def _handed_out(request: HttpRequest, piece: Evidence | DocumentVersion) -> HttpResponse:
    """The file as it was stored; a sentence where it is gone or is not the same any more."""
    file = files.opened(piece)
    if file is None:
        return render(request, "checklists/missing_file.html", {"piece": piece}, status=404)
    response = FileResponse(file, as_attachment=True, filename=piece.file_name, content_type=piece.media_type)
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    return response
