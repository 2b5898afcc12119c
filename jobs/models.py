"""The columns that make a row a record of work. A room's model takes them on, and its `Meta` from here."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Work(models.Model):
    """Something long that a worker does: the row counts, never the broker. Only `jobs.leasing` moves its state.

    A model that takes this on begins its own constraints and indexes with those of `Work.Meta`.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting")
        RUNNING = "running", _("being made")
        DONE = "done", _("ready")
        FAILED = "failed", _("failed")

    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    published_at = models.DateTimeField(null=True)
    deadline = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    lease = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    cause = models.CharField(max_length=300, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(state="running", lease__isnull=False, lease_until__isnull=False)
                | Q(~Q(state="running"), lease__isnull=True, lease_until__isnull=True),
                name="%(class)s_lease_while_running",
            ),
        ]
        indexes = [models.Index(fields=["state", "lease_until"], name="%(class)s_by_lease")]
