from django.apps import AppConfig
from django.core import checks

from reviews.checks import pango


class ReviewsConfig(AppConfig):
    name = "reviews"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        checks.register(pango)
