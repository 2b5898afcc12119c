"""The project's own files, read as text and syntax: what the architecture tests walk."""

import ast
from collections.abc import Callable, Iterator, Sequence
from functools import cache, wraps
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("jobs", "accounts", "stages", "checklists", "reviews", "portfolio", "operations", "launchkit")


def modules(*rooms: str) -> list[Path]:
    """Every Python file of the rooms, without migrations."""
    found = [path for room in rooms or ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
    return [path for path in found if "migrations" not in path.parts]


@cache
def tree(path: Path) -> ast.Module:
    """Read once: a dozen rules look at each file."""
    return ast.parse(path.read_text(), str(path))


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    yield from (node for node in tree(path).body if isinstance(node, ast.FunctionDef))


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def templates() -> list[Path]:
    """Those of Django, and those that are compiled."""
    return sorted([*(ROOT / "templates").rglob("*.html"), *(ROOT / "templates").rglob("*.jinja")])


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def each(paths: Sequence[Path]) -> Callable[[Callable[[Path], None]], Callable[[], None]]:
    """One test that looks at every file and names those that fail; a test for each would take longer than the look."""

    def over(look: Callable[[Path], None]) -> Callable[[], None]:
        @wraps(look)
        def test() -> None:
            assert paths, "nothing was looked at"
            wrong = [f"{name(path)}: {told}" for path in paths if (told := _failing(look, path))]
            assert not wrong, "\n".join(wrong)

        del test.__wrapped__  # pytest would ask for its argument
        return test

    return over


def _failing(look: Callable[[Path], None], path: Path) -> str:
    try:
        look(path)
    except AssertionError as error:
        return str(error) or "fails"
    return ""
