from uuid import uuid4

from django.db import migrations, models


def each_its_own_series(apps, schema_editor):
    """Evidence of before is the first revision of a piece of its own."""
    evidence = apps.get_model("checklists", "Evidence")
    for pk in evidence.objects.values_list("pk", flat=True).iterator():
        evidence.objects.filter(pk=pk).update(series=uuid4())


def confirmed_when_recorded(apps, schema_editor):
    apps.get_model("checklists", "Answer").objects.update(confirmed_at=models.F("recorded_at"))


class Migration(migrations.Migration):
    dependencies = [("checklists", "0001_initial")]

    operations = [
        migrations.AddField("evidence", "number", models.PositiveIntegerField(default=1, verbose_name="revision")),
        migrations.AddField("evidence", "series", models.UUIDField(null=True, editable=False)),
        migrations.AddField("answer", "confirmed_at", models.DateTimeField(null=True)),
        migrations.RunPython(each_its_own_series, migrations.RunPython.noop),
        migrations.RunPython(confirmed_when_recorded, migrations.RunPython.noop),
    ]
