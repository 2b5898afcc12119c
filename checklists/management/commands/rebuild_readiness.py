"""Prove that every tally is what the answers say, and repair those that are not."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from checklists import tallying
from stages.models import Service


class Command(BaseCommand):
    help = "Counts every stage of every service anew and stores what differs. With --check it only says so."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; fail when a tally differs")

    def handle(self, *args: object, check: bool = False, **options: object) -> None:
        counted = wrong = 0
        for service in Service.objects.order_by("pk").iterator(chunk_size=200):
            found = list(tallying.differences(service=service))
            wrong += len({difference.partition(":")[0] for difference in found})  # one tally a stage, whatever differs
            for difference in found:
                self.stdout.write(f"{service.slug}, {difference}")
            if not check:
                tallying.rebuild(service=service)
            counted += 1
        if check and wrong:
            raise CommandError(f"{wrong} tallies differ from the answers of {counted} services.")
        self.stdout.write(f"{counted} services counted, {wrong} tallies {'differ' if check else 'put right'}.")
