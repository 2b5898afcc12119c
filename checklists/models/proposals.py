"""Proposals: what an earlier service said, until somebody confirms it for this one."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.plain import PlainModel
from checklists.models.answers import DocumentVersion, Evidence, State
from stages.models import Requirement, Service


class Proposal(PlainModel):
    """What an earlier service said to a requirement, as it stood when this service was started as a copy of it.

    It counts for nothing. Whoever takes it over makes it an answer of their own; `evidence` and `version` are those
    of the earlier service, and are copied only then.
    """

    class Outcome(models.TextChoices):
        OPEN = "open", _("open")
        TAKEN = "taken", _("taken over")
        DISCARDED = "discarded", _("discarded")

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="proposals")
    requirement = models.ForeignKey(Requirement, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=14, choices=State)
    rating = models.PositiveSmallIntegerField(null=True)
    text = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    note = models.TextField(blank=True)
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField()
    evidence = models.ManyToManyField(Evidence, related_name="+")
    version = models.ForeignKey(DocumentVersion, on_delete=models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=9, choices=Outcome, default=Outcome.OPEN)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["service", "requirement"], name="proposal_once"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="proposal_state_known"),
            models.CheckConstraint(
                condition=Q(outcome="open", closed_by__isnull=True, closed_at__isnull=True)
                | Q(outcome__in=["taken", "discarded"], closed_by__isnull=False, closed_at__isnull=False),
                name="proposal_closed_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service_id}/{self.requirement_id}: {self.state}, {self.outcome}"
