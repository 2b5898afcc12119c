"""A backup holds everything of one moment; what it cannot hold it says."""

import json
import resource
import threading
import zipfile
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.files.storage import default_storage
from django.core.management.base import CommandError
from django.db import connection

from accounts.models import Team
from checklists.models import DocumentVersion, Evidence
from operations import backup
from tests.operations import installed

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def place(service, cast, client_for, tmp_path, settings):
    installed.alone(settings, tmp_path / "files")
    installed.furnish(service, cast)
    client_for(cast.designer)
    (tmp_path / "backups").mkdir()
    return tmp_path / "backups" / "launchkit.zip"


def contents(path) -> dict:
    with zipfile.ZipFile(path) as file:
        return json.loads(file.read("manifest.json"))


def test_it_holds_every_row_and_file_and_says_what_it_is(place):
    said, wrong = installed.run("backup", place)
    told, names = contents(place), zipfile.ZipFile(place).namelist()
    assert wrong == ""
    assert (told["engine"], told["version"]) == (connection.vendor, settings.VERSION)
    assert told["tables"]["checklists_evidence"]["rows"] == Evidence.objects.count() == 1
    assert told["files"] | {"sha256": ""} == {"count": 2, "size": 49, "altered": 0, "missing": 0, "sha256": ""}
    assert {f"files/{name}" for name in installed.files()} == {name for name in names if name.startswith("files/")}
    assert "files   2 (49\xa0bytes), 0 altered, 0 missing" in said
    assert "SECRET_KEY and LAUNCHKIT_TRAIL_KEY, which are kept elsewhere" in said
    assert place.stat().st_mode & 0o777 == 0o600


def test_neither_keys_nor_sessions_are_in_it(place):
    installed.run("backup", place)
    with zipfile.ZipFile(place) as file:
        everything = b"".join(file.read(name) for name in file.namelist())
    key = Session.objects.get().session_key
    found = [word for word in (settings.SECRET_KEY, settings.TRAIL_KEY, key) if word.encode() in everything]
    assert found == []


def test_what_is_gone_or_altered_is_told_and_stops_nothing(place):
    evidence, document = Evidence.objects.get(), DocumentVersion.objects.get()
    default_storage.delete(evidence.file.name)
    with open(default_storage.path(document.file.name), "ab") as file:
        file.write(b"more")
    said, wrong = installed.run("backup", place)
    assert wrong.splitlines() == [
        f"Altered: {document.file.name} (checklists_documentversion {document.pk})",
        f"Missing: {evidence.file.name} (checklists_evidence {evidence.pk})",
    ]
    assert "1 altered, 1 missing" in said


def test_all_of_it_is_of_one_moment(place):
    """Who writes while it is taken does not wait, and is not in it, wherever it has come to."""
    seen = []
    with backup.one_moment():
        seen.append(Team.objects.count())
        writer = threading.Thread(target=_found_a_team)
        writer.start()
        writer.join(10)
        assert not writer.is_alive()
        seen.append(Team.objects.count())
    assert (seen, Team.objects.count()) == ([2, 2], 3)


def _found_a_team() -> None:
    Team.objects.create(name="Later", slug="later")
    connection.close()


def test_a_file_that_is_there_is_written_over_only_when_told(place):
    installed.run("backup", place)
    with pytest.raises(CommandError, match="is there already"):
        installed.run("backup", place)
    Team.objects.create(name="Later", slug="later")
    installed.run("backup", place, "--force")
    assert contents(place)["tables"]["accounts_team"]["rows"] == 3


@contextmanager
def files_up_to(size: int):
    """The system lets no file of this process grow beyond so many bytes, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_leaves_what_was_there_and_nothing_else(place):
    installed.run("backup", place)
    before = place.read_bytes()
    with files_up_to(len(before) // 2), pytest.raises(CommandError, match="could not be written, and nothing is left"):
        installed.run("backup", place, "--force")
    assert [path.name for path in place.parent.iterdir()] == [place.name]
    assert place.read_bytes() == before


def test_a_folder_that_is_not_there_is_named(place):
    with pytest.raises(CommandError, match="There is no folder"):
        installed.run("backup", place.parent / "away" / place.name)
