"""The playbook file: what is right is read, and of what is wrong everything is told, with its place."""

import re
from collections.abc import Callable
from typing import Any, get_args

import pytest
import yaml
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from checklists import criteria
from stages import playbook_checks, playbook_file
from stages.faults import BrokenPlaybook
from stages.playbook_file import PlaybookFile
from tests.stages.playbooks import data, text

REAL = (settings.PLAYBOOKS_DIR / "public-service-launch-1.yaml").read_text()


def faults(content: object) -> list[tuple[str, str]]:
    with pytest.raises(BrokenPlaybook) as caught:
        playbook_file.read(content if isinstance(content, str | bytes) else text(content))
    return [(fault.place, fault.sentence) for fault in caught.value.faults]


def test_a_plain_text_is_in_the_own_language():
    file = playbook_file.read(text())
    assert file.stages[0].title == {"own": "en", "en": "Build"}
    assert file.playbook.name == {"own": "en", "en": "Small", "lt": "Mažas"}
    assert file.stages[0].deliverables[0].sections[1] == {"own": "en", "en": "Steps", "lt": "Žingsniai"}


def test_the_digest_is_of_the_content_and_not_of_how_it_is_written():
    shuffled = data()
    shuffled["stages"][0] = dict(reversed(shuffled["stages"][0].items()))
    shuffled["summary"] = {"en": "Only  what a\ntest needs. "}
    shuffled["stages"][0]["rules"][0]["may_not_apply"] = False
    assert playbook_file.read("# a comment\n" + text(shuffled)).digest == playbook_file.read(text()).digest


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content.update(threshold=71),
        lambda content: content["playbook"]["name"].update(lt="Mažasis"),
        lambda content: content["stages"][0]["deliverables"][0]["sections"].reverse(),
        lambda content: content["stages"][0]["criteria"][2].update(computed={"rule": "score"}),
    ],
)
def test_any_change_of_content_changes_the_digest(change):
    changed = data()
    change(changed)
    assert playbook_file.read(text(changed)).digest != playbook_file.read(text()).digest


def at(path: str, content: dict[str, Any]) -> tuple[Any, Any]:
    """The container and the key that `stages[0].rules[0].role` names."""
    *way, last = [int(step) if step.isdigit() else step for step in re.findall(r"[\w-]+", path)]
    for step in way:
        content = content[step]
    return content, last


def put(path: str, value: object) -> Callable[[dict[str, Any]], None]:
    def change(content: dict[str, Any]) -> None:
        container, key = at(path, content)
        container[key] = value

    return change


def drop(path: str) -> Callable[[dict[str, Any]], None]:
    def change(content: dict[str, Any]) -> None:
        container, key = at(path, content)
        del container[key]

    return change


TEXT = "A text is expected here; put it in quotes if it looks like something else."
TEXTS = "A text, or texts by language, are expected here."
WHOLE = "A whole number is expected here."
ADDRESS = "This is not a web address (http or https)."
ONE = "stages[0]"
BROKEN = [
    (put("threshold", 101), [("threshold", "This must be 100 or less.")]),
    (put("threshold", -1), [("threshold", "This must be 0 or more.")]),
    (put("threshold", "70"), [("threshold", WHOLE)]),
    (put("threshold", True), [("threshold", WHOLE)]),
    (put("edition", 0), [("edition", "This must be 1 or more.")]),
    (put("surplus", 1), [("surplus", "There is no such key.")]),
    (drop("licence"), [("licence", "This is missing.")]),
    (put("licence", None), [("licence", "This must not be empty.")]),
    (put("stages", []), [("stages", "At least 1 must be listed here.")]),
    (put("stages", "build"), [("stages", "A list is expected here.")]),
    (put("stages", ["build"]), [("stages[0]", "Keys with values are expected here.")]),
    (put(f"{ONE}.title", ""), [(f"{ONE}.title.en", "This must not be empty.")]),
    (put(f"{ONE}.title", " \n "), [(f"{ONE}.title.en", "This must not be empty.")]),
    (put(f"{ONE}.title", 2026), [(f"{ONE}.title", TEXTS)]),
    (put(f"{ONE}.title", {"en": 2026}), [(f"{ONE}.title.en", TEXT)]),
    (put(f"{ONE}.title", "x" * 301), [(f"{ONE}.title.en", "This is longer than 300 characters.")]),
    (put(f"{ONE}.title", {"lt": "x"}), [(f"{ONE}.title", "The text in the edition’s own language (en) is missing.")]),
    (put(f"{ONE}.title.own", "x"), [(f"{ONE}.title.own", "“own” is not a language.")]),
    (
        put(f"{ONE}.gate", "Re\u202elease"),
        [(f"{ONE}.gate.en", "Characters that hide or disturb the text: U+202E.")],
    ),
    (put(f"{ONE}.interval_months", 0), [(f"{ONE}.interval_months", "This must be 1 or more.")]),
    (put(f"{ONE}.roles", ["owner", "owner"]), [(f"{ONE}.roles[1]", "“owner” is used twice.")]),
    (put(f"{ONE}.roles", ["boss"]), [(f"{ONE}.roles[0]", "There is no role “boss”.")]),
    (
        put(f"{ONE}.slug", "review"),
        [(f"{ONE}.slug", "“review” is an address that launchkit itself uses.")],
    ),
    (put(f"{ONE}.slug", "A b"), [(f"{ONE}.slug", f"This is not written as it must be ({playbook_file.SLUG}).")]),
    (put(f"{ONE}.slug", "x" * 81), [(f"{ONE}.slug", "This is longer than 80 characters.")]),
    (put(f"{ONE}.rules[0].role", "boss"), [(f"{ONE}.rules[0].role", "There is no role “boss”.")]),
    (put(f"{ONE}.rules[0].required", False), [(f"{ONE}.rules[0].required", "A golden rule is always required.")]),
    (put(f"{ONE}.rules[0].required", "yes"), [(f"{ONE}.rules[0].required", "true or false is expected here.")]),
    (put(f"{ONE}.rules[0].origin", "mine"), [(f"{ONE}.rules[0].origin", "This must be 'source' or 'derived'.")]),
    (put(f"{ONE}.items[0].slug", "works"), [(f"{ONE}.items[0].slug", "“works” is used twice.")]),
    (put(f"{ONE}.items[0].number", "R1"), [(f"{ONE}.items[0].number", "“R1” is used twice.")]),
    (
        put(f"{ONE}.items[0].slug", "review"),
        [(f"{ONE}.items[0].slug", "“review” is an address that launchkit itself uses.")],
    ),
    (
        put(f"{ONE}.deliverables[0].sections", []),
        [(f"{ONE}.deliverables[0].sections", "At least 1 must be listed here.")],
    ),
    (
        put(f"{ONE}.questions[0].about", "nothing"),
        [(f"{ONE}.questions[0].about", "There is no rule, item or deliverable “nothing”.")],
    ),
    (
        put(f"{ONE}.questions[0].about", "how-well"),
        [(f"{ONE}.questions[0].about", "There is no rule, item or deliverable “how-well”.")],
    ),
    (put(f"{ONE}.criteria[1].slug", "exit-rules"), [(f"{ONE}.criteria[1].slug", "“exit-rules” is used twice.")]),
    (
        put(f"{ONE}.criteria[1].computed.slugs", []),
        [(f"{ONE}.criteria[1].computed", "The rule “approved” needs slugs.")],
    ),
    (
        put(f"{ONE}.criteria[1].computed.slugs", ["try-it"]),
        [
            (
                f"{ONE}.criteria[1].computed.slugs[0]",
                "This stage has no “try-it” that the rule “approved” could look at.",
            )
        ],
    ),
    (
        put(f"{ONE}.criteria[0].computed", {"rule": "rules_met", "slugs": ["works"]}),
        [(f"{ONE}.criteria[0].computed", "The rule “rules_met” takes no slugs.")],
    ),
    (put(f"{ONE}.resources[0].address", "javascript:alert(1)"), [(f"{ONE}.resources[0].address", ADDRESS)]),
    (put(f"{ONE}.resources[0].address", "ftp://example.org/"), [(f"{ONE}.resources[0].address", ADDRESS)]),
    (
        put(f"{ONE}.resources[0].address", "https://example.org@evil.example/"),
        [(f"{ONE}.resources[0].address", "An address must not carry a name or a password.")],
    ),
    (drop("roles[1]"), [
        (f"{ONE}.items[0].role", "There is no role “tester”."),
        (f"{ONE}.questions[0].role", "There is no role “tester”."),
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("change", "told"), BROKEN)
def test_each_fault_is_told_with_its_place(change, told):
    content = data()
    content["stages"][0]["title"] = {"en": "Build"}
    change(content)
    assert faults(content) == told


def test_own_is_no_language_of_an_edition():
    assert ("language", "“own” is not a language.") in faults(text().replace("language: en", "language: own"))


def test_only_the_last_stage_recurs():
    content = data()
    content["stages"].append({**data()["stages"][0], "slug": "run", "rules": [], "items": [], "questions": []})
    content["stages"][1] |= {"deliverables": [], "criteria": []}
    content["stages"][0]["interval_months"] = 6
    assert faults(content) == [
        ("stages[0].interval_months", "Only the last stage can recur."),
        ("stages[1]", "A stage asks for at least one thing."),
    ]


def test_all_faults_are_told_at_once_in_the_order_of_the_file():
    content = data()
    put("threshold", 101)(content)
    put(f"{ONE}.rules[0].role", "boss")(content)
    put(f"{ONE}.items[0].number", "R1")(content)
    put(f"{ONE}.gate", None)(content)
    put(f"{ONE}.resources[1].surplus", 1)(content)
    assert [place for place, _sentence in faults(content)] == [
        "threshold",
        "stages[0].gate.en",
        "stages[0].rules[0].role",
        "stages[0].items[0].number",
        "stages[0].resources[1].surplus",
    ]


def test_faults_of_reading_and_of_shape_come_together():
    broken = text().replace("edition: 1\n", "edition: &one 0\nedition: 2\n")
    assert faults(broken) == [
        ("edition", "Anchors and aliases (& and *) are not allowed."),
        ("edition", "This must be 1 or more."),
        ("edition", "This key stands here twice."),
    ]


def test_faults_name_their_line():
    with pytest.raises(BrokenPlaybook) as caught:
        playbook_file.read(REAL.replace("role: it-operations", "role: nobody", 1))
    line = REAL.splitlines().index("        role: it-operations") + 1
    assert [str(fault) for fault in caught.value.faults] == [
        f"line {line}, stages[0].items[10].role: There is no role “nobody”."
    ]
    assert str(caught.value) == "The file has 1 fault."


def test_a_flood_of_faults_is_cut_and_says_so():
    told = faults({"stages": [{}] * 20, "roles": [{}] * 100, "playbook": {str(n): 1 for n in range(1000)}})
    assert len(told) == playbook_file.MOST_FAULTS + 1
    assert re.fullmatch(r"\d+ more faults are not shown\.", told[-1][1])


def test_what_a_computed_criterion_may_be_is_what_can_be_computed():
    rules = get_args(playbook_file.Computed.model_fields["rule"].annotation)
    assert set(rules) == set(criteria.RULES)
    assert set(playbook_checks.NAMED_BY) == criteria.WITH_SLUGS


# -- robust reading: whatever comes, it is read or refused, never another exception ------------------------

KEYS = [*playbook_file.Stage.model_fields, *playbook_file.PlaybookFile.model_fields]
KEYS += ["number", "about", "computed", "rule", "slugs", "en", "own"]
SCALARS = st.none() | st.booleans() | st.integers(-5, 200) | st.text(max_size=20) | st.sampled_from(["build", "en"])
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6),
    max_leaves=25,
)
FUZZ = hypothesis(suppress_health_check=[HealthCheck.too_slow])  # `make fuzz` tries many more
LONG = hypothesis(max_examples=FUZZ.max_examples // 5)


@pytest.fixture(scope="module", autouse=True)
def _counted(record_testsuite_property) -> None:
    """For the table of `make fuzz`."""
    record_testsuite_property("cases", 4 * FUZZ.max_examples + LONG.max_examples)


def read_or_refused(content: bytes | str) -> None:
    outcome = tried(content)
    assert isinstance(outcome, PlaybookFile) or (outcome.faults and all(str(fault) for fault in outcome.faults))


def tried(content: bytes | str) -> PlaybookFile | BrokenPlaybook:
    try:
        return playbook_file.read(content)
    except BrokenPlaybook as broken:
        return broken


@FUZZ
@given(st.binary(max_size=400))
def test_any_bytes(content):
    read_or_refused(content)


@FUZZ
@given(st.text(alphabet=st.sampled_from("ab:- \n[]{}&*!|>'\"#?%,~\t0"), max_size=120))
def test_any_signs_of_yaml(content):
    read_or_refused(content)


@FUZZ
@given(ANYTHING)
def test_any_structure(content):
    read_or_refused(text(content))


def places(content: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    steps = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    return [path] * bool(path) + [found for step, inner in steps for found in places(inner, (*path, step))]


EVERY_PLACE = places(data())


def replaced(content: Any, path: tuple[str | int, ...], value: object) -> Any:
    """The content with another value at a path, as far as the path still leads anywhere."""
    if not path:
        return value
    step, rest = path[0], path[1:]
    if isinstance(content, dict) and step in content:
        return content | {step: replaced(content[step], rest, value)}
    if isinstance(content, list) and step in range(len(content)):
        return [replaced(inner, rest, value) if index == step else inner for index, inner in enumerate(content)]
    return content


@FUZZ
@given(st.lists(st.tuples(st.sampled_from(EVERY_PLACE), ANYTHING), min_size=1, max_size=3))
def test_any_value_anywhere_in_a_good_file(changes):
    content = data()
    for path, value in changes:
        content = replaced(content, path, value)
    read_or_refused(text(content))


@LONG
@given(st.integers(0, len(REAL) - 1), st.integers(0, 40), st.text(max_size=3))
def test_any_small_damage_to_the_real_file(start, length, instead):
    read_or_refused(REAL[:start] + instead + REAL[start + length :])


def test_the_dump_of_the_tests_is_what_the_reader_reads():
    assert yaml.safe_load(text()) == data()
