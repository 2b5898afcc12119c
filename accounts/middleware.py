"""A page in the language of the person, and the zone in which it showed times is put back afterwards; nothing but the
way to a second step while a team of theirs asks for one.
"""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone, translation

from accounts import languages

# What somebody may open who still has to set up a second step: that, the profile it stands on, and the way out.
ON_THE_WAY = {
    *("accounts:profile", "accounts:app", "accounts:passkey_new", "accounts:codes", "accounts:codes_file"),
    *("account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"),
    *("account_logout", "accounts:language", "accounts:end_sessions"),
}


class PersonMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            return self.get_response(request)
        finally:
            timezone.deactivate()  # the thread goes on with somebody else

    def process_view(self, request: HttpRequest, view, args, kwargs) -> HttpResponse | None:
        """The language a person has chosen comes before the browser's; a second step that is owed, before the page."""
        if request.user.is_authenticated and request.user.language in languages.offered():
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language()
        owes = getattr(request.user, "owes_second_step", False) and getattr(view, "login_required", True)
        if owes and request.resolver_match.view_name not in ON_THE_WAY:
            return HttpResponseRedirect(f"{reverse('accounts:profile')}#second-step")
        return None
