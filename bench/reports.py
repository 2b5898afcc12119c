"""P6 to P8: a report as a worker makes it, against bare WeasyPrint: on the same HTML, and on that laid out as tables.

On our side it is the whole job: claimed, its sealed record read and put into HTML, rendered, kept, finished. Each
render is a fresh process on both sides, since the product gives each report a child of its own: interpreter, imports
and limits are in the measure. They alternate; the first of each is thrown away.
"""

import json
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from typing import Any

import pikepdf
import pymupdf_fonts

from bench import bare
from bench.goals import GOALS, Result
from tests import servers

RENDERS, REPEATS, GROWTH = 5, 3, 20
FONTS = "fonts"


AS_TABLES = (  # the same words and tags, laid out by the means that most reports use
    "<style>section.group{display:table;width:100%}.entry{display:table-row}.entry>*{display:table-cell}</style></head>"
)


class Press:
    """The product's side: one worker process that makes the report when it is asked to."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        command = [sys.executable, "-m", "bench.product.papers", str(folder)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self.process = subprocess.Popen(command, env=dict(environment), cwd=servers.ROOT, text=True, **pipes)
        self._told()

    def render(self) -> dict[str, Any]:
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return self._told()

    def _told(self) -> dict[str, Any]:
        if not (line := self.process.stdout.readline()):
            raise RuntimeError("The press has ended; its traceback stands above.")
        return json.loads(line)

    def end(self) -> None:
        self.process.stdin.close()
        self.process.wait(30)


def measure(folder: Path, environment: Mapping[str, str], *, quick: bool) -> list[Result]:
    press = Press(folder, environment)
    renders, repeats, growth = (1, 1, 2) if quick else (RENDERS, REPEATS, GROWTH)
    (folder / "table.html").write_text((folder / "report.html").read_text().replace("</head>", AS_TABLES, 1))
    _unpack(folder / FONTS)
    first, _bare, _table = press.render(), _plain(folder, "report"), _plain(folder, "table")
    rounds = [_repeat(press, folder, renders) for _ in range(repeats)]
    last = first
    for _ in range(max(growth - renders * repeats - 1, 1)):
        last = press.render()
    press.end()
    pages = {name: _pages(folder / f"{name}.pdf") for name in ("report", "report-bare", "table-bare")}
    if pages["report"] != pages["report-bare"]:
        raise ValueError(f"Not the same report: {pages}")
    print(f"\nreports: {pages['report']} pages, as tables {pages['table-bare']}; seconds by repeat:")
    for one in rounds:
        print("  ", {name: round(value, 1) for name, value in one.items()})
    return _results(rounds, pages, last["own"] / first["own"])


def _unpack(folder: Path) -> None:
    folder.mkdir()
    for *_face, name in bare.FACES:
        (folder / name).write_bytes(pymupdf_fonts.myfont(name))


def _repeat(press: Press, folder: Path, renders: int) -> dict[str, float]:
    """Medians of one repeat: seconds and peaks of all three."""
    made = [(press.render(), _plain(folder, "report"), _plain(folder, "table")) for _ in range(renders)]
    sides = list(zip(("ours", "bare", "table"), zip(*made, strict=True), strict=True))
    seconds = {name: median(one["seconds"] for one in renders) for name, renders in sides}
    return seconds | {f"{name}_peak": median(one["peak"] for one in renders) for name, renders in sides}


def _plain(folder: Path, name: str) -> dict[str, float]:
    """One render by bare WeasyPrint, its interpreter's start in the measure."""
    began = time.perf_counter()
    command = [
        sys.executable,
        "-I",
        bare.__file__,
        folder / f"{name}.html",
        folder / FONTS,
        folder / f"{name}-bare.pdf",
    ]
    told = json.loads(subprocess.run(command, check=True, capture_output=True, cwd=folder).stdout)
    return {"seconds": time.perf_counter() - began, "peak": told["peak"]}


def _pages(path: Path) -> int:
    with pikepdf.open(path) as pdf:
        return len(pdf.pages)


def _results(rounds: list[dict[str, float]], pages: Mapping[str, int], growth: float) -> list[Result]:
    each = pages["table-bare"] / pages["report"]
    return [
        Result(GOALS["P6"], "reports", tuple(one["ours"] / one["bare"] for one in rounds)),
        Result(GOALS["P7"], "reports", tuple(one["ours"] / one["table"] * each for one in rounds)),
        Result(GOALS["P8"], "reports", tuple(one["ours_peak"] / one["bare_peak"] for one in rounds)),
        Result(GOALS["P8g"], "reports", (growth,)),
    ]
