import django.db.models.deletion
import stages.texts
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0008_trail_gives_way_to_a_restore"),
    ]

    operations = [
        migrations.CreateModel(
            name="Playbook",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=80, unique=True)),
                ("name", stages.texts.LocalTextField()),
                ("publisher", models.CharField(max_length=200)),
            ],
            options={
                "ordering": ["slug"],
            },
        ),
        migrations.CreateModel(
            name="Edition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("language", models.CharField(max_length=8)),
                ("licence", models.CharField(max_length=120)),
                ("summary", stages.texts.LocalTextField()),
                ("translations", models.JSONField(default=dict)),
                ("threshold", models.PositiveSmallIntegerField(help_text="per cent of the highest possible score")),
                ("answer_age_months", models.PositiveSmallIntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("published_at", models.DateTimeField()),
                (
                    "published_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "playbook",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="editions", to="stages.playbook"
                    ),
                ),
            ],
            options={
                "ordering": ["playbook", "-number"],
                "constraints": [
                    models.UniqueConstraint(fields=("playbook", "number"), name="edition_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(("threshold__gte", 0), ("threshold__lte", 100)),
                        name="edition_threshold_percent",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Role",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=80)),
                ("position", models.PositiveSmallIntegerField()),
                ("title", stages.texts.LocalTextField()),
                ("responsible_for", stages.texts.LocalTextField()),
                ("source", models.CharField(max_length=200)),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="roles", to="stages.edition"
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
                "constraints": [models.UniqueConstraint(fields=("edition", "slug"), name="role_slug_once")],
            },
        ),
        migrations.CreateModel(
            name="Service",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("slug", models.SlugField(max_length=140, unique=True)),
                ("summary", models.CharField(blank=True, max_length=500, verbose_name="what it does")),
                ("planned_on", models.DateField(verbose_name="planned go-live")),
                ("went_live_on", models.DateField(null=True, verbose_name="went live on")),
                ("archived_at", models.DateTimeField(null=True, verbose_name="archived")),
                ("created_at", models.DateTimeField()),
                (
                    "copied_from",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="stages.service"
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="services", to="stages.edition"
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="services", to="accounts.team"
                    ),
                ),
            ],
            options={
                "ordering": ["name", "pk"],
                "indexes": [models.Index(fields=["name", "id"], name="service_by_name")],
            },
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "role",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="stages.role"),
                ),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="assignments", to="stages.service"
                    ),
                ),
            ],
            options={
                "ordering": ["service", "role__position"],
                "constraints": [models.UniqueConstraint(fields=("service", "role"), name="assignment_role_once")],
            },
        ),
        migrations.CreateModel(
            name="Stage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=80)),
                ("position", models.PositiveSmallIntegerField()),
                ("title", stages.texts.LocalTextField()),
                ("purpose", stages.texts.LocalTextField()),
                ("entry", stages.texts.LocalTextField()),
                ("gate", stages.texts.LocalTextField()),
                ("gate_question", stages.texts.LocalTextField()),
                ("interval_months", models.PositiveSmallIntegerField(null=True)),
                ("source", models.CharField(max_length=200)),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="stages", to="stages.edition"
                    ),
                ),
                ("roles", models.ManyToManyField(related_name="stages", to="stages.role")),
            ],
            options={
                "ordering": ["edition", "position"],
                "constraints": [
                    models.UniqueConstraint(fields=("edition", "slug"), name="stage_slug_once"),
                    models.UniqueConstraint(fields=("edition", "position"), name="stage_position_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Resource",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                ("title", stages.texts.LocalTextField()),
                ("address", models.URLField(blank=True, max_length=500)),
                ("source", models.CharField(max_length=200)),
                (
                    "stage",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="resources", to="stages.stage"
                    ),
                ),
            ],
            options={
                "ordering": ["stage", "position"],
            },
        ),
        migrations.CreateModel(
            name="Requirement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("rule", "golden rule"),
                            ("item", "checklist item"),
                            ("deliverable", "deliverable"),
                            ("question", "evaluation question"),
                        ],
                        max_length=12,
                    ),
                ),
                ("slug", models.SlugField(max_length=80)),
                ("number", models.CharField(max_length=12)),
                ("position", models.PositiveSmallIntegerField()),
                ("title", stages.texts.LocalTextField()),
                ("guidance", stages.texts.LocalTextField()),
                ("required", models.BooleanField()),
                ("source", models.CharField(max_length=200)),
                ("about", models.SlugField(blank=True, max_length=80)),
                ("options", models.JSONField(default=dict)),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="requirements", to="stages.edition"
                    ),
                ),
                (
                    "role",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="requirements", to="stages.role"
                    ),
                ),
                (
                    "stage",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="requirements", to="stages.stage"
                    ),
                ),
            ],
            options={
                "ordering": ["stage", "position"],
                "constraints": [
                    models.UniqueConstraint(fields=("edition", "slug"), name="requirement_slug_once"),
                    models.UniqueConstraint(fields=("edition", "number"), name="requirement_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["rule", "item", "deliverable", "question"])),
                        name="requirement_kind_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Passage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("round", models.PositiveSmallIntegerField(default=1)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("locked", "not yet open"),
                            ("open", "open"),
                            ("in_review", "in review"),
                            ("passed", "passed"),
                        ],
                        default="locked",
                        max_length=10,
                    ),
                ),
                ("opened_at", models.DateTimeField(null=True)),
                ("passed_at", models.DateTimeField(null=True)),
                ("reopened_at", models.DateTimeField(null=True)),
                ("due_on", models.DateField(null=True)),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="passages", to="stages.service"
                    ),
                ),
                (
                    "stage",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="stages.stage"),
                ),
            ],
            options={
                "ordering": ["service", "stage__position", "round"],
                "constraints": [
                    models.UniqueConstraint(fields=("service", "stage", "round"), name="passage_round_once"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["locked", "open", "in_review", "passed"])),
                        name="passage_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("opened_at__isnull", True), ("state", "locked")),
                            models.Q(models.Q(("state", "locked"), _negated=True), ("opened_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="passage_opened_when_not_locked",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("passed_at__isnull", False), ("state", "passed")),
                            models.Q(models.Q(("state", "passed"), _negated=True), ("passed_at__isnull", True)),
                            _connector="OR",
                        ),
                        name="passage_passed_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reopened_at__isnull", True), ("state__in", ["open", "in_review"]), _connector="OR"
                        ),
                        name="passage_reopened_is_not_passed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ExitCriterion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=80)),
                ("position", models.PositiveSmallIntegerField()),
                ("title", stages.texts.LocalTextField()),
                ("source", models.CharField(max_length=200)),
                ("computed", models.JSONField(null=True)),
                (
                    "stage",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="criteria", to="stages.stage"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "exit criteria",
                "ordering": ["stage", "position"],
                "constraints": [models.UniqueConstraint(fields=("stage", "slug"), name="criterion_slug_once")],
            },
        ),
    ]
