"""Bare WeasyPrint: HTML from a file, the packaged fonts, a PDF. Run by path with `-I`, as the product runs its child.

Usage: bare.py HTML OUTPUT [RENDERS]. Prints seconds of each render, and the peak of memory in kilobytes, as JSON.
"""

import base64
import json
import resource
import sys
import time
from pathlib import Path

import pymupdf_fonts
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

FACES = (
    ("Report", "normal", "notos"),
    ("Report", "bold", "notosbo"),
    ("Marks", "normal", "symbol2"),
    ("Arrows", "normal", "symbol1"),
    ("Digest", "normal", "fimo"),
)


def faces() -> str:
    return "".join(
        f"@font-face{{font-family:{family};font-weight:{weight};"
        f'src:url("data:font/ttf;base64,{base64.b64encode(pymupdf_fonts.myfont(name)).decode()}")}}'
        for family, weight, name in FACES
    )


def render(html: str, output: str) -> float:
    began = time.perf_counter()
    fonts = FontConfiguration()
    sheet = CSS(string=faces(), font_config=fonts)
    HTML(string=html).write_pdf(output, stylesheets=[sheet], font_config=fonts, pdf_variant="pdf/ua-1")
    return time.perf_counter() - began


if __name__ == "__main__":
    text = Path(sys.argv[1]).read_text()
    taken = [render(text, sys.argv[2]) for _ in range(int(sys.argv[3]) if len(sys.argv) > 3 else 1)]
    told = {"seconds": taken, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}
    print(json.dumps(told))
