"""Where a request came from, as far as it is a page of ours."""

from urllib.parse import SplitResult, urlsplit

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


def behind(request: HttpRequest) -> SplitResult:
    """The address of the page that a fragment will become part of, or that a plain form was sent from.

    Empty when the browser does not tell, or tells what is no address.
    """
    try:
        return urlsplit((request.htmx.current_url_abs_path if request.htmx else request.headers.get("Referer")) or "")
    except ValueError:
        return urlsplit("")
