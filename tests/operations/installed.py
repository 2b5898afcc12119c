"""An installation with rows and files, and what it looks like to somebody who knows nothing of backups."""

import io
from pathlib import Path

from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command

from checklists import documenting, evidencing
from checklists.evidencing import Proof
from tests.cast import unpublish
from tests.reviews import walking

PDF = b"%PDF-1.7\nof a test\n%%EOF\n"


def alone(settings, folder: Path) -> None:
    """Files of this test only."""
    default = {**settings.STORAGES["default"], "OPTIONS": {"location": str(folder), "base_url": None}}
    settings.STORAGES = {**settings.STORAGES, "default": default}


def furnish(service, cast) -> None:
    """Answers, evidence in a file, a document in a file, a trail."""
    rule = walking.first(service, "rule", "build")
    proof = Proof(form="file", title="Test report", file=ContentFile(PDF, "report.pdf"))
    evidencing.attach(by=cast.designer, service=service, requirement=rule, proof=proof)
    walking.say(service, rule, cast.designer, state="met")
    walking.say(service, walking.first(service, "item", "build"), cast.second_designer, state="done")
    plan = walking.first(service, "deliverable", "build")
    file = ContentFile(b"%PDF-1.7\nthe plan\n%%EOF\n", "plan.pdf")
    documenting.add(by=cast.designer, service=service, requirement=plan, title="Plan", file=file)


MOMENTARY = {"sessions", "usersessions", "operations", "auth", "contenttypes"}  # or made by migrate


def rows() -> dict[str, list[tuple]]:
    """Every row of every table, but for who is signed in, which process was heard, and what Django keeps unused."""
    kept = [one for one in apps.get_models(include_auto_created=True) if one._meta.app_label not in MOMENTARY]
    return {model._meta.label: list(model._base_manager.order_by("pk").values_list()) for model in kept}


def files(folder: str = "") -> dict[str, bytes]:
    """Every file in the storage by its name."""
    root = Path(default_storage.path(folder))
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def forget_everything() -> None:
    """As a fresh place is after `migrate`: no rows and no files. Keys go on, for other tests lay rows by theirs."""
    call_command("flush", interactive=False, verbosity=0, reset_sequences=False)
    unpublish()
    for name in files():
        default_storage.delete(name)


def run(command: str, *words: object, **options: object) -> tuple[str, str]:
    """What a command said, and what it said was wrong."""
    out, err = io.StringIO(), io.StringIO()
    call_command(command, *(str(word) for word in words), stdout=out, stderr=err, **options)
    return out.getvalue(), err.getvalue()
