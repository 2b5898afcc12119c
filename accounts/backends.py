"""Who is behind a session: read anew with each request, together with the roles they hold, in one query."""

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import F

from accounts.models import User


class WithRoles(AuthenticationBackend):
    def get_user(self, user_id: int) -> User | None:
        """The person, whose `held` are their (team, role); None when there is none who may sign in."""
        held = {"on_team": F("memberships__team"), "as_role": F("memberships__role")}
        rows = list(User.objects.filter(pk=user_id).annotate(**held))  # once for each role, and at least once
        if not rows or not self.user_can_authenticate(rows[0]):
            return None
        rows[0].held = [(row.on_team, row.as_role) for row in rows if row.on_team]
        return rows[0]
