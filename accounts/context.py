from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts import access
from accounts.models import User


def standing(request: HttpRequest) -> dict[str, object]:
    """`standing` in templates: what the person may do (one query, only where a template asks).

    A request that is refused before sessions are looked at (a wrong host) has no user; its page is shown too.
    """
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {"standing": SimpleLazyObject(lambda: access.standing(request))}


def display_name(user: User) -> str:
    return str(user)
