"""What a web server holds for good is put aside from what each page leaves behind."""

import gc

from django.urls import get_resolver

YOUNG = 10_000  # objects made and not yet given back, until the young ones are looked through


def settle() -> None:
    """Called once, when everything is loaded.

    Most of what a page makes goes by itself. By Python's default the collector looks through the young objects every
    seven hundred, and now and then through all code, settings and texts as well: six to twelve percent of a page.
    """
    _ = get_resolver().url_patterns  # loads every view
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 10, 10)
