from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reviews", "0004_what_stands_is_found")]
    operations = [
        migrations.AddConstraint(
            model_name="condition",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "met", "dropped", "void"])), name="condition_state_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="condition",
            constraint=models.CheckConstraint(
                condition=models.Q(("due_on__isnull", False), ("days_after_live__isnull", False), _connector="OR"),
                name="condition_due_some_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="condition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("said_met_at__isnull", True), ("said_met_by__isnull", True)),
                    models.Q(("said_met_at__isnull", False), ("said_met_by__isnull", False)),
                    _connector="OR",
                ),
                name="condition_said_met_by_someone",
            ),
        ),
        migrations.AddConstraint(
            model_name="condition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "met"), _negated=True),
                    ("said_met_by__isnull", True),
                    models.Q(("closed_by", models.F("said_met_by")), _negated=True),
                    _connector="OR",
                ),
                name="condition_confirmed_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.UniqueConstraint(fields=("review", "number"), name="decision_number_once"),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("mistake", ""), ("number", 1), ("supersedes__isnull", True)),
                    models.Q(("mistake__gt", ""), ("number__gt", 1), ("supersedes__isnull", False)),
                    _connector="OR",
                ),
                name="decision_supersedes_with_reason",
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
    ]
