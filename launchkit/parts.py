"""The four parts that `manage.py launch` runs, as commands."""

import os
import socket
import sys
from collections.abc import Callable

from django.conf import settings

from launchkit.supervisor import Part

NAMES = ("web", "worker", "mail", "beat")


def web(host: str, port: int) -> Part:
    """One process of many threads; `WEB_PROCESSES` and `WEB_THREADS` scale it."""
    options = {
        "--bind": f"{host}:{port}",
        "--workers": os.environ.get("WEB_PROCESSES", "1"),
        "--threads": os.environ.get("WEB_THREADS", "8"),
        "--worker-class": "gthread",
        "--timeout": "60",
        "--graceful-timeout": "20",
        "--log-level": "warning",
        "--logger-class": "launchkit.server_log.ServerLog",
        "--no-control-socket": "",
    }
    words = [word for pair in options.items() for word in pair if word]
    return Part("web", [sys.executable, "-m", "gunicorn", *words, "launchkit.wsgi:application"])


def worker(host: str, port: int) -> Part:
    return Part("worker", [*_celery("worker"), *ALONE, "--queues", "celery"])


def mail(host: str, port: int) -> Part:
    """One child that sends mail and nothing else: a mail server that hangs holds up nobody's report."""
    alone = ("--queues", "mail", "--hostname", "mail@%h", "--concurrency", "1", "--max-tasks-per-child", "1000")
    return Part("mail", [*_celery("worker"), *ALONE, *alone])


def beat(host: str, port: int) -> Part:
    return Part("beat", [*_celery("beat"), "--pidfile="])


ALONE = ("--without-gossip", "--without-mingle", "--pool", "prefork")
MAKE: dict[str, Callable[[str, int], Part]] = {"web": web, "worker": worker, "mail": mail, "beat": beat}


def _celery(what: str) -> list[str]:
    as_root = "ignore:You're running the worker"  # in a container it may well be root; messages are JSON only
    return [
        sys.executable,
        "-W",
        as_root,
        "-m",
        "celery",
        "--quiet",
        "--app",
        "launchkit",
        what,
        "--loglevel",
        "WARNING",
    ]


def free_port(host: str, wanted: int) -> int:
    """`wanted`, or in an embedded installation the next one that nobody listens on."""
    for port in range(wanted, wanted + (1 if settings.PRODUCTION else 50)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return port
    raise OSError(f"Port {wanted} is taken.")
