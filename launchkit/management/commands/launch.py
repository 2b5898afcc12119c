"""`manage.py launch`: everything at once in an embedded installation, the parts it is told in production."""

import os
import urllib.error
import urllib.request
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError

from accounts.models import User
from launchkit import parts
from launchkit.supervisor import KeepsDying, Supervisor
from stages.models import Edition, Service

LOCAL = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # this machine is not behind its own proxy


class Command(BaseCommand):
    help = "Start launchkit: web server, worker, mail sender and scheduler, kept alive by one supervisor."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(parts.NAMES)}; none means all")
        parser.add_argument("--host", default="0.0.0.0" if settings.PRODUCTION else "127.0.0.1")  # noqa: S104
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: object, **options: object) -> None:
        self.wanted = wanted = options["parts"] or parts.NAMES
        host, port = str(options["host"]), int(str(options["port"]))
        if unknown := set(wanted) - set(parts.NAMES):
            raise CommandError(f"There is no part named {', '.join(sorted(unknown))}; say web, worker, mail or beat.")
        if settings.PRODUCTION:
            self.refuse_demo_accounts()
        else:
            self.prepare()
        if "web" in wanted:
            port = self.port(host, port)
        self.address = f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}/"  # noqa: S104
        if settings.DEMO:
            os.environ.setdefault("LAUNCHKIT_ADDRESS", self.address)  # for mails and reports of the children
        children = [parts.MAKE[name](host, port) for name in wanted]
        try:
            Supervisor(children).run(answers=lambda: "web" not in wanted or self.answers(), ready=self.announce)
        except KeepsDying as reason:
            raise CommandError(f"Giving up: {reason}. What it said stands above.") from reason

    def port(self, host: str, wanted: int) -> int:
        try:
            port = parts.free_port(host, wanted)
        except OSError as error:
            raise CommandError(str(error)) from error
        if port != wanted:
            self.stdout.write(f"Port {wanted} is taken; using {port}.")
        return port

    def refuse_demo_accounts(self) -> None:
        """`launchkit.production` looks for them, and names them, when the database is checked."""
        try:
            self.check(databases=["default"])
        except OperationalError as error:
            raise CommandError(f"The database does not answer: {error}") from error

    def prepare(self) -> None:
        """What a fresh machine needs and a second start finds done: tables, files, playbooks, the demo."""
        settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
        self.stdout.write("Preparing the database and the pages …")
        call_command("migrate", verbosity=0, interactive=False)
        call_command("collectstatic", verbosity=0, interactive=False)
        for file in sorted(settings.PLAYBOOKS_DIR.glob("*.yaml")):
            self.publish(file)
        if not Service.objects.exists():
            self.stdout.write("Building the demo …")
            call_command("load_demo", verbosity=0)

    def publish(self, file: Path) -> None:
        """An edition that differs from what is published here is told, and what is published goes on."""
        try:
            call_command("publish_playbook", str(file), verbosity=0)
        except CommandError as refused:
            if not Edition.objects.exists():
                raise
            self.stdout.write(self.style.WARNING(f"{refused} Going on with what is published here."))

    def answers(self) -> bool:
        """Does the web server answer, whatever it says?"""
        try:
            with LOCAL.open(f"{self.address}healthz", timeout=2):
                return True
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False

    def announce(self) -> None:
        """The sentence for people, when the pages answer; a worker alone has no address."""
        if "web" not in self.wanted:
            self.stdout.write(f"launchkit runs: {', '.join(self.wanted)}.")
            return
        self.stdout.write(self.style.SUCCESS(f"\nlaunchkit is ready: {self.address}\n"))
        for line in self.sign_ins() if settings.DEMO else ():
            self.stdout.write(line)
        self.stdout.write("Stop with Ctrl-C.")
        self.stdout.flush()

    def sign_ins(self) -> list[str]:
        people = User.objects.demo()
        width = max((len(person.email) for person in people), default=0)
        lines = [f"  {person.email:<{width}}  {person.name}" for person in people]
        return [f"Demo sign-ins, all with the password {settings.DEMO_PASSWORD}", *lines, ""] if lines else []
