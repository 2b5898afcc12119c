"""The list of services sorted by the day of going live, a page at a time."""

from django.db import migrations, models
from django.db.models.functions import Coalesce


class Migration(migrations.Migration):
    dependencies = [("stages", "0001_initial")]
    operations = [
        migrations.AddIndex(
            "service",
            models.Index(Coalesce("went_live_on", "planned_on"), models.F("id"), name="service_by_day"),
        )
    ]
