import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("checklists", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Snapshot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("content", models.TextField()),
                ("sha256", models.CharField(max_length=64, unique=True)),
                ("material", models.CharField(max_length=64)),
                ("sealed_at", models.DateTimeField()),
                (
                    "passage",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="snapshots", to="stages.passage"
                    ),
                ),
                (
                    "sealed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="snapshots", to="stages.service"
                    ),
                ),
            ],
            options={
                "ordering": ["-sealed_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "waiting for a decision"),
                            ("withdrawn", "withdrawn"),
                            ("decided", "decided"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("note", models.TextField(blank=True, verbose_name="note to the manager")),
                ("asked_at", models.DateTimeField()),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "passage",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reviews", to="stages.passage"
                    ),
                ),
                (
                    "snapshot",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="review", to="reviews.snapshot"
                    ),
                ),
            ],
            options={
                "ordering": ["passage", "-number"],
                "constraints": [
                    models.UniqueConstraint(fields=("passage", "number"), name="review_number_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")), fields=("passage",), name="review_one_open_per_passage"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "withdrawn", "decided"])), name="review_state_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(default=1)),
                ("mistake", models.TextField(blank=True, verbose_name="what was mistaken")),
                (
                    "outcome",
                    models.CharField(
                        choices=[("go", "go"), ("go_with_conditions", "go with conditions"), ("no_go", "no-go")],
                        max_length=20,
                    ),
                ),
                (
                    "suggested",
                    models.CharField(
                        choices=[("go", "go"), ("go_with_conditions", "go with conditions"), ("no_go", "no-go")],
                        max_length=20,
                    ),
                ),
                ("rationale", models.TextField(verbose_name="why")),
                ("content", models.TextField()),
                ("sha256", models.CharField(max_length=64, unique=True)),
                ("material", models.CharField(blank=True, max_length=64)),
                ("held", models.JSONField(default=list)),
                ("decided_at", models.DateTimeField()),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "supersedes",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="superseded_by",
                        to="reviews.decision",
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="decisions", to="reviews.review"
                    ),
                ),
            ],
            options={
                "ordering": ["-decided_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("review", "number"), name="decision_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("mistake", ""), ("number", 1), ("supersedes__isnull", True)),
                            models.Q(("mistake__gt", ""), ("number__gt", 1), ("supersedes__isnull", False)),
                            _connector="OR",
                        ),
                        name="decision_supersedes_with_reason",
                    ),
                    models.CheckConstraint(condition=models.Q(("rationale__gt", "")), name="decision_has_rationale"),
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ["go", "go_with_conditions", "no_go"])),
                        name="decision_outcome_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "go"), _negated=True), ("suggested", "go"), _connector="OR"
                        ),
                        name="decision_go_only_when_suggested",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("decided_by", models.F("asked_by")), _negated=True),
                        name="decision_by_another",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="review",
            name="decision",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="reviews.decision"
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decision__isnull", False), ("state", "decided")),
                    models.Q(models.Q(("state", "decided"), _negated=True), ("decision__isnull", True)),
                    _connector="OR",
                ),
                name="review_decided_has_decision",
            ),
        ),
        migrations.CreateModel(
            name="Confirmation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("met", models.BooleanField()),
                ("note", models.TextField(blank=True, verbose_name="note")),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "criterion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="stages.exitcriterion"
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="confirmations", to="reviews.review"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("review", "criterion"), name="confirmation_once")],
            },
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "waiting"),
                            ("running", "being made"),
                            ("done", "ready"),
                            ("failed", "failed"),
                        ],
                        default="queued",
                        max_length=8,
                    ),
                ),
                ("published_at", models.DateTimeField(null=True)),
                ("deadline", models.DateTimeField()),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("lease", models.UUIDField(null=True)),
                ("lease_until", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("cause", models.CharField(blank=True, max_length=300)),
                ("record", models.CharField(max_length=64)),
                ("language", models.CharField(max_length=8)),
                ("form", models.CharField(default="pdf", max_length=8)),
                ("requested_at", models.DateTimeField()),
                ("file", models.FileField(blank=True, max_length=300, upload_to="reports/%Y/%m")),
                ("size", models.PositiveBigIntegerField(default=0)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("made_with", models.JSONField(default=dict)),
                (
                    "decision",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="reviews.decision",
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reports", to="stages.service"
                    ),
                ),
                (
                    "snapshot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reports", to="reviews.snapshot"
                    ),
                ),
            ],
            options={
                "ordering": ["-requested_at", "-pk"],
                "indexes": [
                    models.Index(fields=["state", "lease_until"], name="report_by_lease"),
                    models.Index(fields=["sha256"], name="report_by_file"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("lease__isnull", False), ("lease_until__isnull", False), ("state", "running")),
                            models.Q(
                                models.Q(("state", "running"), _negated=True),
                                ("lease__isnull", True),
                                ("lease_until__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="report_lease_while_running",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "failed"), _negated=True),
                        fields=("record", "language", "form"),
                        name="report_one_per_record",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "done"), _negated=True),
                            models.Q(("file__gt", ""), ("sha256__gt", "")),
                            _connector="OR",
                        ),
                        name="report_done_has_file",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Condition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("text", models.TextField(verbose_name="what is demanded")),
                ("due_on", models.DateField(null=True, verbose_name="due")),
                ("days_after_live", models.PositiveSmallIntegerField(null=True, verbose_name="days after go-live")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "open"), ("met", "met"), ("dropped", "dropped"), ("void", "void")],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("said_met_at", models.DateTimeField(null=True)),
                ("closing_note", models.TextField(blank=True, verbose_name="what shows it")),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("evidence", models.ManyToManyField(related_name="conditions", to="checklists.evidence")),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conditions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("requirements", models.ManyToManyField(related_name="+", to="stages.requirement")),
                (
                    "said_met_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="conditions", to="stages.service"
                    ),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="conditions", to="reviews.decision"
                    ),
                ),
            ],
            options={
                "ordering": [models.OrderBy(models.F("due_on"), nulls_last=True), "pk"],
                "indexes": [models.Index(fields=["service", "state", "due_on"], name="condition_by_due")],
                "constraints": [
                    models.UniqueConstraint(fields=("decision", "number"), name="condition_number_once"),
                    models.CheckConstraint(condition=models.Q(("text__gt", "")), name="condition_has_text"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", True), ("closed_by__isnull", True), ("state", "open")),
                            models.Q(
                                models.Q(("state", "open"), _negated=True),
                                ("closed_at__isnull", False),
                                ("closed_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="condition_closed_by_someone",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "met", "dropped", "void"])),
                        name="condition_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("due_on__isnull", False), ("days_after_live__isnull", False), _connector="OR"
                        ),
                        name="condition_due_some_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("said_met_at__isnull", True), ("said_met_by__isnull", True)),
                            models.Q(("said_met_at__isnull", False), ("said_met_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="condition_said_met_by_someone",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "met"), _negated=True),
                            ("said_met_by__isnull", True),
                            models.Q(("closed_by", models.F("said_met_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="condition_confirmed_by_another",
                    ),
                ],
            },
        ),
    ]
