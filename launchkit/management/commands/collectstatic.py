"""`manage.py collectstatic` for what pages load, and no more: compressing everything took most of a start."""

from django.contrib.staticfiles.management.commands import collectstatic

UNUSED = ["django_htmx/htm*-4*", "django_htmx/htmx-2.js", "django_htmx/ext/*"]  # other versions, and extensions


class Command(collectstatic.Command):
    def set_options(self, **options: object) -> None:
        super().set_options(**options)
        self.ignore_patterns = [*self.ignore_patterns, *UNUSED]
