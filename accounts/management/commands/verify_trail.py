from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import soundness
from accounts.soundness import Walk


class Command(BaseCommand):
    help = "Walk the trail's chains and name the first broken link of each; exit status 1 when one is broken."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--scope", help="one chain only, for example service:17")
        parser.add_argument("--head", default="", help="a digest taken out earlier, which that chain must still hold")

    def handle(self, *args: object, **options: object) -> None:
        scope, head = options["scope"], str(options["head"])
        if head and not scope:
            raise CommandError("--head belongs to one chain: say which with --scope.")
        scopes = soundness.scopes()
        if scope and scope not in scopes and not head:
            raise CommandError(f"There is no chain {scope}.")
        self.conclude([soundness.walk(one, head=head) for one in ([scope] if scope else scopes)])

    def conclude(self, walks: list[Walk]) -> None:
        """One line for each break, then what it comes to."""
        broken = [walk.broken for walk in walks if walk.broken]
        for one in broken:
            self.stderr.write(str(one))
        if len(walks) > 1 and soundness.first_of_all(walks):
            self.stderr.write(
                "All of them break at the first entry: LAUNCHKIT_TRAIL_KEY may not be the one they were made with."
            )
        entries = sum(walk.entries for walk in walks)
        if broken:
            raise CommandError(f"{len(broken)} of {len(walks)} chains broken.")
        self.stdout.write(f"Every link holds: chains {len(walks)}, entries {entries}.")
