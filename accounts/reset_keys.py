"""The keys of links by which a password is chosen anew: good once, for an address that is still theirs, while open."""

from django.contrib.auth.tokens import PasswordResetTokenGenerator

from accounts.models import User


class ResetKeys(PasswordResetTokenGenerator):
    """Not allauth's, which adds what it keeps of addresses itself: here a person has one, and Django's key names it."""

    def check_token(self, user: User | None, token: str | None) -> bool:
        """A link that was sent before the account was closed opens nothing."""
        return user is not None and user.is_active and super().check_token(user, token)
