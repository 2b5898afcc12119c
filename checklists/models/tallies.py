"""The counts that lists keep of a service in a stage."""

from dataclasses import fields
from functools import cached_property

from django.db import models
from django.db.models import Q

from accounts.plain import PlainModel
from checklists.gates import Counts
from stages.models import Service, Stage

COUNTED = tuple(field.name for field in fields(Counts))


class TallyQuerySet(models.QuerySet["Tally"]):
    def lapsed(self, on) -> "TallyQuerySet":
        """Those that the clock has overtaken by that day, or that do not hold all that is counted by now."""
        return self.filter(Q(fresh_until__lt=on) | Q(material=""))


class Tally(PlainModel):
    """What lists need of one service in one stage; written only by `tallying`, with the answers.

    The counts are `checklists.gates.Counts` field by field; `material` is the digest of what counts (see
    `checklists.material`); `waived_until` is the first day on which one of the waived rules is excused for the last
    time. Past `fresh_until` the clock alone has changed them.
    """

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="tallies")
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="+")
    asked = models.PositiveSmallIntegerField(default=0)
    judged = models.PositiveSmallIntegerField(default=0)
    rules = models.PositiveSmallIntegerField(default=0)
    rules_met = models.PositiveSmallIntegerField(default=0)
    waived = models.PositiveSmallIntegerField(default=0)
    waived_until = models.DateField(null=True)
    items = models.PositiveSmallIntegerField(default=0)
    items_done = models.PositiveSmallIntegerField(default=0)
    items_required_open = models.PositiveSmallIntegerField(default=0)
    deliverables = models.PositiveSmallIntegerField(default=0)
    deliverables_approved = models.PositiveSmallIntegerField(default=0)
    deliverables_required_open = models.PositiveSmallIntegerField(default=0)
    questions = models.PositiveSmallIntegerField(default=0)
    questions_rated = models.PositiveSmallIntegerField(default=0)
    questions_required_unrated = models.PositiveSmallIntegerField(default=0)
    questions_required_zero = models.PositiveSmallIntegerField(default=0)
    questions_required_one = models.PositiveSmallIntegerField(default=0)
    points = models.PositiveSmallIntegerField(default=0)
    points_possible = models.PositiveSmallIntegerField(default=0)
    criteria_unmet = models.PositiveSmallIntegerField(default=0)
    outcome = models.CharField(max_length=20)
    material = models.CharField(max_length=64, blank=True)
    fresh_until = models.DateField(null=True)

    objects = TallyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "tallies"
        constraints = [models.UniqueConstraint(fields=["service", "stage"], name="tally_once")]
        indexes = [
            models.Index(fields=["stage", "outcome"], name="tally_by_outcome"),
            models.Index(fields=["fresh_until"], name="tally_by_end", condition=Q(fresh_until__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.service_id}/{self.stage_id}: {self.judged} of {self.asked}"

    @cached_property
    def counts(self) -> Counts:
        return Counts(*(getattr(self, name) for name in COUNTED))

    def lapsed(self, on) -> bool:
        """Has the clock alone changed what it counts, or was it stored before all of that was counted?"""
        return not self.material or (self.fresh_until is not None and self.fresh_until < on)
