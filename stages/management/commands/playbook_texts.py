"""`manage.py playbook_texts FILE LANGUAGE`: take a playbook's texts out for a translator, and put them back."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from stages import playbook_file, playbook_texts
from stages.faults import BrokenPlaybook


class Command(BaseCommand):
    help = (
        "Print the texts of a playbook file, with a place for one more language; --merge puts what a translator "
        "filled in back into the file, --check only says what is wrong with it or missing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("language", help="its code, for example el")
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--merge", type=Path, metavar="TEXTS", help="what a translator filled in")
        what.add_argument("--check", type=Path, metavar="TEXTS", help="the same, but nothing is written")

    def handle(self, *, file: Path, language: str, merge: Path | None, check: Path | None, **options: object) -> None:
        text = self._sound(file, _content(file))
        if not (filled := merge or check):
            self.stdout.write(playbook_texts.taken_out(text, language), ending="")
            return
        merged = self._merged(text, language, filled)
        for place in playbook_texts.missing(merged, language):
            self.stdout.write(f"{place}: nothing in {language} yet.")
        if merge:
            file.write_text(merged)
            self.stdout.write(f"{file}: texts in {language} merged.")

    def _merged(self, text: str, language: str, filled: Path) -> str:
        try:
            merged = playbook_texts.put_back(text, language, _content(filled))
        except BrokenPlaybook as broken:
            self._refuse(filled, broken)
        return self._sound(filled, merged)

    def _sound(self, file: Path, text: str) -> str:
        try:
            playbook_file.read(text)
        except BrokenPlaybook as broken:
            self._refuse(file, broken)
        return text

    def _refuse(self, file: Path, broken: BrokenPlaybook) -> None:
        for fault in broken.faults:
            self.stderr.write(f"{file}: {fault}", self.style.NOTICE)
        raise CommandError(f"{file} cannot be used. {broken}") from broken


def _content(file: Path) -> str:
    try:
        return file.read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{file} cannot be read: {error}") from error
