import time

import pytest
import yaml
from django.conf import settings

from stages import yaml_reading
from stages.faults import BrokenPlaybook, Fault

REAL = settings.PLAYBOOKS_DIR / "public-service-launch-1.yaml"


def refused(text: bytes | str) -> list[str]:
    with pytest.raises(BrokenPlaybook) as caught:
        yaml_reading.read(text)
    return [str(fault) for fault in caught.value.faults]


def test_it_reads_what_yaml_means():
    assert yaml_reading.read(REAL.read_bytes()).data == yaml.safe_load(REAL.read_bytes())


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("a: 1", {"a": 1}),
        ("a: -12", {"a": -12}),
        ('a: "1"', {"a": "1"}),
        ("a: 1.5", {"a": "1.5"}),
        ("a: 2026-01-01", {"a": "2026-01-01"}),
        ("a: true", {"a": True}),
        ("a: yes", {"a": "yes"}),
        ("no: x", {"no": "x"}),
        ("1: x", {"1": "x"}),
        ("a: ~", {"a": None}),
        ("a:", {"a": None}),
        ("a: ''", {"a": ""}),
        ("- a\n- [b, {c: d}]", ["a", ["b", {"c": "d"}]]),
        ("\ufeffa: b", {"a": "b"}),
        ("a: >-\n  one\n  two\n", {"a": "one two"}),
        ("<<: x", {"<<": "x"}),
    ],
)
def test_a_smaller_language(text, data):
    assert yaml_reading.read(text).data == data


def test_every_value_knows_its_line():
    document = yaml_reading.read("a: 1\nb:\n  - x\n  - c: y\n")
    assert [document.line(path) for path in [("a",), ("b", 0), ("b", 1, "c"), ("b", 1, "missing", "too")]] == [
        1,
        3,
        4,
        4,
    ]


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("", ["line 1, The file is empty."]),
        ("a: [", ["line 2, This is not YAML: did not find expected node content."]),
        (b"a: 1\nb: \xff", ["line 2, This is not UTF-8 text."]),
        ("a: \ud800", ["line 1, This is not UTF-8 text."]),
        ("a: 1\n---\nb: 2", ["line 2, A file holds one document; a second one begins here."]),
        ("%YAML 1.1\n---\na: 1", ["line 1, This is not YAML: directives (%) are not read."]),
        ("a: 1\n...\n%TAG !x! y\n---\nb: 2", ["line 3, This is not YAML: directives (%) are not read."]),
        ("? [a]\n: b", ["line 1, A key must be a plain text."]),
        ("[" * 14 + "]" * 14, [f"line 1, {'[0]' * 13}: This is nested too deeply."]),
        (b"\x00", ["This is not YAML: control characters are not allowed."]),
    ],
)
def test_what_cannot_be_read(text, faults):
    assert refused(text) == faults


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("a: !!python/object/apply:os.system [ls]", ["line 1, a: Tags (!) are not allowed."]),
        ("a: !!str 1", ["line 1, a: Tags (!) are not allowed."]),
        (
            "a: &x [1]\nb: *x",
            [
                "line 1, a: Anchors and aliases (& and *) are not allowed.",
                "line 2, b: Anchors and aliases (& and *) are not allowed.",
            ],
        ),
        ("a: 1\nb: 2\na: 3", ["line 3, a: This key stands here twice."]),
        ("a: {b: 1, b: 2}", ["line 1, a.b: This key stands here twice."]),
    ],
)
def test_what_is_told_and_read_around(text, faults):
    assert [str(fault) for fault in yaml_reading.read(text).faults] == faults


def test_the_first_of_a_repeated_key_stands():
    assert yaml_reading.read("a: 1\na: 2").data == {"a": 1}


LAUGHS = "\n".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30))


@pytest.mark.parametrize(
    "text",
    [
        "- a\n" * 100_000,
        "[" * 500_000,
        "{" * 500_000,
        "- " * 500_000,
        "a0: &a0 x\n" + LAUGHS,
        "a: 1\n" * 100_000,
        "#" * 2_000_000,
        ("k" * 1000 + ": v\n") * 1000,
        *("".join(f"%TAG !{n:x}!{end}" for n in range(60_000)) + "--- a" for end in (" a\n", " a\x85")),
        "a: 1\n...\n" + "".join(f"%TAG !{n:x}! a\n" for n in range(60_000)) + "--- a",
    ],
    ids=[
        *("entries", "lists", "mappings", "dashes", "laughs", "repeated", "size", "long keys"),
        *("directives", "directives by other breaks", "directives of a second document"),
    ],
)
def test_a_hostile_file_costs_little(text):
    began = time.process_time()
    found = faults_of(text)
    assert time.process_time() - began < 1
    assert found
    assert max(len(fault.place) for fault in found) < 200


def faults_of(text: str) -> list[Fault]:
    try:
        return yaml_reading.read(text).faults
    except BrokenPlaybook as broken:
        return broken.faults


def test_a_key_that_is_no_name_is_quoted():
    assert yaml_reading.place(("a", "\u202ex" * 50, 2)) == "a." + ascii("\u202ex" * 20) + "[2]"
