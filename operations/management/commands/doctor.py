"""`manage.py doctor`: what the operations page says, in sentences; the exit status is 1 if something needs doing."""

import sys

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from operations import checkup
from operations.findings import Level


class Command(BaseCommand):
    help = "Look at the whole installation and say in sentences whether it is fine, and what to do if not."
    requires_system_checks = ()  # a database that does not answer is one of the findings

    def handle(self, *args: object, **options: object) -> None:
        found = checkup.look()
        words = {Level.FINE: _("Fine"), Level.WATCH: _("Look at it"), Level.ACT: _("Needs doing")}
        for each in found.findings:
            told = f"{words[each.level]}: {each.title}. {each.sentence} {each.advice}"
            self.stdout.write(told.strip())
        self.stdout.write(", ".join(f"{part} {number}" for part, number in found.versions))
        if found.level == Level.ACT:
            sys.exit(1)
