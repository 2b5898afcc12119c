"""What a service says to each requirement, what stands behind it, and what lists keep of it."""

from datetime import datetime
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, User
from accounts.plain import PlainModel
from stages.models import Kind, Requirement, Service


class State(models.TextChoices):
    """Every state an answer can be in; `STATES` says which belong to which kind."""

    OPEN = "open", _("open")
    MET = "met", _("met")
    NOT_MET = "not_met", _("not met")
    DONE = "done", _("done")
    RATED = "rated", _("rated")
    NOT_APPLICABLE = "not_applicable", _("not applicable")
    NOT_STARTED = "not_started", _("not started")
    DRAFT = "draft", _("draft")
    AWAITING = "awaiting", _("awaiting approval")
    APPROVED = "approved", _("approved")
    SENT_BACK = "sent_back", _("sent back")


STATES: dict[str, tuple[State, ...]] = {
    Kind.RULE: (State.OPEN, State.MET, State.NOT_MET, State.NOT_APPLICABLE),
    Kind.ITEM: (State.OPEN, State.DONE, State.NOT_APPLICABLE),
    Kind.QUESTION: (State.OPEN, State.RATED, State.NOT_APPLICABLE),
    Kind.DELIVERABLE: (State.NOT_STARTED, State.DRAFT, State.AWAITING, State.APPROVED, State.SENT_BACK),
}
UNANSWERED: dict[str, State] = {kind: states[0] for kind, states in STATES.items()}


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def current(self) -> "EvidenceQuerySet":
        """The latest revision of each piece."""
        newer = Evidence.objects.filter(series=OuterRef("series"), number__gt=OuterRef("number"))
        return self.filter(~Exists(newer))


class Evidence(PlainModel):
    """A file, link or note of a service, in one revision; it may stand behind several answers and is never changed.

    The revisions of one piece share its `series`. Answers stand on the current one, which has the highest number;
    the others are kept for what was sealed on them. `copied_from` is the evidence of an earlier service that it was
    taken over from; both name the same stored file, and neither ever deletes it.
    """

    class Form(models.TextChoices):
        FILE = "file", _("file")
        LINK = "link", _("link")
        NOTE = "note", _("note")

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="evidence")
    series = models.UUIDField(default=uuid4, editable=False)
    number = models.PositiveIntegerField(_("revision"), default=1)
    form = models.CharField(max_length=4, choices=Form)
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("note"), blank=True)
    address = models.URLField(_("link"), max_length=500, blank=True)
    file = models.FileField(upload_to="evidence/%Y/%m", max_length=300, blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    media_type = models.CharField(max_length=100, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64)
    effective_from = models.DateField(_("effective from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    copied_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["added_at", "pk"]
        verbose_name_plural = "evidence"
        indexes = [
            models.Index(fields=["valid_until"], name="evidence_by_end", condition=Q(valid_until__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["series", "number"], name="evidence_revision_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="evidence_revision_counts_from_one"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=models.F("effective_from")),
                name="evidence_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(form="file", file_name__gt="", address="")
                | Q(form="link", address__gt="", file_name="")
                | Q(form="note", text__gt="", address="", file_name=""),
                name="evidence_form_has_its_part",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def subject(self) -> str:
        return f"evidence:{self.pk}"

    def in_force(self, on) -> bool:
        return self.effective_from <= on and (self.valid_until is None or self.valid_until >= on)


class AnswerQuerySet(models.QuerySet["Answer"]):
    def marked(self) -> "AnswerQuerySet":
        """With `gone`: has who is responsible left the team, or cannot sign in any more?"""
        there = Membership.objects.filter(team=OuterRef("service__team"), user=OuterRef("responsible"))
        gone = Q(responsible__isnull=False) & ~Exists(there.filter(user__is_active=True))
        return self.annotate(gone=ExpressionWrapper(gone, BooleanField()))


class Answer(PlainModel):
    """What a service says to one requirement. No row means: nothing said yet, version 0.

    `responsible` and `due_on` are written by `planning`, do not raise the version, and say nothing by themselves;
    whoever is assigned the requirement's role is responsible while `responsible` is empty.
    """

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="answers")
    requirement = models.ForeignKey(Requirement, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=14, choices=State)
    rating = models.PositiveSmallIntegerField(null=True)
    text = models.TextField(_("answer"), blank=True)
    reason = models.TextField(_("reason"), blank=True)
    note = models.TextField(_("note"), blank=True)
    version = models.PositiveIntegerField(default=1)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(help_text=_("when what counts was last said, or said to be true still"))
    evidence = models.ManyToManyField(Evidence, related_name="answers")
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("responsible")
    )
    due_on = models.DateField(_("due"), null=True)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["service", "requirement"], name="answer_once"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="answer_state_known"),
            models.CheckConstraint(
                condition=Q(state="rated", rating__gte=0, rating__lte=3) | (~Q(state="rated") & Q(rating__isnull=True)),
                name="answer_rating_when_rated",
            ),
            models.CheckConstraint(
                condition=~Q(state="not_applicable") | Q(reason__gt=""),
                name="answer_not_applicable_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service_id}/{self.requirement_id}: {self.state} v{self.version}"

    @classmethod
    def silent(cls, service: Service, requirement: Requirement, *, by: User, at: datetime) -> "Answer":
        """One that says nothing yet, not stored: evidence, a responsible person or a due day may hang on it."""
        told = {"service": service, "requirement": requirement, "state": UNANSWERED[Kind(requirement.kind)]}
        return cls(version=0, recorded_by=by, recorded_at=at, confirmed_at=at, **told)


class Document(PlainModel):
    """A written deliverable of a service, in versions."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="documents")
    requirement = models.ForeignKey(Requirement, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["service", "requirement"], name="document_once")]

    def __str__(self) -> str:
        return f"{self.service_id}/{self.requirement_id}"


class DocumentVersion(PlainModel):
    """One version: a link or a file, sent for approval by one member, approved or sent back by another."""

    STATES = [(s.value, s.label) for s in (State.DRAFT, State.AWAITING, State.APPROVED, State.SENT_BACK)]

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=STATES, default=State.DRAFT)
    title = models.CharField(_("title"), max_length=200)
    address = models.URLField(_("link"), max_length=500, blank=True)
    file = models.FileField(upload_to="documents/%Y/%m", max_length=300, blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    media_type = models.CharField(max_length=100, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField(null=True)
    judged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    judged_at = models.DateTimeField(null=True)
    remark = models.TextField(_("remark"), blank=True)

    class Meta:
        ordering = ["document", "number"]
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="document_version_once"),
            models.CheckConstraint(
                condition=Q(address__gt="", file_name="") | Q(address="", file_name__gt=""),
                name="document_version_link_or_file",
            ),
            models.CheckConstraint(
                condition=Q(state="draft", sent_at__isnull=True, sent_by__isnull=True)
                | Q(~Q(state="draft"), sent_at__isnull=False, sent_by__isnull=False),
                name="document_version_sent_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["approved", "sent_back"], judged_by__isnull=False, judged_at__isnull=False)
                | Q(state__in=["draft", "awaiting"], judged_by__isnull=True, judged_at__isnull=True),
                name="document_version_judged_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(judged_by__isnull=True) | ~Q(judged_by=models.F("sent_by")),
                name="document_version_judged_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} v{self.number}: {self.state}"
