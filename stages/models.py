"""What must be: playbooks in editions, and the services that pass through their stages."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Team
from accounts.plain import PlainModel
from stages.texts import LocalText, LocalTextField


class Playbook(PlainModel):
    """A named body of requirements by one publisher."""

    slug = models.SlugField(max_length=80, unique=True)
    name = LocalTextField()
    publisher = models.CharField(max_length=200)

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return str(self.name)

    @property
    def scope(self) -> str:
        return f"playbook:{self.pk}"


class Edition(PlainModel):
    """One published, immutable version of a playbook. `digest` is the SHA-256 of its content."""

    playbook = models.ForeignKey(Playbook, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField()
    language = models.CharField(max_length=8)
    licence = models.CharField(max_length=120)
    summary = LocalTextField()
    translations = models.JSONField(default=dict)  # language → made (person, machine), read_by, read_on
    threshold = models.PositiveSmallIntegerField(help_text=_("per cent of the highest possible score"))
    answer_age_months = models.PositiveSmallIntegerField()
    digest = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["playbook", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["playbook", "number"], name="edition_number_once"),
            models.CheckConstraint(condition=Q(threshold__gte=0, threshold__lte=100), name="edition_threshold_percent"),
        ]

    def __str__(self) -> str:
        return f"{self.playbook}, {self.number}"


class Role(PlainModel):
    """A role that an edition names (who is responsible for what); not a role on a team."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="roles")
    slug = models.SlugField(max_length=80)
    position = models.PositiveSmallIntegerField()
    title = LocalTextField()
    responsible_for = LocalTextField()
    source = models.CharField(max_length=200)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["edition", "slug"], name="role_slug_once")]

    def __str__(self) -> str:
        return str(self.title)


class Stage(PlainModel):
    """A step of an edition, ended by its gate. `interval_months` is set where the stage recurs."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="stages")
    slug = models.SlugField(max_length=80)
    position = models.PositiveSmallIntegerField()
    title = LocalTextField()
    purpose = LocalTextField()
    entry = LocalTextField()
    gate = LocalTextField()
    gate_question = LocalTextField()
    interval_months = models.PositiveSmallIntegerField(null=True)
    roles = models.ManyToManyField(Role, related_name="stages")
    source = models.CharField(max_length=200)

    class Meta:
        ordering = ["edition", "position"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "slug"], name="stage_slug_once"),
            models.UniqueConstraint(fields=["edition", "position"], name="stage_position_once"),
        ]

    def __str__(self) -> str:
        return str(self.title)

    @property
    def recurs(self) -> bool:
        return self.interval_months is not None


class Kind(models.TextChoices):
    RULE = "rule", _("golden rule")
    ITEM = "item", _("checklist item")
    DELIVERABLE = "deliverable", _("deliverable")
    QUESTION = "question", _("evaluation question")


class Requirement(PlainModel):
    """One thing an edition asks for in a stage.

    `options` by kind: rule `may_not_apply` (bool), `origin`; deliverable `sections` ([LocalText]); question
    `good_evidence` (LocalText). `about` is the slug a question asks about.
    """

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="requirements")
    stage = models.ForeignKey(Stage, on_delete=models.CASCADE, related_name="requirements")
    kind = models.CharField(max_length=12, choices=Kind)
    slug = models.SlugField(max_length=80)
    number = models.CharField(max_length=12)
    position = models.PositiveSmallIntegerField()
    title = LocalTextField()
    guidance = LocalTextField()
    required = models.BooleanField()
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="requirements")
    source = models.CharField(max_length=200)
    about = models.SlugField(max_length=80, blank=True)
    options = models.JSONField(default=dict)

    class Meta:
        ordering = ["stage", "position"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "slug"], name="requirement_slug_once"),
            models.UniqueConstraint(fields=["edition", "number"], name="requirement_number_once"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="requirement_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def subject(self) -> str:
        return f"requirement:{self.slug}"

    @property
    def may_not_apply(self) -> bool:
        """Items always may; a rule only where its playbook says so; a question only if it is not required."""
        if self.kind == Kind.RULE:
            return bool(self.options.get("may_not_apply"))
        return self.kind == Kind.ITEM or (self.kind == Kind.QUESTION and not self.required)

    @property
    def sections(self) -> list[LocalText]:
        """What a deliverable holds."""
        return [LocalText(text) for text in self.options.get("sections", ())]

    @property
    def good_evidence(self) -> LocalText:
        """What would show a high rating of a question."""
        return LocalText(self.options.get("good_evidence", {}))


class ExitCriterion(PlainModel):
    """What the gate looks at. `computed` is null when a person confirms it, else one of
    `{"rule": "rules_met"}`, `{"rule": "approved", "slugs": […]}`, `{"rule": "done", "slugs": […]}`,
    `{"rule": "deliverables_approved"}`, `{"rule": "conditions_closed"}`, `{"rule": "score"}`.
    """

    stage = models.ForeignKey(Stage, on_delete=models.CASCADE, related_name="criteria")
    slug = models.SlugField(max_length=80)
    position = models.PositiveSmallIntegerField()
    title = LocalTextField()
    source = models.CharField(max_length=200)
    computed = models.JSONField(null=True)

    class Meta:
        ordering = ["stage", "position"]
        verbose_name_plural = "exit criteria"
        constraints = [models.UniqueConstraint(fields=["stage", "slug"], name="criterion_slug_once")]

    def __str__(self) -> str:
        return str(self.title)


class Resource(PlainModel):
    """Something to read for a stage. The address is empty where the source names none."""

    stage = models.ForeignKey(Stage, on_delete=models.CASCADE, related_name="resources")
    position = models.PositiveSmallIntegerField()
    title = LocalTextField()
    address = models.URLField(max_length=500, blank=True)
    source = models.CharField(max_length=200)

    class Meta:
        ordering = ["stage", "position"]

    def __str__(self) -> str:
        return str(self.title)


GO_LIVE_DAY = Coalesce("went_live_on", "planned_on")  # of a service: the day it went live, else the one planned


class Service(PlainModel):
    """A digital public service on its way: belongs to a team, pins one edition."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="services")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="services")
    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(max_length=140, unique=True)
    summary = models.CharField(_("what it does"), max_length=500, blank=True)
    planned_on = models.DateField(_("planned go-live"))
    went_live_on = models.DateField(_("went live on"), null=True)
    archived_at = models.DateTimeField(_("archived"), null=True)
    copied_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "pk"]
        indexes = [
            models.Index(fields=["name", "id"], name="service_by_name"),
            models.Index(GO_LIVE_DAY, "id", name="service_by_day"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def scope(self) -> str:
        return f"service:{self.pk}"


class Assignment(PlainModel):
    """Who fills a role of the playbook on a service; no row means: nobody yet."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="assignments")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assignments")

    class Meta:
        ordering = ["service", "role__position"]
        constraints = [models.UniqueConstraint(fields=["service", "role"], name="assignment_role_once")]

    def __str__(self) -> str:
        return f"{self.service_id} {self.role_id}: {self.user_id}"


class PassageState(models.TextChoices):
    LOCKED = "locked", _("not yet open")
    OPEN = "open", pgettext_lazy("stage", "open")
    IN_REVIEW = "in_review", _("in review")
    PASSED = "passed", _("passed")


class PassageQuerySet(models.QuerySet["Passage"]):
    def counting(self) -> "PassageQuerySet":
        """Without a next round that was taken back: its stage is where the round before is."""
        return self.exclude(state=PassageState.LOCKED, round__gt=1)


class Passage(PlainModel):
    """A service's way through one stage in one round.

    `reopened_at` is set while a passage that was passed once is open again.
    """

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="passages")
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="+")
    round = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=PassageState, default=PassageState.LOCKED)
    opened_at = models.DateTimeField(null=True)
    passed_at = models.DateTimeField(null=True)
    reopened_at = models.DateTimeField(null=True)
    due_on = models.DateField(null=True)

    objects = PassageQuerySet.as_manager()

    class Meta:
        ordering = ["service", "stage__position", "round"]
        constraints = [
            models.UniqueConstraint(fields=["service", "stage", "round"], name="passage_round_once"),
            models.CheckConstraint(condition=Q(state__in=PassageState.values), name="passage_state_known"),
            models.CheckConstraint(
                condition=Q(state="locked", opened_at__isnull=True) | Q(~Q(state="locked"), opened_at__isnull=False),
                name="passage_opened_when_not_locked",
            ),
            models.CheckConstraint(
                condition=Q(state="passed", passed_at__isnull=False) | Q(~Q(state="passed"), passed_at__isnull=True),
                name="passage_passed_has_time",
            ),
            models.CheckConstraint(
                condition=Q(reopened_at__isnull=True) | Q(state__in=["open", "in_review"]),
                name="passage_reopened_is_not_passed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service_id} {self.stage_id} {self.round}: {self.state}"

    @property
    def subject(self) -> str:
        """What the trail calls it."""
        return f"stage:{self.stage.slug}/{self.round}"
