"""F28: a live worker is given a record that needs more than a report may take: that one fails, with advice."""

from reviews import rendering
from tests.faults.asking import Asked, ask, count_completions
from tests.faults.places import open_place

HUGE = """
from django.utils import timezone
from reviews import canonical, reporting
from reviews.models import Report, Snapshot

one = Report.objects.get(pk={pk})
content = canonical.load(one.snapshot.content)
told = [entry | {{"note": "It was written down at length, and at length again. " * 60}} for entry in content["entries"]]
content["entries"] = told * ({entries} // len(told))
text = canonical.text(content)
sealed = {{"passage": one.snapshot.passage, "sealed_by": one.requested_by, "sealed_at": timezone.now()}}
huge = Snapshot.objects.create(service=one.service, content=text, sha256="f" * 64, material="", **sealed)
print(reporting.request(by=one.requested_by, service=one.service, record=huge, language="en").pk)
"""


def test_a_record_out_of_all_limits_fails_with_advice_and_the_worker_lives(measured):
    with open_place("postgresql", services=2, small=True, parts=("web", "worker")) as place:
        count_completions(place)
        first = ask(place.person(), place.slugs[0])
        first.wait("done", 60)
        worker = place.main("worker")
        huge = Asked(place, place.installation.python(HUGE.format(pk=first.pk, entries=4000)), "", 0)
        measured("a record far too large: failed, with advice", huge.wait("failed", 120), 90)
        assert huge.row() == ("failed", 1, rendering.TOO_MUCH)
        after = ask(place.person(), place.slugs[1])
        measured("the report after it is done by the same worker", after.wait("done", 60), 30)
        assert place.main("worker") == worker
        assert [one.completions() for one in (first, huge, after)] == [1, 0, 1]
