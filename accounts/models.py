"""Who: people, teams, roles; and the trail, which remembers who did what in order."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.acts import Role, SiteRole
from accounts.kinds import KIND_OF, How, Kind, Message
from accounts.plain import PlainModel


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


class User(PlainModel, AbstractBaseUser):
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


class Team(PlainModel):
    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(unique=True)
    asks_second_step = models.BooleanField(default=False)  # of everybody on it, at sign-in

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def scope(self) -> str:
        return f"team:{self.pk}"


class Membership(PlainModel):
    """One role of one person on one team; a person with two roles has two rows."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "team", "role"], name="membership_role_once"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.team_id}"


class Invitation(PlainModel):
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
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="invitation_one_open_per_team",
            ),
            models.UniqueConstraint(
                fields=["email"],
                condition=Q(team__isnull=True, accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="invitation_one_open_for_the_site",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(withdrawn_at__isnull=True),
                name="invitation_accepted_or_withdrawn",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
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


class MailChoice(PlainModel):
    """How a person wants one kind of notice by mail; without a row it is as `kinds.DEFAULTS` says."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="mail_choices")
    kind = models.CharField(max_length=20)
    how = models.CharField(max_length=8)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "kind"], name="mail_choice_once"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values, how__in=How.values), name="mail_choice_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind}: {self.how}"


class Mail(PlainModel):
    """The record of work for one mail that carries notices: the row counts, never the broker.

    It is due again after each attempt that failed. What it says is composed when it is sent.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("given up")
        DROPPED = "dropped", _("not needed any more")

    receiver = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    daily = models.BooleanField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    lease = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    cause = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["due_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="sending", lease__isnull=False, lease_until__isnull=False)
                | Q(~Q(state="sending"), lease__isnull=True, lease_until__isnull=True),
                name="mail_lease_while_sending",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "sending"], finished_at__isnull=True)
                | Q(state__in=["sent", "failed", "dropped"], finished_at__isnull=False),
                name="mail_state_known_and_finished",
            ),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(finished_at__isnull=True), name="mail_by_due")]

    def __str__(self) -> str:
        return f"mail {self.pk} to {self.receiver_id}: {self.state}"


class Notice(PlainModel):
    """Something a person is told, once: `occasion` tells one time from the next about the same `subject`.

    `facts` are the words its sentence names. `due_at` is when it is to go by mail, empty when it is not; `mail` is the
    one it went with. Who is no longer on `team` is neither shown nor sent it.
    """

    receiver = models.ForeignKey(User, on_delete=models.PROTECT, related_name="notices")
    message = models.CharField(max_length=24)
    subject = models.CharField(max_length=160)
    occasion = models.CharField(max_length=40, blank=True)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, related_name="+")
    address = models.CharField(max_length=400)
    facts = models.JSONField()
    told_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    mail = models.ForeignKey(Mail, on_delete=models.PROTECT, null=True, related_name="notices")

    class Meta:
        ordering = ["-told_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["receiver", "message", "subject", "occasion"], name="notice_told_once"),
            models.CheckConstraint(condition=Q(message__in=Message.values), name="notice_message_known"),
        ]
        indexes = [
            models.Index(fields=["receiver", "-told_at", "-id"], name="notice_by_receiver"),
            models.Index(fields=["receiver"], condition=Q(read_at__isnull=True), name="notice_unread"),
            models.Index(fields=["subject"], name="notice_by_subject"),
            models.Index(fields=["due_at"], condition=Q(mail__isnull=True, due_at__isnull=False), name="notice_by_due"),
        ]

    def __str__(self) -> str:
        return f"notice {self.pk} to {self.receiver_id}: {self.message} {self.subject}"

    @property
    def kind(self) -> Kind:
        return KIND_OF[Message(self.message)]

    @property
    def sentence(self) -> str:
        """In the language of whoever reads."""
        return Message(self.message).label % self.facts


class Chain(PlainModel):
    """The one lock of a scope (`service:17`, `team:4`, `playbook:2`, `site`) and the end of its trail."""

    scope = models.CharField(max_length=40, primary_key=True)
    sequence = models.PositiveBigIntegerField(default=0)
    head = models.CharField(max_length=64, default="")

    def __str__(self) -> str:
        return f"{self.scope}#{self.sequence}"


class TrailEntry(PlainModel):
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
