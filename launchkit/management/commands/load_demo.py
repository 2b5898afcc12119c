"""`manage.py load_demo`: two teams and six services to look around in; for an embedded installation only."""

from time import monotonic

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from launchkit import demo
from stages.models import Edition, Service


class Command(BaseCommand):
    help = "Build the demo: people who can sign in, and services in every state. Refused in production."

    def handle(self, *args: object, **options: object) -> None:
        if not settings.DEMO:
            raise CommandError("The demo has sign-ins that everybody knows; it exists in embedded mode only.")
        if Service.objects.exists():
            raise CommandError("There are services already; the demo is built into an empty installation only.")
        if not Edition.objects.exists():
            raise CommandError("Publish a playbook first: manage.py publish_playbook FILE.")
        began = monotonic()
        services = demo.load()
        if options["verbosity"]:
            self.stdout.write(f"Built {len(services)} services in {monotonic() - began:.1f} s.")
