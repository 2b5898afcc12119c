"""Is it ready: reviews, the snapshots they are decided on, decisions, conditions and reports."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from checklists.gates import Outcome as SuggestedOutcome
from stages.models import ExitCriterion, Passage, Requirement, Service


class Outcome(models.TextChoices):
    GO = SuggestedOutcome.GO.value, _("go")
    GO_WITH_CONDITIONS = SuggestedOutcome.GO_WITH_CONDITIONS.value, _("go with conditions")
    NO_GO = SuggestedOutcome.NO_GO.value, _("no-go")


class Snapshot(models.Model):
    """The sealed picture of one passage: canonical JSON and its SHA-256. Never changed.

    `material` is the SHA-256 of the material content alone (states, ratings, evidence, versions), so that a
    later picture can be compared without people and notes.
    """

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="snapshots")
    passage = models.ForeignKey(Passage, on_delete=models.PROTECT, related_name="snapshots")
    content = models.TextField()
    sha256 = models.CharField(max_length=64, unique=True)
    material = models.CharField(max_length=64)
    sealed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sealed_at = models.DateTimeField()

    class Meta:
        ordering = ["-sealed_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.service_id} {self.sha256[:12]}"


class Review(models.Model):
    """A request to decide at a gate."""

    class State(models.TextChoices):
        OPEN = "open", _("waiting for a decision")
        WITHDRAWN = "withdrawn", _("withdrawn")
        DECIDED = "decided", _("decided")

    passage = models.ForeignKey(Passage, on_delete=models.PROTECT, related_name="reviews")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    snapshot = models.OneToOneField(Snapshot, on_delete=models.PROTECT, related_name="review")
    note = models.TextField(_("note to the manager"), blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()

    class Meta:
        ordering = ["passage", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["passage", "number"], name="review_number_once"),
            models.UniqueConstraint(fields=["passage"], condition=Q(state="open"), name="review_one_open_per_passage"),
            models.CheckConstraint(condition=Q(state__in=["open", "withdrawn", "decided"]), name="review_state_known"),
        ]

    def __str__(self) -> str:
        return f"review {self.number} of {self.passage_id}: {self.state}"


class Confirmation(models.Model):
    """An exit criterion looked at by hand when a review was asked for."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="confirmations")
    criterion = models.ForeignKey(ExitCriterion, on_delete=models.PROTECT, related_name="+")
    met = models.BooleanField()
    note = models.TextField(_("note"), blank=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "criterion"], name="confirmation_once")]

    def __str__(self) -> str:
        return f"{self.review_id}/{self.criterion_id}: {self.met}"


class Decision(models.Model):
    """What a manager decided on a review, sealed: `content` is the canonical record, `sha256` its digest."""

    review = models.OneToOneField(Review, on_delete=models.PROTECT, related_name="decision")
    outcome = models.CharField(max_length=20, choices=Outcome)
    suggested = models.CharField(max_length=20, choices=Outcome)
    rationale = models.TextField(_("why"))
    content = models.TextField()
    sha256 = models.CharField(max_length=64, unique=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ["-decided_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(rationale__gt=""), name="decision_has_rationale"),
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="decision_outcome_known"),
            models.CheckConstraint(
                condition=~Q(outcome="go") | Q(suggested="go"), name="decision_go_only_when_suggested"
            ),
            models.CheckConstraint(condition=~Q(decided_by=models.F("asked_by")), name="decision_by_another"),
        ]

    def __str__(self) -> str:
        return f"{self.review_id}: {self.outcome}"


class Condition(models.Model):
    """What a decision demands by a date. `number` counts within the decision."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        MET = "met", _("met")
        DROPPED = "dropped", _("dropped")

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="conditions")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="conditions")
    number = models.PositiveSmallIntegerField()
    text = models.TextField(_("what is demanded"))
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="conditions")
    due_on = models.DateField(_("due"))
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    requirements = models.ManyToManyField(Requirement, related_name="+")
    closing_note = models.TextField(_("what shows it"), blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["decision", "number"], name="condition_number_once"),
            models.CheckConstraint(condition=Q(text__gt=""), name="condition_has_text"),
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True, closed_by__isnull=True)
                | Q(~Q(state="open"), closed_at__isnull=False, closed_by__isnull=False),
                name="condition_closed_by_someone",
            ),
        ]
        indexes = [models.Index(fields=["service", "state", "due_on"], name="condition_by_due")]

    def __str__(self) -> str:
        return f"condition {self.number} of {self.decision_id}"

    @property
    def subject(self) -> str:
        """What the trail calls it."""
        return f"condition:{self.pk}"

    @property
    def shown(self) -> str:
        """The key of the state as pages show it: an open one past its day is overdue."""
        return "overdue" if self.overdue(timezone.localdate()) else str(self.state)

    def overdue(self, on) -> bool:
        return self.state == self.State.OPEN and self.due_on < on


class Report(models.Model):
    """The record of work for one PDF of one sealed record: the row counts, never the broker.

    `record` is the digest of what it renders: a snapshot's, or a decision's (which names its snapshot).
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting")
        RUNNING = "running", _("being made")
        DONE = "done", _("ready")
        FAILED = "failed", _("failed")

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="reports")
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="reports")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, null=True, related_name="reports")
    record = models.CharField(max_length=64)
    language = models.CharField(max_length=8)
    form = models.CharField(max_length=8, default="pdf")
    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    deadline = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    lease = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    cause = models.CharField(max_length=300, blank=True)
    file = models.FileField(upload_to="reports/%Y/%m", max_length=300, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    made_with = models.JSONField(default=dict)

    class Meta:
        ordering = ["-requested_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["record", "language", "form"],
                condition=~Q(state="failed"),
                name="report_one_per_record",
            ),
            models.CheckConstraint(
                condition=Q(state="running", lease__isnull=False, lease_until__isnull=False)
                | Q(~Q(state="running"), lease__isnull=True, lease_until__isnull=True),
                name="report_lease_while_running",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(file__gt="", sha256__gt=""), name="report_done_has_file"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "lease_until"], name="report_by_lease"),
            models.Index(fields=["sha256"], name="report_by_file"),
        ]

    def __str__(self) -> str:
        return f"report {self.pk} {self.record[:12]} {self.language}: {self.state}"
