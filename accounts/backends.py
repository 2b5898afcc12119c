"""Who is behind a session: read anew with each request, together with the roles they hold, in one query."""

from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.models import Authenticator
from django.db.models import Exists, F, OuterRef

from accounts.models import User


class WithRoles(AuthenticationBackend):
    def get_user(self, user_id: int) -> User | None:
        """The person, whose `held` are their (team, role); None when there is none who may sign in.

        `owes_second_step`: a team of theirs asks for one, and they have set up none.
        """
        held = {"on_team": F("memberships__team"), "as_role": F("memberships__role")}
        held |= {"asked": F("memberships__team__asks_second_step")}
        held |= {"has_step": Exists(Authenticator.objects.filter(user=OuterRef("pk")))}
        rows = list(User.objects.filter(pk=user_id).annotate(**held))  # once for each role, and at least once
        if not rows or not self.user_can_authenticate(rows[0]):
            return None
        rows[0].held = [(row.on_team, row.as_role) for row in rows if row.on_team]
        rows[0].owes_second_step = any(row.asked for row in rows) and not rows[0].has_step
        return rows[0]
