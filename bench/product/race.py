"""P10: ticks from eight threads at once; afterwards every tally is what a rebuild would write, and every chain holds.

Usage: python -m bench.product.race TICKS. Prints JSON: ticks acknowledged, refused, and what differs.
"""

import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from random import Random

import django

THREADS, SERVICES = 8, 16


def tick(random: Random, services: list, left: list[int]) -> tuple[int, int]:
    """Until nothing is left: an item of some service done or undone; refused where another was faster."""
    from accounts.refusals import Conflict
    from checklists import answering
    from checklists.models import Answer

    said = refused = 0
    while left:
        service = random.choice(services)
        items = Answer.objects.filter(service=service, requirement__kind="item", state__in=["open", "done"])
        answer = random.choice(list(items.select_related("requirement__edition", "requirement__stage", "recorded_by")))
        state = "open" if answer.state == "done" else "done"
        told = {"by": answer.recorded_by, "service": service, "requirement": answer.requirement}
        try:
            answering.record(seen=answer.version, state=state, **told)
        except Conflict:
            refused += 1
            continue
        said += 1
        if left:
            left.pop()
    return said, refused


def worker(seed: int, services: list, left: list[int]) -> tuple[int, int]:
    from django.db import connection

    try:
        return tick(Random(seed), services, left)  # noqa: S311
    finally:
        connection.close()


def main(ticks: int) -> None:
    from accounts import soundness
    from checklists import tallying
    from stages.models import Service

    worked = Service.objects.filter(answers__requirement__kind="item", answers__version__gt=0)
    services = list(worked.filter(archived_at=None).distinct().order_by("pk")[:SERVICES])
    left = [1] * ticks
    with ThreadPoolExecutor(THREADS) as pool:
        told = list(pool.map(lambda seed: worker(seed, services, left), range(THREADS)))
    differ = [f"{service.slug}, {one}" for service in services for one in tallying.differences(service=service)]
    broken = [str(walk.broken) for walk in (soundness.walk(service.scope) for service in services) if walk.broken]
    said, refused = (sum(column) for column in zip(*told, strict=True))
    print(json.dumps({"said": said, "refused": refused, "differ": differ, "broken": broken}))


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "launchkit.settings"
    django.setup()
    main(int(sys.argv[1]))
