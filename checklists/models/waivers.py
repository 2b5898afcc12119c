"""Waivers: golden rules excused for a time."""

import hashlib
import json
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.plain import PlainModel
from stages.models import Requirement, Service


class WaiverQuerySet(models.QuerySet["Waiver"]):
    def in_force(self, on: date) -> "WaiverQuerySet":
        """Those that excuse their rule on a day: `Waiver.in_force`, asked of the database."""
        return self.filter(state=Waiver.State.GRANTED, expires_on__gte=on)


class Waiver(PlainModel):
    """A golden rule excused for a time: asked for by one person, granted by another.

    It says what is done instead (`measure`) and counts up to and including `expires_on`. Never changed but by the
    next step of its life: another reason or another day is another waiver, and the one before it is *replaced*.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("asked for")
        GRANTED = "granted", _("granted")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")
        ENDED = "ended", _("ended early")
        REPLACED = "replaced", _("replaced")

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="waivers")
    requirement = models.ForeignKey(Requirement, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=9, choices=State, default=State.ASKED)
    reason = models.TextField(_("why the rule cannot be met now"))
    measure = models.TextField(_("what is done instead"))
    expires_on = models.DateField(_("last day"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    asked_on = models.DateField()
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    word = models.TextField(_("word of the manager"), blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closing = models.TextField(_("why it ended early"), blank=True)

    objects = WaiverQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["service", "requirement"], condition=Q(state="asked"), name="waiver_one_pending"
            ),
            models.UniqueConstraint(
                fields=["service", "requirement"], condition=Q(state="granted"), name="waiver_one_granted"
            ),
            models.CheckConstraint(condition=Q(reason__gt="", measure__gt=""), name="waiver_says_why_and_what_instead"),
            models.CheckConstraint(condition=Q(expires_on__gt=models.F("asked_on")), name="waiver_ends_after_asking"),
            models.CheckConstraint(
                condition=Q(state__in=["asked", "withdrawn"], answered_by__isnull=True, answered_at__isnull=True)
                | Q(
                    state__in=["granted", "refused", "ended", "replaced"],
                    answered_by__isnull=False,
                    answered_at__isnull=False,
                ),
                name="waiver_answered_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(answered_by__isnull=True) | ~Q(answered_by=models.F("asked_by")),
                name="waiver_answered_by_another",
            ),
            models.CheckConstraint(condition=~Q(state="refused") | Q(word__gt=""), name="waiver_refused_with_reason"),
            models.CheckConstraint(
                condition=Q(
                    state__in=["asked", "granted", "refused"],
                    closed_by__isnull=True,
                    closed_at__isnull=True,
                    closing="",
                )
                | Q(state="withdrawn", closed_by=models.F("asked_by"), closed_at__isnull=False)
                | Q(state="ended", closed_by__isnull=False, closed_at__isnull=False, closing__gt="")
                | Q(state="replaced", closed_by__isnull=False, closed_at__isnull=False),
                name="waiver_closed_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"waiver {self.pk} of {self.service_id}/{self.requirement_id}: {self.state}"

    @property
    def told(self) -> str:
        """What was asked for and granted, as one text."""
        texts = [self.reason, self.measure, self.word, self.expires_on.isoformat()]
        return json.dumps([self.pk, self.asked_by_id, self.answered_by_id, *texts], ensure_ascii=False)

    @property
    def sha256(self) -> str:
        """Names what was asked for and granted, so that a picture can tell this waiver from any other."""
        return hashlib.sha256(self.told.encode()).hexdigest()

    def in_force(self, on) -> bool:
        return self.state == self.State.GRANTED and self.expires_on >= on

    def expired(self, on) -> bool:
        """Granted once, and its day is over."""
        return self.state == self.State.GRANTED and self.expires_on < on
