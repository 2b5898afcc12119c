"""Who is behind a session: read anew with each request, together with the roles they hold, in one query."""

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import F

from accounts.models import User
from accounts.prepared import Prepared

_WITH_ROLES = Prepared(
    lambda user: User.objects.filter(pk=user).annotate(
        on_team=F("memberships__team"),
        as_role=F("memberships__role"),
        asked=F("memberships__team__asks_second_step"),
        step=F("authenticator"),
    ),
    int,
)


class WithRoles(AuthenticationBackend):
    def get_user(self, user_id: int) -> User | None:
        """The person, whose `held` are their (team, role); None when there is none who may sign in.

        `owes_second_step`: a team of theirs asks for one, and they have set up none.
        """
        rows = _WITH_ROLES(user_id)  # for each role and way of a second step, or once
        if not rows or not self.user_can_authenticate(rows[0]):
            return None
        rows[0].held = {(row.on_team, row.as_role) for row in rows if row.on_team}
        rows[0].owes_second_step = any(row.asked for row in rows) and rows[0].step is None
        return rows[0]
