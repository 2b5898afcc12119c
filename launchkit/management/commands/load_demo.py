"""`manage.py load_demo`: two teams and six services to look around in, or thousands; not for production."""

from argparse import ArgumentParser
from time import monotonic

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from launchkit import demo, stories
from stages.models import Edition, Service

SMALLEST = len(stories.STORIES)


class Command(BaseCommand):
    help = "Build the demo: people who can sign in, and services in every state. Refused in production."

    def add_arguments(self, parser: ArgumentParser) -> None:
        told = f"how many services in all, at least {SMALLEST}: the others tell the same stories in other places"
        parser.add_argument("--services", type=int, default=SMALLEST, metavar="N", help=told)

    def handle(self, *args: object, services: int = SMALLEST, **options: object) -> None:
        if not settings.DEMO:
            raise CommandError("The demo has sign-ins that everybody knows; it exists in embedded mode only.")
        if Service.objects.exists():
            raise CommandError("There are services already; the demo is built into an empty installation only.")
        if services < SMALLEST:
            raise CommandError(f"The demo has {SMALLEST} services; ask for more, not for fewer.")
        if not Edition.objects.exists():
            raise CommandError("Publish a playbook first: manage.py publish_playbook FILE.")
        began = monotonic()
        written = demo.load_many(services) if services > SMALLEST else len(demo.load())
        if options["verbosity"]:
            more = f", {written} rows," if services > SMALLEST else ""
            self.stdout.write(f"Built {services} services{more} in {monotonic() - began:.1f} s.")
