import re

from supply import lock


def test_every_pin_is_read():
    pins = lock.pins(lock.RUNTIME)
    assert [pin.name for pin in pins] == re.findall(r"^([^ #\n]+)==", lock.RUNTIME.read_text(), flags=re.MULTILINE)
    assert len(pins) > 40
    assert [pin for pin in pins if not pin.hashes or not pin.wanted_by] == []


def test_a_pin_says_its_files_and_who_wants_it(tmp_path):
    made = tmp_path / "lock.txt"
    digests = ["a" * 64, "b" * 64]
    files = [f"--hash=sha256:{digest}" for digest in digests]
    one = ("one==1.0 \\", f"    {files[0]} \\", f"    {files[1]}", "    # via launchkit (pyproject.toml)")
    two = (
        "two-more==2 ; python_version < '4' \\",
        f"    {files[0]}",
        "    # via",
        "    #   launchkit (pyproject.toml)",
    )
    made.write_text("\n".join((*one, *two, "    #   one", "")))
    assert lock.pins(made) == [
        lock.Pin("one", "1.0", tuple(digests), ("launchkit",)),
        lock.Pin("two-more", "2", (digests[0],), ("launchkit", "one")),
    ]
