import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("stages", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Document",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "requirement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="stages.requirement"
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="documents", to="stages.service"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("service", "requirement"), name="document_once")],
            },
        ),
        migrations.CreateModel(
            name="DocumentVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("awaiting", "awaiting approval"),
                            ("approved", "approved"),
                            ("sent_back", "sent back"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("address", models.URLField(blank=True, max_length=500, verbose_name="link")),
                ("file", models.FileField(blank=True, max_length=300, upload_to="documents/%Y/%m")),
                ("file_name", models.CharField(blank=True, max_length=200)),
                ("media_type", models.CharField(blank=True, max_length=100)),
                ("size", models.PositiveBigIntegerField(default=0)),
                ("sha256", models.CharField(max_length=64)),
                ("written_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
                ("judged_at", models.DateTimeField(null=True)),
                ("remark", models.TextField(blank=True, verbose_name="remark")),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="versions", to="checklists.document"
                    ),
                ),
                (
                    "judged_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["document", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("document", "number"), name="document_version_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("address__gt", ""), ("file_name", "")),
                            models.Q(("address", ""), ("file_name__gt", "")),
                            _connector="OR",
                        ),
                        name="document_version_link_or_file",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sent_at__isnull", True), ("sent_by__isnull", True), ("state", "draft")),
                            models.Q(
                                models.Q(("state", "draft"), _negated=True),
                                ("sent_at__isnull", False),
                                ("sent_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="document_version_sent_by_someone",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("judged_at__isnull", False),
                                ("judged_by__isnull", False),
                                ("state__in", ["approved", "sent_back"]),
                            ),
                            models.Q(
                                ("judged_at__isnull", True),
                                ("judged_by__isnull", True),
                                ("state__in", ["draft", "awaiting"]),
                            ),
                            _connector="OR",
                        ),
                        name="document_version_judged_by_someone",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("judged_by__isnull", True),
                            models.Q(("judged_by", models.F("sent_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="document_version_judged_by_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("series", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("number", models.PositiveIntegerField(default=1, verbose_name="revision")),
                (
                    "form",
                    models.CharField(choices=[("file", "file"), ("link", "link"), ("note", "note")], max_length=4),
                ),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("text", models.TextField(blank=True, verbose_name="note")),
                ("address", models.URLField(blank=True, max_length=500, verbose_name="link")),
                ("file", models.FileField(blank=True, max_length=300, upload_to="evidence/%Y/%m")),
                ("file_name", models.CharField(blank=True, max_length=200)),
                ("media_type", models.CharField(blank=True, max_length=100)),
                ("size", models.PositiveBigIntegerField(default=0)),
                ("sha256", models.CharField(max_length=64)),
                ("effective_from", models.DateField(verbose_name="effective from")),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="valid until")),
                ("added_at", models.DateTimeField()),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "copied_from",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="checklists.evidence",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="evidence", to="stages.service"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "evidence",
                "ordering": ["added_at", "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("valid_until__isnull", False)),
                        fields=["valid_until"],
                        name="evidence_by_end",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("series", "number"), name="evidence_revision_once"),
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 1)), name="evidence_revision_counts_from_one"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_until__isnull", True),
                            ("valid_until__gte", models.F("effective_from")),
                            _connector="OR",
                        ),
                        name="evidence_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("address", ""), ("file_name__gt", ""), ("form", "file")),
                            models.Q(("address__gt", ""), ("file_name", ""), ("form", "link")),
                            models.Q(("address", ""), ("file_name", ""), ("form", "note"), ("text__gt", "")),
                            _connector="OR",
                        ),
                        name="evidence_form_has_its_part",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("met", "met"),
                            ("not_met", "not met"),
                            ("done", "done"),
                            ("rated", "rated"),
                            ("not_applicable", "not applicable"),
                            ("not_started", "not started"),
                            ("draft", "draft"),
                            ("awaiting", "awaiting approval"),
                            ("approved", "approved"),
                            ("sent_back", "sent back"),
                        ],
                        max_length=14,
                    ),
                ),
                ("rating", models.PositiveSmallIntegerField(null=True)),
                ("text", models.TextField(blank=True, verbose_name="answer")),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                ("note", models.TextField(blank=True, verbose_name="note")),
                ("version", models.PositiveIntegerField(default=1)),
                ("recorded_at", models.DateTimeField()),
                (
                    "confirmed_at",
                    models.DateTimeField(help_text="when what counts was last said, or said to be true still"),
                ),
                ("due_on", models.DateField(null=True, verbose_name="due")),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "requirement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="stages.requirement"
                    ),
                ),
                (
                    "responsible",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="responsible",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="answers", to="stages.service"
                    ),
                ),
                ("evidence", models.ManyToManyField(related_name="answers", to="checklists.evidence")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("service", "requirement"), name="answer_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "open",
                                    "met",
                                    "not_met",
                                    "done",
                                    "rated",
                                    "not_applicable",
                                    "not_started",
                                    "draft",
                                    "awaiting",
                                    "approved",
                                    "sent_back",
                                ],
                            )
                        ),
                        name="answer_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("rating__gte", 0), ("rating__lte", 3), ("state", "rated")),
                            models.Q(models.Q(("state", "rated"), _negated=True), ("rating__isnull", True)),
                            _connector="OR",
                        ),
                        name="answer_rating_when_rated",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "not_applicable"), _negated=True), ("reason__gt", ""), _connector="OR"
                        ),
                        name="answer_not_applicable_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Proposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("met", "met"),
                            ("not_met", "not met"),
                            ("done", "done"),
                            ("rated", "rated"),
                            ("not_applicable", "not applicable"),
                            ("not_started", "not started"),
                            ("draft", "draft"),
                            ("awaiting", "awaiting approval"),
                            ("approved", "approved"),
                            ("sent_back", "sent back"),
                        ],
                        max_length=14,
                    ),
                ),
                ("rating", models.PositiveSmallIntegerField(null=True)),
                ("text", models.TextField(blank=True)),
                ("reason", models.TextField(blank=True)),
                ("note", models.TextField(blank=True)),
                ("said_at", models.DateTimeField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[("open", "open"), ("taken", "taken over"), ("discarded", "discarded")],
                        default="open",
                        max_length=9,
                    ),
                ),
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
                ("evidence", models.ManyToManyField(related_name="+", to="checklists.evidence")),
                (
                    "requirement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="stages.requirement"
                    ),
                ),
                (
                    "said_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="proposals", to="stages.service"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="checklists.documentversion",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("service", "requirement"), name="proposal_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "open",
                                    "met",
                                    "not_met",
                                    "done",
                                    "rated",
                                    "not_applicable",
                                    "not_started",
                                    "draft",
                                    "awaiting",
                                    "approved",
                                    "sent_back",
                                ],
                            )
                        ),
                        name="proposal_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", True), ("closed_by__isnull", True), ("outcome", "open")),
                            models.Q(
                                ("closed_at__isnull", False),
                                ("closed_by__isnull", False),
                                ("outcome__in", ["taken", "discarded"]),
                            ),
                            _connector="OR",
                        ),
                        name="proposal_closed_by_someone",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("asked", models.PositiveSmallIntegerField(default=0)),
                ("judged", models.PositiveSmallIntegerField(default=0)),
                ("rules", models.PositiveSmallIntegerField(default=0)),
                ("rules_met", models.PositiveSmallIntegerField(default=0)),
                ("waived", models.PositiveSmallIntegerField(default=0)),
                ("waived_until", models.DateField(null=True)),
                ("items", models.PositiveSmallIntegerField(default=0)),
                ("items_done", models.PositiveSmallIntegerField(default=0)),
                ("items_required_open", models.PositiveSmallIntegerField(default=0)),
                ("deliverables", models.PositiveSmallIntegerField(default=0)),
                ("deliverables_approved", models.PositiveSmallIntegerField(default=0)),
                ("deliverables_required_open", models.PositiveSmallIntegerField(default=0)),
                ("questions", models.PositiveSmallIntegerField(default=0)),
                ("questions_rated", models.PositiveSmallIntegerField(default=0)),
                ("questions_required_unrated", models.PositiveSmallIntegerField(default=0)),
                ("questions_required_zero", models.PositiveSmallIntegerField(default=0)),
                ("questions_required_one", models.PositiveSmallIntegerField(default=0)),
                ("points", models.PositiveSmallIntegerField(default=0)),
                ("points_possible", models.PositiveSmallIntegerField(default=0)),
                ("criteria_unmet", models.PositiveSmallIntegerField(default=0)),
                ("outcome", models.CharField(max_length=20)),
                ("material", models.CharField(blank=True, max_length=64)),
                ("fresh_until", models.DateField(null=True)),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="tallies", to="stages.service"
                    ),
                ),
                (
                    "stage",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="stages.stage"),
                ),
            ],
            options={
                "verbose_name_plural": "tallies",
                "indexes": [
                    models.Index(fields=["stage", "outcome"], name="tally_by_outcome"),
                    models.Index(
                        condition=models.Q(("fresh_until__isnull", False)), fields=["fresh_until"], name="tally_by_end"
                    ),
                ],
                "constraints": [models.UniqueConstraint(fields=("service", "stage"), name="tally_once")],
            },
        ),
        migrations.CreateModel(
            name="Waiver",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "asked for"),
                            ("granted", "granted"),
                            ("refused", "refused"),
                            ("withdrawn", "withdrawn"),
                            ("ended", "ended early"),
                            ("replaced", "replaced"),
                        ],
                        default="asked",
                        max_length=9,
                    ),
                ),
                ("reason", models.TextField(verbose_name="why the rule cannot be met now")),
                ("measure", models.TextField(verbose_name="what is done instead")),
                ("expires_on", models.DateField(verbose_name="last day")),
                ("asked_at", models.DateTimeField()),
                ("asked_on", models.DateField()),
                ("answered_at", models.DateTimeField(null=True)),
                ("word", models.TextField(blank=True, verbose_name="word of the manager")),
                ("closed_at", models.DateTimeField(null=True)),
                ("closing", models.TextField(blank=True, verbose_name="why it ended early")),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "requirement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="stages.requirement"
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="waivers", to="stages.service"
                    ),
                ),
            ],
            options={
                "ordering": ["asked_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "asked")),
                        fields=("service", "requirement"),
                        name="waiver_one_pending",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "granted")),
                        fields=("service", "requirement"),
                        name="waiver_one_granted",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("measure__gt", ""), ("reason__gt", "")),
                        name="waiver_says_why_and_what_instead",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expires_on__gt", models.F("asked_on"))), name="waiver_ends_after_asking"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("answered_at__isnull", True),
                                ("answered_by__isnull", True),
                                ("state__in", ["asked", "withdrawn"]),
                            ),
                            models.Q(
                                ("answered_at__isnull", False),
                                ("answered_by__isnull", False),
                                ("state__in", ["granted", "refused", "ended", "replaced"]),
                            ),
                            _connector="OR",
                        ),
                        name="waiver_answered_by_someone",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answered_by__isnull", True),
                            models.Q(("answered_by", models.F("asked_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="waiver_answered_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "refused"), _negated=True), ("word__gt", ""), _connector="OR"
                        ),
                        name="waiver_refused_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("closed_at__isnull", True),
                                ("closed_by__isnull", True),
                                ("closing", ""),
                                ("state__in", ["asked", "granted", "refused"]),
                            ),
                            models.Q(
                                ("closed_at__isnull", False),
                                ("closed_by", models.F("asked_by")),
                                ("state", "withdrawn"),
                            ),
                            models.Q(
                                ("closed_at__isnull", False),
                                ("closed_by__isnull", False),
                                ("closing__gt", ""),
                                ("state", "ended"),
                            ),
                            models.Q(("closed_at__isnull", False), ("closed_by__isnull", False), ("state", "replaced")),
                            _connector="OR",
                        ),
                        name="waiver_closed_by_someone",
                    ),
                ],
            },
        ),
    ]
