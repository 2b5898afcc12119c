"""Turns what the domain refuses, and a database out of reach, into an answer a person can read."""

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse

from accounts.refusals import Refusal
from launchkit.errors import refused, unavailable


class RefusalMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A view shows the refusals it expects itself; this is the net under all of them."""
        if isinstance(exception, Refusal):
            return refused(request, exception)
        if isinstance(exception, OperationalError):
            return unavailable(request)
        return None
