"""The press: makes the PDF of a report and keeps its file, as a job (`jobs.runner`) that workers do."""

import hashlib

from jobs import runner
from jobs.leasing import Swept
from jobs.runner import Hold, Job
from reviews import rendering, shelf
from reviews.models import Report


def _print(pk: int, hold: Hold) -> dict[str, object]:
    """Render a report and store its file, under a name that the same bytes have again; what its row says then."""
    report = Report.objects.select_related("snapshot", "decision").get(pk=pk)
    made = rendering.render(report, hold=hold)
    sha256 = hashlib.sha256(made.pdf).hexdigest()
    return {"file": shelf.keep(pk, made.pdf), "size": len(made.pdf), "sha256": sha256, "made_with": made.made_with}


JOB = Job(Report, task="reviews.tasks.make_report", do=_print)


def publish(pk: int) -> bool:
    return runner.send(JOB, pk)


def make(pk: int) -> None:
    runner.run(JOB, pk)


def sweep() -> Swept:
    return runner.sweep(JOB)


def backlog() -> dict[str, int]:
    return runner.backlog(JOB)


def idle() -> bool:
    return runner.idle(JOB)
