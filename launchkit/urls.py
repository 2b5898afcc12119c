"""Every address of the product; each room declares its own pages."""

from django.urls import include, path

from launchkit import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("accounts/", include("accounts.urls")),
    path("", include("accounts.pages")),
    path("", include("operations.urls")),
    path("", include("portfolio.urls")),
    path("", include("reviews.urls")),
    path("", include("checklists.urls")),
    path("", include("stages.urls")),
]
handler400 = "launchkit.errors.malformed"
handler500 = "launchkit.errors.broken"
