from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedAdapter(DefaultAccountAdapter):
    """Nobody signs up by themselves: accounts come from an administrator or an invitation."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
