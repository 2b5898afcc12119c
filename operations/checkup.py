"""The whole installation looked at once: the same findings for the page and for `manage.py doctor`."""

from dataclasses import dataclass

from accounts.models import Mail
from operations import mail, processes, queues, storage, versions
from operations.findings import Finding, Level, worst
from operations.processes import Process
from operations.queues import Failed


@dataclass(frozen=True)
class Checkup:
    """`findings`: what needs doing stands first."""

    findings: list[Finding]
    failed: list[Failed]
    mails: list[Mail]
    processes: list[Process]
    versions: list[tuple[str, str]]

    @property
    def level(self) -> Level:
        return worst(self.findings)

    @property
    def to_do(self) -> list[Finding]:
        return [each for each in self.findings if each.level == Level.ACT]


def look() -> Checkup:
    """Without a database that fits nothing else can be looked at: then that is the one finding."""
    tables = versions.tables()
    if tables.level == Level.ACT:
        return Checkup([tables], [], [], [], [])
    failure, failed = queues.failed()
    sending, mails = mail.outgoing()
    known = processes.known()
    found = [
        queues.waiting(),
        failure,
        sending,
        *processes.findings(known),
        storage.files(),
        *storage.disks(),
        storage.database(),
        tables,
        versions.printing(),
    ]
    return Checkup(sorted(found, key=lambda each: -each.level), failed, mails, known, versions.parts())
