"""Apart from the filling before it: PostgreSQL changes no table in the transaction that has just written to it."""

from uuid import uuid4

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("checklists", "0002_revisions_and_age")]

    operations = [
        migrations.AlterField("evidence", "series", models.UUIDField(default=uuid4, editable=False)),
        migrations.AlterField(
            "answer",
            "confirmed_at",
            models.DateTimeField(help_text="when what counts was last said, or said to be true still"),
        ),
        migrations.AddIndex(
            "evidence",
            models.Index(fields=["valid_until"], name="evidence_by_end", condition=Q(valid_until__isnull=False)),
        ),
        migrations.AddIndex(
            "tally",
            models.Index(fields=["fresh_until"], name="tally_by_end", condition=Q(fresh_until__isnull=False)),
        ),
        migrations.AddConstraint(
            "evidence", models.UniqueConstraint(fields=["series", "number"], name="evidence_revision_once")
        ),
        migrations.AddConstraint(
            "evidence", models.CheckConstraint(condition=Q(number__gte=1), name="evidence_revision_counts_from_one")
        ),
        migrations.AddConstraint(
            "evidence",
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("effective_from")),
                name="evidence_ends_after_it_begins",
            ),
        ),
    ]
