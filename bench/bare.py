"""Bare WeasyPrint: HTML and fonts from files, a PDF. Run by path with `-I`, as the product runs its child.

Usage: bare.py HTML FONTS OUTPUT. Prints the peak of memory in kilobytes, as JSON.
"""

import json
import resource
import sys
from pathlib import Path

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

FACES = (  # family, weight, file in the folder of fonts
    ("Report", "normal", "notos"),
    ("Report", "bold", "notosbo"),
    ("Marks", "normal", "symbol2"),
    ("Arrows", "normal", "symbol1"),
    ("Digest", "normal", "fimo"),
)


def faces(folder: Path) -> str:
    return "".join(
        f"@font-face{{font-family:{family};font-weight:{weight};src:url({(folder / name).as_uri()})}}"
        for family, weight, name in FACES
    )


def render(html: str, folder: Path, output: str) -> None:
    fonts = FontConfiguration()
    sheet = CSS(string=faces(folder), font_config=fonts)
    HTML(string=html).write_pdf(output, stylesheets=[sheet], font_config=fonts, pdf_variant="pdf/ua-1")


if __name__ == "__main__":
    render(Path(sys.argv[1]).read_text(), Path(sys.argv[2]).resolve(), sys.argv[3])
    print(json.dumps({"peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}))
