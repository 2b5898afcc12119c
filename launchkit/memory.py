"""What a web server holds for good is put aside from what each page leaves behind."""

import gc

from django.urls import get_resolver

YOUNG = 10_000  # objects made and not yet given back, until the young ones are looked through


def settle() -> None:
    """Called once, when everything is loaded.

    A page of sixty entries makes some hundred thousand objects, most of which go by themselves. By Python's default
    the collector looks through them every seven hundred, and now and then through all code and settings as well: it
    took a third of the page's time and found nothing.
    """
    _ = get_resolver().url_patterns  # loads every view
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 10, 10)
