"""Which of the files that come with other packages are collected for pages."""

from django.contrib.staticfiles.apps import StaticFilesConfig


class PageFiles(StaticFilesConfig):
    """Of django-htmx the one script that pages load: compressing all of them took most of a start."""

    ignore_patterns = (
        *StaticFilesConfig.ignore_patterns,
        "django_htmx/htm*-4*",
        "django_htmx/htmx-2.js",
        "django_htmx/ext/*",
    )
