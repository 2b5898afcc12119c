"""Where a request came from, as far as it is a page of ours."""

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def came_from(request: HttpRequest) -> str:
    """The page of ours that the person acted on; empty when the browser does not tell, or names another site."""
    page = request.headers.get("Referer", "")
    try:
        here = {request.get_host()}
    except DisallowedHost:  # the page that refuses such a host asks too
        return ""
    return page if url_has_allowed_host_and_scheme(page, here, require_https=request.is_secure()) else ""
