"""What `manage.py check` says of the machine: without Pango the app runs and every report fails with a sentence."""

import ctypes

from django.core.checks import CheckMessage, Warning

LIBRARIES = ("libpango-1.0.so.0", "libpangoft2-1.0.so.0")


def pango(**_: object) -> list[CheckMessage]:
    """Looks for the libraries without importing WeasyPrint, which takes a second."""
    try:
        for library in LIBRARIES:
            ctypes.CDLL(library)
    except OSError as error:
        hint = "Install it, for example with: apt-get install libpango-1.0-0 libpangoft2-1.0-0"
        return [Warning(f"Reports cannot be made, Pango is missing: {error}", hint=hint, id="reviews.W001")]
    return []
