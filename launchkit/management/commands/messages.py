"""Gathers the texts of the source into the catalogs and compiles them, or says what is wrong with them."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from launchkit import catalog_checks, catalogs  # slow import: Babel, which only the development packages have


class Command(BaseCommand):
    help = "Gather the texts of the source into locale/*/LC_MESSAGES/django.po and compile them (make messages)."
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("languages", nargs="*", metavar="LANGUAGE", help="el, fr, lt, pt; none named: all")
        parser.add_argument("--check", action="store_true", help="change nothing; list what is missing or wrong")

    def handle(self, *args: Any, languages: list[str], check: bool, **options: Any) -> None:
        unknown = sorted(set(languages) - set(catalogs.PLURAL))
        if unknown:
            raise CommandError(f"There is no catalog for {', '.join(unknown)}; there are {', '.join(catalogs.PLURAL)}.")
        source = catalogs.gathered()
        for code in languages or catalogs.PLURAL:
            self.tell(code, source) if check else self.renew(code, source)
        if check and self.found:
            raise CommandError(f"{self.found} faults.")

    found = 0

    def tell(self, code: str, source: dict[catalogs.Key, catalogs.Found]) -> None:
        faults = catalog_checks.faults(code, source)
        self.found += len(faults)
        for fault in faults:
            self.stdout.write(f"{code}: {fault}")

    def renew(self, code: str, source: dict[catalogs.Key, catalogs.Found]) -> None:
        catalog = catalogs.renewed(code, source)
        missing = sum(1 for message in catalog if message.id and not all(catalogs.forms(message)))
        self.stdout.write(f"{code}: {len(catalog)} texts, {missing} not translated.")
        file = catalogs.path(code)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(catalogs.as_po(code, catalog))
        catalogs.path(code, "mo").write_bytes(catalogs.as_mo(catalog))
