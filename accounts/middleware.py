"""A page in the language of the person; and the zone in which it showed times is put back afterwards."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from accounts import languages


class PersonMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            return self.get_response(request)
        finally:
            timezone.deactivate()  # the thread goes on with somebody else

    def process_view(self, request: HttpRequest, view, args, kwargs) -> None:
        """The language a person has chosen comes before the browser's."""
        if request.user.is_authenticated and request.user.language in languages.offered():
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language()
