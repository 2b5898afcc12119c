from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from accounts import access, inbox, languages, origins
from accounts.models import User


def standing(request: HttpRequest) -> dict[str, object]:
    """`standing` in templates: what the person may do.

    A request that is refused before sessions are looked at (a wrong host) has no user; its page is shown too.
    """
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {"standing": SimpleLazyObject(lambda: access.standing(request))}


def zone(request: HttpRequest) -> dict[str, object]:
    """Show times in the person's own zone: from here on, when a page is being rendered, and not before.

    What a view judges (overdue, in the past) counts days in the installation's zone, the same for everybody; so the
    zone is not switched for the whole request. `PersonMiddleware` switches it back.
    """
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated and user.time_zone:
        timezone.activate(ZoneInfo(user.time_zone))
    return {}


def languages_offered(request: HttpRequest) -> dict[str, object]:
    """For the switcher: the languages, and the page to come back to (after a form, the one it was on)."""
    page = request.get_full_path() if request.method in ("GET", "HEAD") else origins.came_from(request)
    return {"languages": list(languages.choices()), "language_back": page}


def unread(request: HttpRequest) -> dict[str, object]:
    """`unread` in templates: how many notices are new to the person (one query, only where a template asks)."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {"unread": SimpleLazyObject(lambda: inbox.unread(user))}


def display_name(user: User) -> str:
    return str(user)
