"""What is wrong with a playbook file, and where. A broken file is refused with all of it at once."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.refusals import Refusal


@dataclass(frozen=True)
class Fault:
    """`place` is where in the content (`stages[2].rules[3].role`), `line` where in the text, when known."""

    place: str
    sentence: str
    line: int | None = None

    def __str__(self) -> str:
        told = f"{self.place}: {self.sentence}" if self.place else self.sentence
        return _("line %(line)d, %(fault)s") % {"line": self.line, "fault": told} if self.line else told


class BrokenPlaybook(Refusal):
    """A file that cannot be published; `faults` in the order of the file."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = list(faults)
        number = len(self.faults)
        super().__init__(ngettext("The file has %d fault.", "The file has %d faults.", number) % number)
