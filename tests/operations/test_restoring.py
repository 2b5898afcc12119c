"""What was taken comes back, all of it or nothing; and what does not fit is refused before anything is written."""

import hashlib
import io
import json
import random
import re
import zipfile
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management.base import CommandError
from django.db import IntegrityError, connection
from django.db.migrations.recorder import MigrationRecorder

from accounts import chaining
from accounts.models import Team, TrailEntry, User
from operations import archive, heartbeats, tables
from operations.models import Heartbeat
from tests.operations import installed
from tests.operations.test_backup import files_up_to

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def taken(service, cast, tmp_path, settings) -> Path:
    """A backup, and the place it was taken from."""
    installed.alone(settings, tmp_path / "files")
    installed.furnish(service, cast)
    installed.run("backup", tmp_path / "launchkit.zip")
    return tmp_path / "launchkit.zip"


def refused(path: Path, *words: str) -> str:
    """What is said when nothing is restored; nothing may have changed by it."""
    before = installed.rows(), installed.files()
    with pytest.raises(CommandError) as reason:
        installed.run("restore", path, *words)
    assert (installed.rows(), installed.files()) == before
    return str(reason.value)


def test_an_empty_place_becomes_what_was_taken(taken):
    rows, files = installed.rows(), installed.files()
    last = {model: tables.last_key(model) for model in tables.numbered(tables.kept())}
    installed.forget_everything()
    assert installed.rows() != rows
    said, wrong = installed.run("restore", taken)
    assert (installed.rows(), installed.files(), wrong) == (rows, files, "")
    assert {model: tables.last_key(model) for model in last} == last
    assert installed.run("verify_trail")[0].startswith("Every link holds: chains ")
    assert f"{TrailEntry.objects.count()} entries, every link holds" in said
    assert "files   2, every digest as it was" in said


def test_the_guard_of_the_trail_stands_afterwards_and_acts_go_on(taken, service, cast):
    installed.run("restore", taken, "--replace", "--yes")
    with chaining.chain(service.scope) as trail:
        trail.add(by=cast.designer, verb="tested", subject="service")
    assert installed.run("verify_trail")[0].startswith("Every link holds: chains ")
    if connection.vendor == "postgresql":
        with pytest.raises(IntegrityError, match="The trail is kept"):
            TrailEntry.objects.filter(scope=service.scope).update(verb="another")


def test_a_place_where_something_is_needs_a_word(taken, monkeypatch):
    assert "There is something here already (account" in refused(taken)
    monkeypatch.setattr("sys.stdin", io.StringIO("yes\n"))
    assert "Nothing was changed. Type replace when asked" in refused(taken, "--replace")
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert "say --yes where nobody can be asked" in refused(taken, "--replace")


def test_replacing_leaves_nothing_of_what_was_there(taken, monkeypatch):
    rows, files = installed.rows(), installed.files()
    Team.objects.create(name="Later", slug="later")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE checklists_evidence SET file = 'evidence/later.pdf'")
    default_storage.save("evidence/later.pdf", ContentFile(b"later"))
    monkeypatch.setattr("sys.stdin", io.StringIO("replace\n"))
    installed.run("restore", taken, "--replace")
    assert (installed.rows(), installed.files()) == (rows, files)


def test_files_without_rows_are_not_written_over(taken):
    installed.forget_everything()
    default_storage.save("evidence/2026/somebody.pdf", ContentFile(b"somebody's"))
    assert "There are files here already" in refused(taken)


def test_nobody_may_be_at_work(taken):
    installed.forget_everything()
    heartbeats.beat(Heartbeat.Part.WEB, "here:1")
    assert "Processes of this installation were heard a moment ago: here:1. Stop them first" in refused(taken)


def test_what_was_lacking_when_it_was_taken_is_said_again(taken):
    name = next(iter(installed.files("documents")))
    default_storage.delete(f"documents/{name}")
    installed.run("backup", taken, "--force")
    installed.forget_everything()
    _said, wrong = installed.run("restore", taken)
    assert wrong == f"As when the backup was taken: documents/{name}: missing\n"


@pytest.fixture
def rebuilt(taken):
    """The backup again, with its members as `change` leaves them."""

    def rebuild(change, *, seal: bool = False) -> Path:
        with zipfile.ZipFile(taken) as file:
            members = {name: file.read(name) for name in file.namelist()}
        change(members)
        if seal:
            members["manifest.seal"] = chaining.keyed(members["manifest.json"].decode()).encode()
        other = taken.with_name("other.zip")
        with zipfile.ZipFile(other, "w") as file:
            for name, content in members.items():
                file.writestr(name, content)
        return other

    return rebuild


@pytest.mark.parametrize("part", ["rows/accounts_trailentry.jsonl", "files.jsonl", "files/"])
def test_each_part_is_compared_before_anything_is_written(rebuilt, part):
    def change(members):
        name = next(one for one in members if one.startswith(part))
        members[name] = members[name].replace(b"1", b"2", 1)

    assert "in it is not what was written." in refused(rebuilt(change), "--check")


def test_a_missing_part_is_named(rebuilt):
    other = rebuilt(lambda members: members.pop("rows/accounts_team.jsonl"))
    assert "rows/accounts_team.jsonl is missing in it." in refused(other)


def test_the_list_of_contents_is_sealed(rebuilt):
    def change(members):
        told = json.loads(members["manifest.json"])
        members["manifest.json"] = json.dumps(told | {"made_at": "2020-01-01"}).encode()

    assert "Its seal does not fit" in refused(rebuilt(change))


@pytest.mark.parametrize("keep", [0, 1000, -10], ids=["nothing", "the beginning", "all but the end"])
def test_half_a_file_is_no_backup(taken, keep):
    taken.write_bytes(taken.read_bytes()[:keep])
    assert "It is no backup of launchkit, or its end is missing." in refused(taken)


def test_a_byte_that_turned_over_is_met_with_a_sentence(taken):
    """Wherever it is: most of them in the list of what is in the archive, and in the headers before its parts."""
    whole, chance, refusals = taken.read_bytes(), random.Random(1), set()
    parts = [place.start() for place in re.finditer(rb"PK\x03\x04", whole)]
    for _ in range(250):
        turned = bytearray(whole)
        place = chance.choice((chance.choice(parts) + chance.randrange(60), -1 - chance.randrange(4000)))
        turned[place] = chance.randrange(256)
        taken.write_bytes(turned)
        try:
            installed.run("restore", taken, "--check")
        except CommandError as refusal:
            refusals.add(str(refusal))
    assert len(refusals) > 5, "hardly anything was damaged: this shows nothing"
    assert all(told.endswith((".", "?")) for told in refusals)


def test_a_name_that_is_no_text(tmp_path):
    path, name = tmp_path / "backup.zip", "files/\u00e9"
    with archive.written(path) as box:
        box.put(name, [b"x"])
        box.close({})
    whole = path.read_bytes()
    for place in (whole.index(name.encode()), whole.rindex(name.encode())):
        path.write_bytes(whole[:place] + name.encode()[:-1] + b"\xff" + whole[place + len(name.encode()) :])
        with pytest.raises(archive.Unreadable), archive.opened(path) as opened:
            b"".join(opened.chunks(name))


@pytest.mark.parametrize("content", [b"[1]", b"5", b"[" * 100_000, b"\xff", b" " * 20 * 2**20 + b"{}"])
def test_a_list_of_contents_that_is_none_is_refused_before_it_is_read_whole(rebuilt, content):
    other = rebuilt(lambda members: members.update({"manifest.json": content}))
    assert "its list of contents cannot be read" in refused(other, "--other-key")


def test_without_the_seal_nothing_is_believed(rebuilt):
    """A list in which something is missing or is something else, though it is well-formed."""
    for name, value in (("tables", None), ("tables", []), ("files", 5), ("migrations", 5), ("secret", [[]])):

        def change(members, name=name, value=value):
            told = json.loads(members["manifest.json"]) | {name: value}
            members["manifest.json"] = json.dumps(told).encode()

        reason = refused(rebuilt(change), "--replace", "--yes", "--other-key")
        assert reason.endswith("is not as launchkit writes it."), (name, value, reason)


@pytest.mark.parametrize("name", ["../outside.txt", "evidence/../../outside.txt", "{root}/outside.txt", "..", "C:\\x"])
def test_no_file_is_put_outside_of_its_place(rebuilt, name):
    """Not even by who has the key."""
    name = name.format(root=Path(default_storage.path("")).parent)
    digest = hashlib.sha256(b"x").hexdigest()
    line = {"table": "checklists_evidence", "key": 1, "name": name, "sha256": digest, "found": digest, "state": "kept"}

    def change(members):
        told = json.loads(members["manifest.json"])
        members |= {f"files/{name}": b"x", "files.jsonl": members["files.jsonl"] + json.dumps(line).encode() + b"\n"}
        told["files"]["sha256"] = hashlib.sha256(members["files.jsonl"]).hexdigest()
        members["manifest.json"] = json.dumps(told).encode()

    assert "Nothing was restored: " in refused(rebuilt(change, seal=True), "--replace", "--yes")
    assert not (Path(default_storage.path("")).parent / "outside.txt").exists()


def test_what_is_no_backup_is_refused(taken):
    assert "There is no such file." in refused(taken.with_name("away.zip"))
    assert "It is no backup of launchkit" in refused(taken.parent)
    with zipfile.ZipFile(taken, "w") as file:
        file.writestr("letter.txt", "Dear all")
    assert "It is no backup of launchkit, or its list of contents" in refused(taken)


def test_another_format_is_named(rebuilt):
    def change(members):
        members["manifest.json"] = json.dumps(json.loads(members["manifest.json"]) | {"format": 2}).encode()

    assert "It is written in format 2; this version of launchkit reads 1." in refused(rebuilt(change, seal=True))


def test_another_key_of_the_trail_is_told_first_and_may_be_lived_with(taken, settings):
    rows = installed.rows()
    settings.TRAIL_KEY = "another"
    assert "LAUNCHKIT_TRAIL_KEY is not the one it was made with" in refused(taken, "--replace", "--yes")
    said, _wrong = installed.run("restore", taken, "--replace", "--yes", "--other-key")
    assert "NOT verified" in said
    assert installed.rows() == rows


def test_another_secret_key_is_told(taken, settings):
    was, settings.SECRET_KEY = settings.SECRET_KEY, "another"
    assert "second steps cannot be opened" in installed.run("restore", taken, "--replace", "--yes")[1]
    settings.SECRET_KEY_FALLBACKS = [was]
    assert installed.run("restore", taken, "--replace", "--yes")[1] == ""


def test_tables_of_another_version_are_refused_with_the_version(taken):
    recorder = MigrationRecorder(connection)
    recorder.record_applied("stages", "0099_later")
    try:
        assert "the tables here have gone on since: stages.0099_later. Restore it with that version" in refused(taken)
        installed.run("backup", taken, "--force")
    finally:
        recorder.record_unapplied("stages", "0099_later")
    assert "steps that the tables here do not have: stages.0099_later. Run manage.py migrate" in refused(taken)


def test_rows_that_the_database_refuses_leave_all_as_it_was(rebuilt):
    """A person whom nothing else knows, and a team that is gone."""

    def change(members):
        told = json.loads(members["manifest.json"])
        members["rows/accounts_team.jsonl"] = b""
        told["tables"]["accounts_team"] |= {"sha256": hashlib.sha256(b"").hexdigest(), "rows": 0}
        members["manifest.json"] = json.dumps(told).encode()

    assert "Nothing was restored: " in refused(rebuilt(change, seal=True), "--replace", "--yes")


def test_a_full_disk_leaves_all_as_it_was(taken):
    """Also the file that was altered since, and was to be put right."""
    name = next(iter(installed.files("evidence")))
    Path(default_storage.path(f"evidence/{name}")).write_bytes(b"altered")
    with files_up_to(20):
        assert "Nothing was restored: " in refused(taken, "--replace", "--yes")
    assert User.objects.exists()


def test_a_file_that_was_altered_is_put_right(taken):
    files = installed.files()
    name = next(iter(installed.files("evidence")))
    Path(default_storage.path(f"evidence/{name}")).write_bytes(b"altered")
    installed.run("restore", taken, "--replace", "--yes")
    assert installed.files() == files


def test_checking_writes_nothing(taken):
    before = installed.rows(), installed.files()
    assert installed.run("restore", taken, "--check")[0] == "It is whole, and can be restored here.\n"
    assert (installed.rows(), installed.files()) == before
