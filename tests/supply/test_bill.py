import json

import pytest

from supply import bill, lock


@pytest.fixture(scope="module")
def listed() -> dict:
    return json.loads(bill.text(lock.RUNTIME))


def test_it_lists_what_is_locked_with_hashes(listed):
    assert (listed["bomFormat"], listed["specVersion"]) == ("CycloneDX", "1.6")
    found = {one["name"]: (one["version"], {file["content"] for file in one["hashes"]}) for one in listed["components"]}
    assert found == {pin.name: (pin.version, set(pin.hashes)) for pin in lock.pins(lock.RUNTIME)}
    assert {file["alg"] for one in listed["components"] for file in one["hashes"]} == {"SHA-256"}


def test_every_package_has_a_licence(listed):
    told = {one["name"]: one["licenses"] for one in [*listed["components"], listed["metadata"]["component"]]}
    assert [name for name, licences in told.items() if not licences] == []
    assert told["django"] == [{"license": {"id": "BSD-3-Clause"}}]
    assert told["cryptography"] == [{"expression": "Apache-2.0 OR BSD-3-Clause"}]
    assert told["launchkit"] == [{"license": {"id": "Apache-2.0"}}]


def test_it_says_who_wants_whom(listed):
    wants = {one["ref"]: set(one.get("dependsOn", ())) for one in listed["dependencies"]}
    refs = {one["name"]: one["bom-ref"] for one in listed["components"]}
    assert {refs["django"], refs["weasyprint"]} <= wants["launchkit"]
    assert refs["sqlparse"] in wants[refs["django"]]
    reached = set().union(*wants.values())
    assert reached == set(refs.values()), "nothing is locked that nobody wants"


def test_the_same_lock_gives_the_same_bytes_and_another_lock_another_serial(tmp_path, listed):
    assert bill.text(lock.RUNTIME) == bill.text(lock.RUNTIME)
    assert "timestamp" not in listed["metadata"]
    other = tmp_path / "lock.txt"
    other.write_text(lock.RUNTIME.read_text() + "\n")
    assert json.loads(bill.text(other))["serialNumber"] != listed["serialNumber"]


def test_it_names_no_place_of_a_package(listed):
    assert [one for one in listed["components"] if set(one) & {"externalReferences", "evidence"}] == []


def test_it_is_written_where_asked(tmp_path, capsys):
    place = tmp_path / "new" / "bill.json"
    assert bill.main([str(place)]) == 0
    assert place.read_text() == bill.text(lock.RUNTIME)
    assert capsys.readouterr().out == f"{len(lock.pins(lock.RUNTIME))} packages are listed in {place}.\n"
