"""Writes the HTML of a report into a folder; then renders it as a worker does.

Usage: python -m bench.product.papers FOLDER; afterwards each line on standard input renders the report once. Answers
with JSON: seconds, peak of the child in kilobytes, memory of this process in kilobytes.
"""

import json
import os
import resource
import sys
import time
from pathlib import Path

import django


def write(folder: Path) -> str:
    """The report of the longest decided picture there is."""
    from reviews import paper
    from reviews.models import Decision

    decision = max(Decision.objects.select_related("review__snapshot")[:60], key=_length)
    snapshot = decision.review.snapshot
    record = paper.Record(snapshot.content, snapshot.sha256, decision.content, decision.sha256)
    html = paper.html(record, "en")
    (folder / "report.html").write_text(html)
    return html


def _length(decision) -> int:
    return len(decision.review.snapshot.content)


def main(folder: Path) -> None:
    from reviews import rendering

    html = write(folder)
    print(json.dumps({"bytes": len(html)}), flush=True)
    for _line in sys.stdin:
        began = time.perf_counter()
        made = rendering.pdf(html)
        seconds = time.perf_counter() - began
        (folder / "report.pdf").write_bytes(made.pdf)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        print(json.dumps({"seconds": seconds, "peak": peak, "own": _memory()}), flush=True)


def _memory() -> int:
    """Kilobytes that this process holds now."""
    status = Path("/proc/self/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS")))


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "launchkit.settings"
    django.setup()
    main(Path(sys.argv[1]))
