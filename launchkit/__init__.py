"""Wiring. The Celery app is made here, so that tasks sent by a page and by a worker know the same broker."""

from launchkit.celery import app as celery

__all__ = ["celery"]
