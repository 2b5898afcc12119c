"""Turns HTML on standard input into a PDF: a process of its own, so that what goes wrong in it stays in it.

Run by path with `-I`; no Django, no settings, no database. Before the first byte is rendered it gives up what it
does not need: memory, processor time, file size, the network, and its life should the parent die. Text of users
reaches it escaped, and even escaped text can be made to take for ever.

Usage: render_child.py OUTPUT SECONDS MEMORY_BYTES FILE_BYTES. Prints what it was made with as JSON.
Exit status 3: the system libraries of WeasyPrint are missing. 4: more memory, or a larger file, than allowed.
"""

import ctypes.util
import errno
import json
import os
import resource
import signal
import sys
from importlib.metadata import version
from pathlib import Path

NO_PANGO, TOO_MUCH = 3, 4
FACES = (  # what the style sheet calls it, weight, style, the font of pymupdf-fonts
    ("Report", "normal", "normal", "notos"),
    ("Report", "bold", "normal", "notosbo"),
    ("Marks", "normal", "normal", "symbol2"),
    ("Arrows", "normal", "normal", "symbol1"),
    ("Digest", "normal", "normal", "fimo"),
)
FONT = "font:"
CLONE_NEWNET, CLONE_NEWUSER, PR_SET_PDEATHSIG = 0x40000000, 0x10000000, 1


def main(output: str, seconds: int, memory: int, file_size: int) -> int:
    html = sys.stdin.buffer.read().decode()
    alone = confine(seconds, memory, file_size)
    look_for_no_library()
    try:
        made_with = render(html, Path(output))
    except MemoryError:
        return TOO_MUCH
    except OSError as error:
        if error.errno in (errno.EFBIG, errno.ENOMEM):
            return TOO_MUCH
        if "cannot load library" in str(error):
            return NO_PANGO
        raise
    print(json.dumps(made_with | {"network": "none" if alone else "not needed"}))  # noqa: T201
    return 0


def confine(seconds: int, memory: int, file_size: int) -> bool:
    """Give up what rendering does not need. True when the network could be taken away too (best effort)."""
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, file_size),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    if not sys.platform.startswith("linux"):
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    return libc.unshare(CLONE_NEWNET) == 0 or libc.unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0


def render(html: str, output: Path) -> dict[str, str]:
    from weasyprint import CSS, HTML, __version__  # slow import; raises OSError without Pango
    from weasyprint.text.ffi import pango
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Packaged(URLFetcher):
        """For our own style sheet, whose addresses are names of packaged fonts; it fetches nothing else."""

        def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
            return URLFetcherResponse(url, font(url))

    fonts = FontConfiguration()
    faces = CSS(string=font_faces(), font_config=fonts, url_fetcher=Packaged(), base_url=None)
    data_only = URLFetcher(allowed_protocols=("data",), allow_redirects=False)
    page = HTML(string=html, url_fetcher=data_only, base_url=None)
    page.write_pdf(output, stylesheets=[faces], font_config=fonts, pdf_variant="pdf/ua-1")
    return {
        "weasyprint": __version__,
        "pango": str(pango.pango_version()),
        "fonts": version("pymupdf-fonts"),
    }


def look_for_no_library() -> None:
    """WeasyPrint asks for each system library by several names, of which Linux knows one, and needs no search for it.
    Searching for the others starts compiler and linker, where there are any: some fifty processes for each report.
    """
    if sys.platform.startswith("linux"):
        ctypes.util.find_library = lambda name: None


def font_faces() -> str:
    """The packaged fonts as a style sheet, so that a report looks the same on every machine."""
    return "".join(
        f"@font-face{{font-family:{family};font-weight:{weight};font-style:{style};src:url({FONT}{name})}}"
        for family, weight, style, name in FACES
    )


def font(address: str) -> bytes:
    """The font that an address of the style sheet names; KeyError for any other. As a `data:` address two million
    letters would be looked at one by one.
    """
    import pymupdf_fonts  # slow import

    return pymupdf_fonts.myfont({FONT + name: name for *_, name in FACES}[address])


if __name__ == "__main__":
    status = main(sys.argv[1], *(int(number) for number in sys.argv[2:5]))
    sys.stdout.flush()
    os._exit(status)  # its memory goes with it: to take it down piece by piece takes a tenth of a short report's time
