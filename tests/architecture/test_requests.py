"""What a browser sends reaches the database through the fields of a form, and by no other way."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.sources import each, modules, tree

SENT = {"GET", "POST", "FILES", "body", "META", "headers", "COOKIES"}
ASKING = {"filter", "exclude", "get", "annotate", "alias", "order_by", "values", "values_list", "only", "defer"}
ASKING |= {"extra", "raw", "create", "update", "get_or_create", "update_or_create", "select_related", "execute"}


def sent(node: ast.AST) -> bool:
    """Is something in it that a browser sent, other than to be read by its name?"""
    return any(
        isinstance(one, ast.Attribute) and one.attr in SENT and ast.unparse(one.value).endswith("request")
        for one in ast.walk(node)
    )


def expanded(path: Path) -> Iterator[str]:
    """Calls that take what was sent as arguments by name, and queries that are given any of it."""
    for call in (node for node in ast.walk(tree(path)) if isinstance(node, ast.Call)):
        if any(keyword.arg is None and sent(keyword.value) for keyword in call.keywords):
            yield f"{path.name}:{call.lineno}: {ast.unparse(call)[:100]}"
        asks = isinstance(call.func, ast.Attribute) and call.func.attr in ASKING and not sent(call.func.value)
        if asks and any(map(sent, [*call.args, *(keyword.value for keyword in call.keywords)])):
            yield f"{path.name}:{call.lineno}: {ast.unparse(call)[:100]}"


@each(modules())
def test_nothing_that_was_sent_is_expanded_or_put_into_a_query(path):
    assert list(expanded(path)) == []


def test_it_would_be_found(tmp_path):
    path = tmp_path / "views.py"
    path.write_text(
        "def view(request):\n"
        "    Service.objects.filter(**request.GET.dict())\n"
        "    Service.objects.order_by(request.GET['sort'])\n"
        "    Service(**request.POST)\n"
        "    form = Form(request.POST)\n"
        "    request.GET.get('page')\n"
    )
    assert [told.split(":")[1] for told in expanded(path)] == ["2", "2", "3", "4"]
