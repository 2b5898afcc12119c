"""The house: who may import what, who may write, how large a thing may grow."""

import ast

import pytest

from tests.architecture.sources import ROOMS, each, functions, imports, modules, name, tree

FORBIDDEN_NAMES = {"utils", "helpers", "core", "common", "services"}
WRITING = {
    "publishing",
    "enrolling",
    "keeping",
    "assigning",
    "starting",
    "working",
    "answering",
    "evidencing",
    "documenting",
    "planning",
    "copying",
    "confirming",
    "waiving",
    "sealing",
    "submitting",
    "deciding",
    "superseding",
    "settling",
    "launching",
    "reporting",
    "teaming",
    "appointing",
    "inviting",
    "joining",
    "leaving",
    "profiling",
    "noticing",
    "choosing",
    "posting",
    "securing",
    "telling",
    "reminding",
}
WRITES = {"save", "create", "bulk_create", "bulk_update", "update", "delete", "get_or_create", "update_or_create"}
# Writers that no person acts through: the trail, accounts made by command, the machine's counts, leases and files.
MACHINE = {
    "operations/heartbeats.py",
    "operations/placing.py",
    "accounts/chaining.py",
    "accounts/models.py",
    "accounts/outbox.py",
    "checklists/tallying.py",
    "jobs/leasing.py",
    "reviews/shelf.py",
}
OPENS = {"chain", "work_on"}
WEB = ("django.http", "django.shortcuts", "django.views", "django.forms", "django.contrib.messages")
WEB_FILES = {
    "views",
    "forms",
    "access",
    "origins",
    "freshness",
    "context",
    "adapter",
    "middleware",
    "errors",
    "health",
    "urls",
}


def is_web(path) -> bool:
    return (
        path.stem in WEB_FILES or path.stem.endswith("_forms") or "views" in path.parts or "templatetags" in path.parts
    )


def domain_modules():
    return [path for path in modules(*ROOMS[:-1]) if not is_web(path)]


def view_modules():
    return [path for path in modules() if path.stem == "views" or "views" in path.parts]


@each(modules())
def test_no_file_is_a_drawer_for_everything(path):
    assert path.stem not in FORBIDDEN_NAMES


@each(domain_modules())
def test_the_domain_knows_nothing_of_the_web(path):
    found = [module for module in imports(path) if module.startswith(WEB) or module.split(".")[-1] == "forms"]
    assert found == []


@each(view_modules())
def test_views_do_not_query(path):
    queried = [
        node.lineno for node in ast.walk(tree(path)) if isinstance(node, ast.Attribute) and node.attr == "objects"
    ]
    assert queried == []


@each(view_modules())
def test_views_are_thin(path):
    lengths = {one.name: one.end_lineno - one.lineno + 1 for one in functions(path)}
    assert {view: lines for view, lines in lengths.items() if lines > 15} == {}


def writes_to_the_database(path) -> list[int]:
    """Lines that call a writing method of a manager, a QuerySet or a model instance."""
    found = []
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES:
            source = ast.unparse(node.func.value)
            if ".objects" in source or node.func.attr in {"save", "bulk_create", "update_or_create"}:
                found.append(node.lineno)
    return found


@each(modules(*ROOMS[:-1]))
def test_only_ing_modules_write(path):
    if path.stem in WRITING or name(path) in MACHINE:
        return
    assert writes_to_the_database(path) == []


def opens_a_chain(function: ast.FunctionDef) -> bool:
    calls = [node.func for node in ast.walk(function) if isinstance(node, ast.Call)]
    return any(getattr(call, "attr", getattr(call, "id", "")) in OPENS for call in calls)


def acts():
    """Every public function that locks a scope and writes."""
    return [
        pytest.param(one, id=f"{name(path)}:{one.name}")
        for path in modules(*ROOMS[:-1])
        if path.stem in WRITING
        for one in functions(path)
        if not one.name.startswith("_") and one.name not in OPENS and opens_a_chain(one)
    ]


@pytest.mark.parametrize("function", acts())
def test_acts_name_their_arguments_and_who_acts(function):
    assert not function.args.args, "positional arguments: write `*,` first"
    assert "by" in {argument.arg for argument in function.args.kwonlyargs}, "nobody acts"
    assert ast.get_docstring(function), "no docstring: say why, what else happens, which refusals"


@each(modules())
def test_functions_fit_one_glance(path):
    lengths = {
        node.name: node.end_lineno - node.lineno + 1
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef)
    }
    assert {function: lines for function, lines in lengths.items() if lines > 40} == {}


@each(modules())
def test_modules_have_one_subject(path):
    assert len(path.read_text().splitlines()) <= 320


@each(modules(*ROOMS[:-1]))
def test_no_signals_between_our_apps(path):
    assert [module for module in imports(path) if module.startswith("django.dispatch")] == []


# A tick reads with the stage whether the service is archived. The machine counts, and a report is only read off what
# is sealed: neither changes an archived service. Bringing one back is the one act on it; a service that is just being
# enrolled cannot be archived.
PAST_THE_ARCHIVE = {
    "checklists/tallying.py",
    "checklists/working.py",
    "reviews/reporting.py",
    "stages/chains.py",
    "stages/enrolling.py",
    "stages/keeping.py",
}


@each(modules("stages", "checklists", "reviews", "portfolio"))
def test_acts_on_a_service_are_refused_while_it_is_archived(path):
    """They open its chain by `stages.chains.chain`, not past it."""
    opened = [
        node.lineno
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) == "chaining.chain"
        and "service" in ast.unparse(node.args[0])
    ]
    assert opened == [] or name(path) in PAST_THE_ARCHIVE


@each([path for path in modules() if name(path) != "accounts/calendar.py"])
def test_a_day_is_that_of_the_installation(path):
    """`localdate` is the reader's while a page is rendered: what is judged by it would depend on who reads."""
    assert "localdate" not in path.read_text(), "write calendar.day"
