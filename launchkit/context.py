from django.conf import settings
from django.http import HttpRequest

from accounts.models import User


def demo_signins(request: HttpRequest) -> dict[str, object]:
    """Offer the demo people on the sign-in page of an embedded installation, lazily and nowhere else."""
    user = getattr(request, "user", None)  # none on the page that refuses a wrong host
    if not settings.DEMO or user is None or user.is_authenticated:
        return {}
    return {"demo_signins": User.objects.demo, "demo_password": settings.DEMO_PASSWORD}
