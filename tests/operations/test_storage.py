"""Files, room on the disk, database."""

import pytest
from django.core.files.base import ContentFile
from django.db import connection

from checklists import evidencing
from checklists.evidencing import Proof
from operations import storage
from operations.findings import Level
from tests.reviews import walking

GIB = 1024**3


@pytest.mark.parametrize(
    ("free", "total", "level"),
    [
        (50 * GIB, 100 * GIB, Level.FINE),
        (1 * GIB, 100 * GIB, Level.WATCH),
        (GIB // 4, 100 * GIB, Level.ACT),
        (1 * GIB, 5 * GIB, Level.FINE),  # a small disk is not always short of room
        (0, 5 * GIB, Level.ACT),
    ],
)
def test_how_much_room_is_enough(tmp_path, free, total, level):
    found = storage._room(tmp_path, free, total)
    assert (found.level, bool(found.advice)) == (level, level > Level.FINE)


@pytest.mark.django_db
def test_files_are_counted_by_their_rows(service, cast):
    assert storage.files().sentence == "0 files, 0\xa0bytes together."
    proof = Proof(form="file", title="Test report", file=ContentFile(b"%PDF-1.7\n%%EOF\n", "report.pdf"))
    rule = walking.first(service, "rule", "build")
    evidencing.attach(by=cast.designer, service=service, requirement=rule, proof=proof)
    assert storage.files().sentence == "1 file, 15\xa0bytes."


@pytest.mark.django_db
def test_the_disk_of_the_files_is_looked_at():
    assert [found.key for found in storage.disks()] == ["disk"] * len(storage.disks())
    assert storage.disks()


@pytest.mark.django_db
def test_the_database_says_its_name_and_size():
    assert storage.database().sentence.startswith(connection.display_name)
    assert storage._database_size() > 0
