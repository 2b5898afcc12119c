"""`manage.py backup FILE`: the database and every file of it, at one moment, in one file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.template.defaultfilters import filesizeformat

from operations import backup
from operations.backup import Named

KEPT_ELSEWHERE = (
    "Not in it: SECRET_KEY and LAUNCHKIT_TRAIL_KEY, which are kept elsewhere, and who is signed in at the moment. "
    "In it is all that people wrote: keep it as safe as the database."
)


class Command(BaseCommand):
    help = "Write everything (rows, files, digests) to one file, of one moment, while people go on working."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="where to; for example launchkit-2026-11-26.zip")
        parser.add_argument("--force", action="store_true", help="write over a file that is there")

    def handle(self, *args: object, file: Path, force: bool, **options: object) -> None:
        if file.exists() and not force:
            raise CommandError(f"{file} is there already. Choose another name, or say --force.")
        if not file.parent.is_dir():
            raise CommandError(f"There is no folder {file.parent}.")
        try:
            contents = backup.take(file, lacks=self.lacks)
        except OSError as error:
            raise CommandError(f"The backup could not be written, and nothing is left of it: {error}.") from error
        except DatabaseError as error:
            raise CommandError(f"The database could not be read: {str(error).strip()}") from error
        self.conclude(file, contents)

    def lacks(self, state: str, named: Named) -> None:
        self.stderr.write(f"{state.capitalize()}: {named}")

    def conclude(self, file: Path, contents: dict[str, Any]) -> None:
        held, files = contents["tables"], contents["files"]
        trail = f"{held['accounts_chain']['rows']} chains, {held['accounts_trailentry']['rows']} entries"
        lacking = f"{files['altered']} altered, {files['missing']} missing"
        self.stdout.write(f"{file} is written, {filesizeformat(file.stat().st_size)}.")
        self.stdout.write(f"  moment  {contents['made_at']}, launchkit {contents['version']}, {contents['engine']}")
        self.stdout.write(f"  rows    {sum(one['rows'] for one in held.values())} in {len(held)} tables")
        self.stdout.write(f"  trail   {trail}")
        self.stdout.write(f"  files   {files['count']} ({filesizeformat(files['size'])}), {lacking}")
        self.stdout.write(KEPT_ELSEWHERE)
