"""Is it ready: reviews, the snapshots they are decided on, decisions, conditions and reports."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import calendar, languages
from accounts.plain import PlainModel
from checklists.gates import Outcome as SuggestedOutcome
from checklists.models import Evidence
from jobs.models import Work
from stages.models import ExitCriterion, Passage, Requirement, Service


class Outcome(models.TextChoices):
    GO = SuggestedOutcome.GO.value, _("go")
    GO_WITH_CONDITIONS = SuggestedOutcome.GO_WITH_CONDITIONS.value, _("go with conditions")
    NO_GO = SuggestedOutcome.NO_GO.value, _("no-go")


class Snapshot(PlainModel):
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


class Review(PlainModel):
    """A request to decide at a gate. `decision` is the one that stands; those it superseded are kept."""

    class State(models.TextChoices):
        OPEN = "open", _("waiting for a decision")
        WITHDRAWN = "withdrawn", _("withdrawn")
        DECIDED = "decided", _("decided")

    passage = models.ForeignKey(Passage, on_delete=models.PROTECT, related_name="reviews")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    snapshot = models.OneToOneField(Snapshot, on_delete=models.PROTECT, related_name="review")
    decision = models.OneToOneField("Decision", on_delete=models.PROTECT, null=True, related_name="+")
    note = models.TextField(_("note to the manager"), blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()

    class Meta:
        ordering = ["passage", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["passage", "number"], name="review_number_once"),
            models.UniqueConstraint(fields=["passage"], condition=Q(state="open"), name="review_one_open_per_passage"),
            models.CheckConstraint(condition=Q(state__in=["open", "withdrawn", "decided"]), name="review_state_known"),
            models.CheckConstraint(
                condition=Q(state="decided", decision__isnull=False) | Q(~Q(state="decided"), decision__isnull=True),
                name="review_decided_has_decision",
            ),
        ]

    def __str__(self) -> str:
        return f"review {self.number} of {self.passage_id}: {self.state}"


class Confirmation(PlainModel):
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


class Decision(PlainModel):
    """What a manager decided on a review, sealed: `content` is the canonical record, `sha256` its digest.

    `number` counts within the review: a mistaken decision is superseded by the next one, which says what was
    mistaken. `material` is the digest of what counted when it was signed, `held` the criteria that were met then:
    both follow from the records and let a list tell whether it has gone stale.
    """

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="decisions")
    number = models.PositiveSmallIntegerField(default=1)
    supersedes = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="superseded_by")
    mistake = models.TextField(_("what was mistaken"), blank=True)
    outcome = models.CharField(max_length=20, choices=Outcome)
    suggested = models.CharField(max_length=20, choices=Outcome)
    rationale = models.TextField(_("why"))
    content = models.TextField()
    sha256 = models.CharField(max_length=64, unique=True)
    material = models.CharField(max_length=64, blank=True)
    held = models.JSONField(default=list)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ["-decided_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["review", "number"], name="decision_number_once"),
            models.CheckConstraint(
                condition=Q(number=1, supersedes__isnull=True, mistake="")
                | Q(number__gt=1, supersedes__isnull=False, mistake__gt=""),
                name="decision_supersedes_with_reason",
            ),
            models.CheckConstraint(condition=Q(rationale__gt=""), name="decision_has_rationale"),
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="decision_outcome_known"),
            models.CheckConstraint(
                condition=~Q(outcome="go") | Q(suggested="go"), name="decision_go_only_when_suggested"
            ),
            models.CheckConstraint(condition=~Q(decided_by=models.F("asked_by")), name="decision_by_another"),
        ]

    def __str__(self) -> str:
        return f"{self.review_id}: {self.outcome}"


class Condition(PlainModel):
    """What a decision demands by a day. `number` counts within the decision.

    The day may be so many days after go-live: `due_on` is empty then until it is recorded that the service went live.
    Whoever says that it is met (`said_met_by`) does not confirm it.
    """

    class State(models.TextChoices):
        OPEN = "open", _("open")
        MET = "met", _("met")
        DROPPED = "dropped", _("dropped")
        VOID = "void", _("void")

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="conditions")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="conditions")
    number = models.PositiveSmallIntegerField()
    text = models.TextField(_("what is demanded"))
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="conditions")
    due_on = models.DateField(_("due"), null=True)
    days_after_live = models.PositiveSmallIntegerField(_("days after go-live"), null=True)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    requirements = models.ManyToManyField(Requirement, related_name="+")
    evidence = models.ManyToManyField(Evidence, related_name="conditions")
    said_met_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    said_met_at = models.DateTimeField(null=True)
    closing_note = models.TextField(_("what shows it"), blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = [models.F("due_on").asc(nulls_last=True), "pk"]
        constraints = [
            models.UniqueConstraint(fields=["decision", "number"], name="condition_number_once"),
            models.CheckConstraint(condition=Q(text__gt=""), name="condition_has_text"),
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True, closed_by__isnull=True)
                | Q(~Q(state="open"), closed_at__isnull=False, closed_by__isnull=False),
                name="condition_closed_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "met", "dropped", "void"]), name="condition_state_known"
            ),
            models.CheckConstraint(
                condition=Q(due_on__isnull=False) | Q(days_after_live__isnull=False), name="condition_due_some_day"
            ),
            models.CheckConstraint(
                condition=Q(said_met_by__isnull=True, said_met_at__isnull=True)
                | Q(said_met_by__isnull=False, said_met_at__isnull=False),
                name="condition_said_met_by_someone",
            ),
            models.CheckConstraint(
                condition=~Q(state="met") | Q(said_met_by__isnull=True) | ~Q(closed_by=models.F("said_met_by")),
                name="condition_confirmed_by_another",
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
        """The key of the state as pages show it: an open one past its day is overdue, another may be said to be met."""
        if self.overdue(calendar.day()):
            return "overdue"
        return "said_met" if self.said_met else str(self.state)

    @property
    def said_met(self) -> bool:
        """Does it wait for a manager to confirm it?"""
        return self.state == self.State.OPEN and self.said_met_at is not None

    def overdue(self, on) -> bool:
        """Past its day. One that counts from a go-live not yet recorded is not."""
        return self.state == self.State.OPEN and self.due_on is not None and self.due_on < on


class Report(Work):
    """The record of work for one PDF of one sealed record: the row counts, never the broker.

    `record` is the digest of what it renders: a snapshot's, or a decision's (which names its snapshot).
    """

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="reports")
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="reports")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, null=True, related_name="reports")
    record = models.CharField(max_length=64)
    language = models.CharField(max_length=8)
    form = models.CharField(max_length=8, default="pdf")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    file = models.FileField(upload_to="reports/%Y/%m", max_length=300, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    made_with = models.JSONField(default=dict)

    class Meta:
        ordering = ["-requested_at", "-pk"]
        constraints = [
            *Work.Meta.constraints,
            models.UniqueConstraint(
                fields=["record", "language", "form"],
                condition=~Q(state="failed"),
                name="report_one_per_record",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(file__gt="", sha256__gt=""), name="report_done_has_file"
            ),
        ]
        indexes = [
            *Work.Meta.indexes,
            models.Index(fields=["sha256"], name="report_by_file"),
        ]

    def __str__(self) -> str:
        return f"report {self.pk} {self.record[:12]} {self.language}: {self.state}"

    @property
    def language_name(self) -> str:
        """Named in itself, as everywhere."""
        return languages.offered().get(self.language, self.language)
