"""Names each request, keeps answers private, and turns what the domain refuses, or a database out of reach, into one
that a person can read."""

import logging
import re
import time
from uuid import uuid4

from allauth.core import ratelimit
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import filesizeformat
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

from accounts.refusals import Refusal
from launchkit import logs
from launchkit.errors import OUT_OF_REACH, refused, unavailable
from launchkit.pace import PACE

done = logging.getLogger("launchkit.done")

GIVEN = re.compile(r"[A-Za-z0-9_.-]{8,64}")  # an id that a proxy may give; anything else could forge a line
WELL = {"/healthz", "/readyz"}
BESIDE_A_FILE = 1024 * 1024  # bytes of a form around its file
LARGE = 64 * 1024  # bytes from which on a form is taken to bring a file


class TooLarge(Refusal):
    """More than the largest file that is taken."""

    status = 413


class TooMany(Refusal):
    """More files or forms than are taken from one person in a while."""

    status = 429


class RequestMiddleware:
    """Every request has an id: the one that a proxy gave it, else a new one. The answer names it, and so do log lines.

    Costs no query: who is signed in is told only when somebody has asked for it.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request_id = given if GIVEN.fullmatch(given) else uuid4().hex
        began = time.perf_counter()
        with logs.about(request=request_id, user=lambda: getattr(getattr(request, "_cached_user", None), "pk", None)):
            response = self.get_response(request)
            self.tell(request, response.status_code, time.perf_counter() - began)
        response["X-Request-ID"] = request_id
        return response

    def tell(self, request: HttpRequest, status: int, seconds: float) -> None:
        """Machines that ask whether all is well are told of only when it is not."""
        if status < 400 and request.path in WELL:
            return
        facts = {"method": request.method, "path": request.path, "status": status, "ms": round(seconds * 1000, 1)}
        done.info("answered", extra={"facts": facts})


class PrivacyMiddleware:
    """What a person sees stays with the person: no proxy keeps it, no browser shows it after signing out.

    The answer to a form may come back from the browser's own history, so that what was typed is not lost.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            kept = {"no_cache": True} if request.method == "POST" else {"no_store": True}
            patch_cache_control(response, private=True, **kept)
        return response


class RefusalMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """What is far too large is refused before any of it is read."""
        if _announced(request) <= settings.UPLOAD_LIMIT + BESIDE_A_FILE:
            return self.get_response(request)
        told = _("This is too large: at most %(limit)s can be sent at once.")
        return refused(request, TooLarge(told % {"limit": filesizeformat(settings.UPLOAD_LIMIT)}))

    def process_view(self, request: HttpRequest, view, args, kwargs) -> HttpResponse | None:
        """Too much from one person; by now the answer is in their language. Whoever sent it may still sign out."""
        if request.method != "POST" or not request.user.is_authenticated:
            return None
        refusal = None if request.resolver_match.view_name == "account_logout" else _too_many(request)
        return refused(request, refusal) if refusal else None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A view shows the refusals it expects itself; this is the net under all of them."""
        if isinstance(exception, Refusal):
            return refused(request, exception)
        if isinstance(exception, OUT_OF_REACH):
            return unavailable(request)
        return None


def _too_many(request: HttpRequest) -> Refusal | None:
    if _announced(request) > LARGE and not ratelimit.consume(request, action="upload"):
        return TooMany(_("These are many files for one hour: try again later."))
    if settings.ACTS_A_MINUTE and not PACE.allows(request.user.pk, settings.ACTS_A_MINUTE):
        return TooMany(_("That was too much within one minute: wait a minute and go on."))
    return None


def _announced(request: HttpRequest) -> int:
    """The length of the body as the browser says; more than that is never read."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isdigit() else 0
