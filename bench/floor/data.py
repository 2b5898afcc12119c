"""What the floor holds: things by name in shuffled order, two pages of entries, and one person."""

import os
from datetime import date, timedelta
from random import Random

import django

SEED = 20
PARTS = (60, 120)
GUIDANCE = "It was tried with the people who will use it, the result is written down, and somebody else can repeat it. "


def build(things: int) -> None:
    from django.contrib.auth.models import User

    from bench.floor.models import Counter, Entry, Group, Thing

    person = User.objects.create_user("designer", "designer@example.org", None)
    groups = Group.objects.bulk_create(Group(name=f"Office {number}") for number in range(1, things // 60 + 2))
    Entry.objects.bulk_create(
        Entry(part=part, number=f"E{n}", title=f"Entry {n} of this page, in a usual sentence", guidance=GUIDANCE)
        for part in PARTS
        for n in range(1, part + 1)
    )
    numbers = list(range(1, things + 1))
    Random(SEED).shuffle(numbers)  # noqa: S311
    today = date.today()
    rows = Thing.objects.bulk_create(
        (
            Thing(group=groups[n // 60], name=f"District {n}: a service", planned_on=today + timedelta(days=n % 200))
            for n in numbers
        ),
        batch_size=2000,
    )
    counters = (Counter(thing=row, part=part, asked=50, done=row.pk % 51) for row in rows for part in (1, 2, 3))
    Counter.objects.bulk_create(counters, batch_size=5000)
    _answer(rows[0], person)


def _answer(thing, person) -> None:
    """Everything but each fourth entry is answered, half of that with a proof."""
    from django.utils import timezone

    from bench.floor.models import Entry, Proof, Reply

    entries = [one for place, one in enumerate(Entry.objects.order_by("pk")) if place % 4 != 3]
    told = {"thing": thing, "state": "met", "said_by": person, "said_at": timezone.now(), "text": "Seen in the report."}
    replies = Reply.objects.bulk_create(Reply(entry=one, **told) for one in entries)
    links = {"title": "Report of the test with users", "address": "https://files.example.org/report"}
    Proof.objects.bulk_create(Proof(reply=one, added_on=date.today(), **links) for one in replies[::2])


if __name__ == "__main__":
    import sys

    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.floor.settings"
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)  # people first: the floor's own tables name them
    call_command("migrate", run_syncdb=True, verbosity=0)
    build(int(sys.argv[1]))
