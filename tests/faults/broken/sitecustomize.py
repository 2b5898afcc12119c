"""Takes one guard of launchkit away, in processes that the run starts with this folder on their path.

Python imports this file first. LAUNCHKIT_BROKEN names the guard; it is gone as soon as its module was imported. The
product has no switch for any of this.
"""

import os
import re
import sys
import tempfile
from collections.abc import Callable
from importlib.machinery import PathFinder
from pathlib import Path
from types import ModuleType


class Anything(str):
    """Equal to whatever it is compared with."""

    __slots__ = ()
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        return True

    def __ne__(self, other: object) -> bool:
        return False


def immediate(settings: ModuleType) -> None:
    settings.DATABASES["default"]["OPTIONS"].pop("transaction_mode")


def row_lock(chaining: ModuleType) -> None:
    def unlocked(scope: str) -> object:
        return chaining.Chain.objects.get_or_create(pk=scope)[0]

    chaining._locked = unlocked


def version(answering: ModuleType) -> None:
    record = answering.record
    answering.record = lambda *, seen, **told: record(seen=Anything(seen), **told)


def changes_shown(deciding: ModuleType) -> None:
    decide = deciding.decide
    deciding.decide = lambda *, seen_changes, **told: decide(seen_changes=Anything(seen_changes), **told)


def picture_shown(deciding: ModuleType) -> None:
    decide = deciding.decide
    deciding.decide = lambda *, seen_snapshot, **told: decide(seen_snapshot=Anything(seen_snapshot), **told)


def fencing(leasing: ModuleType) -> None:
    leasing._held = lambda rows, pk, token: rows.filter(pk=pk, state=leasing.RUNNING)


def fetcher(render_child: ModuleType) -> None:
    """The network stays as well: taken away, as it is here for root, it would hide what the fetcher lets through."""
    text = Path(render_child.__file__).read_text()
    opened = text.replace('allowed_protocols=("data",)', 'allowed_protocols=("data", "file", "http")')
    opened = re.sub(r"return libc\.unshare.*", "return False", opened)
    if opened.count('"http"') != 1 or "return libc.unshare" in opened:
        raise RuntimeError("the renderer looks otherwise: nothing was broken")
    copy = Path(tempfile.mkdtemp(prefix="launchkit-broken-")) / "render_child.py"
    copy.write_text(opened)
    render_child.__file__ = str(copy)


BREAKS: dict[str, tuple[str, Callable[[ModuleType], None]]] = {
    "immediate": ("launchkit.settings", immediate),
    "row-lock": ("accounts.chaining", row_lock),
    "version": ("checklists.answering", version),
    "changes-shown": ("reviews.deciding", changes_shown),
    "picture-shown": ("reviews.deciding", picture_shown),
    "fencing": ("jobs.leasing", fencing),
    "fetcher": ("reviews.render_child", fetcher),
}


class Breaking:
    """Finds one module as ever, and breaks it once it has been loaded."""

    def __init__(self, name: str, act: Callable[[ModuleType], None]):
        self.name, self.act = name, act

    def find_spec(self, name: str, path: object = None, target: object = None) -> object:
        if name != self.name:
            return None
        spec = PathFinder.find_spec(name, path, target)
        load = spec.loader.exec_module

        def load_and_break(module: ModuleType) -> None:
            load(module)
            self.act(module)

        spec.loader.exec_module = load_and_break
        return spec


if guard := os.environ.get("LAUNCHKIT_BROKEN", ""):
    sys.meta_path.insert(0, Breaking(*BREAKS[guard]))
