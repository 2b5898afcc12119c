"""Who: people, teams, roles; and the trail, which remembers who did what in order."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.acts import Role, SiteRole


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "User":
        """What Django's `createsuperuser` calls; `create_administrator` does the same with a trail."""
        return self.create_user(email, password, is_administrator=True, **fields)

    def demo(self) -> models.QuerySet["User"]:
        return self.filter(email__endswith=f"@{settings.DEMO_DOMAIN}", is_active=True).order_by("pk")


class User(AbstractBaseUser):
    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    language = models.CharField(_("language"), max_length=8, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    is_active = models.BooleanField(default=True)
    is_auditor = models.BooleanField(default=False)
    is_editor = models.BooleanField(default=False)
    is_administrator = models.BooleanField(default=False)
    joined_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = UserManager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_once")]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def site_roles(self) -> frozenset[SiteRole]:
        held = {
            SiteRole.AUDITOR: self.is_auditor,
            SiteRole.EDITOR: self.is_editor,
            SiteRole.ADMINISTRATOR: self.is_administrator,
        }
        return frozenset(role for role, holds in held.items() if holds)


class Team(models.Model):
    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def scope(self) -> str:
        return f"team:{self.pk}"


class Membership(models.Model):
    """One role of one person on one team; a person with two roles has two rows."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "team", "role"], name="membership_role_once"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="membership_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.team_id}"


class Invitation(models.Model):
    """Roles offered by a mailed link: on a team, or, without one, on the whole site. Only the link's hash is kept."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, related_name="invitations")
    email = models.EmailField(_("e-mail"))
    roles = models.JSONField()
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-invited_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["team", "email"],
                condition=models.Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="invitation_one_open_per_team",
            ),
            models.UniqueConstraint(
                fields=["email"],
                condition=models.Q(team__isnull=True, accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="invitation_one_open_for_the_site",
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_at__isnull=True) | models.Q(withdrawn_at__isnull=True),
                name="invitation_accepted_or_withdrawn",
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | models.Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="invitation_accepted_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk} to {self.scope}"

    @property
    def scope(self) -> str:
        return f"team:{self.team_id}" if self.team_id else "site"

    @property
    def role_words(self) -> list[str]:
        kind = Role if self.team_id else SiteRole
        return [str(kind(role).label) for role in self.roles]

    def state(self, now: datetime) -> str:
        """open, accepted, withdrawn or expired, by the clock."""
        if self.accepted_at:
            return "accepted"
        if self.withdrawn_at:
            return "withdrawn"
        return "expired" if self.expires_at <= now else "open"


class Chain(models.Model):
    """The one lock of a scope (`service:17`, `team:4`, `playbook:2`, `site`) and the end of its trail."""

    scope = models.CharField(max_length=40, primary_key=True)
    sequence = models.PositiveBigIntegerField(default=0)
    head = models.CharField(max_length=64, default="")

    def __str__(self) -> str:
        return f"{self.scope}#{self.sequence}"


class TrailEntry(models.Model):
    """Who did what to which subject, from what to what. Written by `chaining` alone, never changed."""

    scope = models.CharField(max_length=40)
    sequence = models.PositiveBigIntegerField()
    who = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    verb = models.CharField(max_length=40)
    subject = models.CharField(max_length=160)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    at = models.DateTimeField()
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["scope", "sequence"]
        constraints = [models.UniqueConstraint(fields=["scope", "sequence"], name="trail_sequence_once")]

    def __str__(self) -> str:
        return f"{self.scope}#{self.sequence} {self.verb}"
