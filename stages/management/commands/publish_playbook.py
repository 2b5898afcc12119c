"""`manage.py publish_playbook FILE`: publish the edition in a playbook file, or tell every fault of it."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from accounts.refusals import Refusal
from stages import publishing
from stages.yaml_reading import MOST_BYTES


class Command(BaseCommand):
    help = "Publish the edition in a playbook file. A published edition never changes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **options: object) -> None:
        try:
            published = publishing.publish(by=None, text=_content(file))
        except publishing.BrokenPlaybook as broken:
            for fault in broken.faults:
                self.stderr.write(f"{file}: {fault}", self.style.NOTICE)
            raise CommandError(f"{file} is not published. {broken}") from broken
        except Refusal as refusal:
            raise CommandError(f"{file} is not published. {refusal}") from refusal
        self.stdout.write(_told(published))


def _content(file: Path) -> bytes:
    """One byte more than may be read tells that a file is too large."""
    try:
        with file.open("rb") as opened:
            return opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}") from error


def _told(published: publishing.Published) -> str:
    edition = published.edition
    name = f"edition {edition.number} of {edition.playbook.slug}"
    return f"Published {name}." if published.new else f"Already published, nothing to do: {name}."
