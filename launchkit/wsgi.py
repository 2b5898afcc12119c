import atexit
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "launchkit.settings")
application = get_wsgi_application()

from launchkit import memory  # noqa: E402 - app ready
from operations import heartbeats  # noqa: E402 - app ready
from operations.models import Heartbeat  # noqa: E402

heartbeats.keep(Heartbeat.Part.WEB)
atexit.register(heartbeats.quietly, heartbeats.end, Heartbeat.Part.WEB, heartbeats.process())
memory.settle()
