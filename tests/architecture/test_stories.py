"""What every journey keeps to: after a click it waits for what the click brings, before it looks or goes elsewhere.

A click may return while the page before still stands. What is looked at then is the wrong page, or one that is just
being taken away; and going elsewhere takes back what was sent.
"""

import ast
from itertools import pairwise

from tests.architecture.sources import ROOT, each, tree

STORIES = sorted((ROOT / "tests" / "journeys").glob("*.py"))
ACTS = {"click", "press"}
HASTE = {"looks", "opens", "goto", "reload", "confirms"}  # none of them waits for what is to come


def called(statement: ast.stmt) -> set[str]:
    """What a statement calls one after another: `person.opens("/").looks()` calls two."""
    one, names = getattr(statement, "value", None), set()
    while isinstance(one, ast.Call | ast.Attribute):
        one = one.value if isinstance(one, ast.Attribute) else one.func
        names.add(getattr(one, "attr", getattr(one, "id", "")))
    return names


def follow(path) -> list[tuple[ast.stmt, ast.stmt]]:
    """Statements of one block, each with the next."""
    blocks = (getattr(node, "body", None) for node in ast.walk(tree(path)))
    return [pair for block in blocks if isinstance(block, list) for pair in pairwise(block)]


@each(STORIES)
def test_a_click_is_waited_for(path):
    hasty = [
        later.lineno
        for act, later in follow(path)
        if called(act) & ACTS and (called(later) & HASTE or isinstance(later, ast.Assert))
    ]
    assert hasty == []
