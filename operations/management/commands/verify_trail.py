from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import soundness
from accounts.soundness import Break, Walk
from reviews import attested


class Command(BaseCommand):
    help = (
        "Walk the trail's chains and name the first broken link of each, then each sealed picture and decision that is "
        "not what the trail says was sealed; exit status 1 when there is one."
    )

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
        walks = [soundness.walk(one, head=head) for one in ([scope] if scope else scopes)]
        self.conclude(walks, {walk.scope: _breaks(walk) for walk in walks})

    def conclude(self, walks: list[Walk], breaks: dict[str, list[Break]]) -> None:
        """One line for each break, then what it comes to."""
        for one in (one for some in breaks.values() for one in some):
            self.stderr.write(str(one))
        if len(walks) > 1 and soundness.first_of_all(walks):
            self.stderr.write(
                "All of them break at the first entry: LAUNCHKIT_TRAIL_KEY may not be the one they were made with."
            )
        entries = sum(walk.entries for walk in walks)
        if broken := sum(1 for some in breaks.values() if some):
            raise CommandError(f"{broken} of {len(walks)} chains broken.")
        self.stdout.write(f"Every link holds: chains {len(walks)}, entries {entries}.")


def _breaks(walk: Walk) -> list[Break]:
    """What was sealed is compared with a trail that holds: another one says nothing."""
    return [walk.broken] if walk.broken else list(attested.breaks(walk.scope))
