"""`manage.py restore FILE`: what a backup holds, into an empty place, looked at before and after."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from operations import archive, restoring
from operations.archive import Opened, Unreadable
from operations.restoring import Refused, Restored

OTHER_KEY = (
    "SECRET_KEY is another than the one it was made with: second steps cannot be opened. Put the former key into "
    "SECRET_KEY_FALLBACKS, or people set theirs up anew."
)


class Command(BaseCommand):
    help = "Bring back what a backup holds, on SQLite or PostgreSQL, wherever it was taken."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--check", action="store_true", help="only look whether the backup is whole and fits here")
        parser.add_argument("--replace", action="store_true", help="what is here already is lost")
        parser.add_argument("--yes", action="store_true", help="with --replace: do not ask")
        parser.add_argument("--other-key", action="store_true", help="the trail's key is lost: restore all the same")

    def handle(self, *args: object, file: Path, **options: bool) -> None:
        try:
            with archive.opened(file) as box:
                self.restore(box, **options)
        except (Unreadable, Refused) as reason:
            raise CommandError(f"{file}: {reason}") from reason
        except DatabaseError as error:
            raise CommandError(f"The database does not answer as it should: {str(error).strip()}") from error

    def restore(self, box: Opened, *, replace: bool, yes: bool, **options: bool) -> None:
        restoring.look(box, other_key=options["other_key"])
        if options["check"]:
            self.stdout.write("It is whole, and can be restored here.")
            return
        restoring.room(replace=replace)
        if replace and not yes and not self.agreed():
            raise Refused("Nothing was changed. Type replace when asked; or say --yes where nobody can be asked.")
        self.conclude(restoring.restore(box, replace=replace))

    def agreed(self) -> bool:
        try:
            return input("All that is here is lost. Type replace to go on: ") == "replace"
        except EOFError:
            return False

    def conclude(self, restored: Restored) -> None:
        contents = restored.contents
        for told in restored.lacking:
            self.stderr.write(f"As when the backup was taken: {told}")
        if not restored.secret_kept:
            self.stderr.write(OTHER_KEY)
        self.stdout.write(f"Restored as it was at {contents['made_at']}.")
        self.stdout.write(f"  rows    {restored.rows} in {len(contents['tables'])} tables, every one as it was")
        self.stdout.write(f"  trail   {restored.chains} chains, {restored.entries} entries, {self.trail(restored)}")
        self.stdout.write(f"  files   {restored.files}, every digest as it was")
        self.stdout.write("Everybody signs in anew. Start launchkit again: manage.py launch.")

    def trail(self, restored: Restored) -> str:
        return "every link holds" if restored.sealed else "NOT verified, for their key is another"
