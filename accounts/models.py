"""Who: people, teams, roles; and the trail, which remembers who did what in order."""

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
        """`createsuperuser` makes the first administrator of a new installation."""
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
