"""What is found when the installation is looked at: sentences that say whether it is fine, and what to do if not."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum

from django.utils.translation import ngettext


class Level(IntEnum):
    FINE = 0
    WATCH = 1
    ACT = 2


@dataclass(frozen=True)
class Finding:
    """`advice` says what to do, and is empty when nothing is to be done."""

    key: str
    title: str
    level: Level
    sentence: str
    advice: str = ""

    @property
    def state(self) -> str:
        """How a page shows the level (see templates/README.md)."""
        return {Level.FINE: "done", Level.WATCH: "changed", Level.ACT: "overdue"}[self.level]


def worst(found: Iterable[Finding]) -> Level:
    return max((each.level for each in found), default=Level.FINE)


def lasting(time: timedelta) -> str:
    """A length of time in its largest unit: 40 seconds, 3 minutes, 2 hours, 5 days."""
    seconds = max(int(time.total_seconds()), 0)
    if seconds < 120:
        return ngettext("%(count)d second", "%(count)d seconds", seconds) % {"count": seconds}
    if seconds < 2 * 3600:
        return ngettext("%(count)d minute", "%(count)d minutes", seconds // 60) % {"count": seconds // 60}
    if seconds < 2 * 86400:
        return ngettext("%(count)d hour", "%(count)d hours", seconds // 3600) % {"count": seconds // 3600}
    return ngettext("%(count)d day", "%(count)d days", seconds // 86400) % {"count": seconds // 86400}
