"""What is grave is done by somebody who has just shown who they are: nobody signs from a desk left open.

The page “Is it still you?” then goes on with what was posted, with or without JavaScript: the session keeps it.
"""

import time

from allauth.account import app_settings
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpRequest


def demand(request: HttpRequest) -> None:
    """Raise, for allauth to ask, unless the person signed in or showed it again within the last five minutes."""
    shown = [record["at"] for record in get_authentication_records(request, request.user)]
    if not shown or time.time() - max(shown) >= app_settings.REAUTHENTICATION_TIMEOUT:
        raise ReauthenticationRequired
