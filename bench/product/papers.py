"""Writes the HTML of a report into a folder; then makes that report as a worker does, from the message to the end.

Usage: python -m bench.product.papers FOLDER; afterwards each line on standard input makes the report once. Answers
with JSON: seconds, peak of the child in kilobytes, memory of this process in kilobytes.
"""

import json
import os
import resource
import sys
import time
from pathlib import Path

import django


def asked(folder: Path):
    """A report of the longest decided picture there is, asked for; its HTML goes into the folder."""
    from reviews import paper, reporting
    from reviews.models import Decision

    found = Decision.objects.select_related("review__snapshot", "review__passage__service", "decided_by")
    decision = max(found[:60], key=lambda one: len(one.review.snapshot.content))
    snapshot = decision.review.snapshot
    record = paper.Record(snapshot.content, snapshot.sha256, decision.content, decision.sha256)
    (folder / "report.html").write_text(paper.html(record, "en"))
    service = decision.review.passage.service
    return reporting.request(by=decision.decided_by, service=service, record=decision, language="en")


def main(folder: Path) -> None:
    from reviews import press, shelf

    report = asked(folder)
    print(json.dumps({"report": report.pk}), flush=True)
    for _line in sys.stdin:
        again(report)
        began = time.perf_counter()
        press.make(report.pk)
        seconds = time.perf_counter() - began
        report.refresh_from_db()
        (folder / "report.pdf").write_bytes(shelf.fetch(report))
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        print(json.dumps({"seconds": seconds, "peak": peak, "own": _memory()}), flush=True)


def again(report) -> None:
    """To be made, as if nobody had begun."""
    from jobs import leasing
    from reviews.models import Report

    rows = Report.objects.filter(pk=report.pk)
    rows.update(state=Report.State.FAILED)
    leasing.restart(rows, report.pk)


def _memory() -> int:
    """Kilobytes that this process holds now."""
    status = Path("/proc/self/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS")))


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "launchkit.settings"
    django.setup()
    main(Path(sys.argv[1]))
