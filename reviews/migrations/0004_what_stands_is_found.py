import json

from django.db import migrations
from django.db.models import OuterRef, Subquery


def point(apps, schema_editor):
    """Each decided review points at its decision; what a decision held follows from its record."""
    review, decision = apps.get_model("reviews", "Review"), apps.get_model("reviews", "Decision")
    stands = decision.objects.filter(review=OuterRef("pk")).order_by("-pk").values("pk")[:1]
    review.objects.filter(state="decided").update(decision=Subquery(stands))
    for one in decision.objects.select_related("review__snapshot").iterator():
        reasons = json.loads(one.content)["suggestion"]["reasons"]
        one.held = [reason["key"] for reason in reasons if reason["met"]]
        one.material = one.review.snapshot.material
        one.save(update_fields=["held", "material"])


class Migration(migrations.Migration):
    dependencies = [("reviews", "0003_superseding_and_go_live_days")]
    operations = [migrations.RunPython(point, migrations.RunPython.noop)]
