"""What production refuses to start with, and the sentence that says why.

The settings ask `refuse` in every process of a production installation: pages, workers, scheduler, commands. The
people of the demo, and a table that migrations do not make, are looked for when the database is checked: before
`migrate` and at every start of `launch`.
"""

from collections.abc import Iterator
from pathlib import Path

from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured

SHORTEST_KEY = 50  # characters, as Django's own deployment check asks
FEWEST_CHARACTERS = 5  # different ones in a key
PLACEHOLDERS = ("django-insecure", "insecure", "change", "example", "default", "secret")


def refuse(
    *, debug: bool, secret_key: str, trail_key: str, hosts: list[str], database: str, broker: str, var: Path
) -> None:
    """Raise ImproperlyConfigured that names every fault at once; return quietly when there is none."""
    found = [
        *_about_debug(debug),
        *_about_key("SECRET_KEY", secret_key, var / "secret.key"),
        *_about_key("LAUNCHKIT_TRAIL_KEY", trail_key, var / "trail.key"),
        *_about_hosts(hosts),
        *_about_servers(database, broker),
    ]
    if trail_key and trail_key == secret_key:
        found.append("LAUNCHKIT_TRAIL_KEY is the same as SECRET_KEY: whoever learns one must not learn both.")
    if found:
        raise ImproperlyConfigured("\n  - ".join(["Production refuses to start:", *found]))


def _about_debug(debug: bool) -> Iterator[str]:
    if debug:
        yield "DEBUG is on: error pages would show the inside of the program to everybody."


def _about_key(name: str, key: str, generated: Path) -> Iterator[str]:
    if not key:
        yield f"{name} is not set."
    elif generated.exists() and key == generated.read_text():
        yield f"{name} is the key that an embedded installation generated in {generated}: make a new one."
    elif key.lower().startswith(PLACEHOLDERS):
        yield f"{name} still is a placeholder: make one of your own."
    elif len(key) < SHORTEST_KEY or len(set(key)) < FEWEST_CHARACTERS:
        yield f"{name} can be guessed: it needs {SHORTEST_KEY} characters or more, made at random."


def _about_hosts(hosts: list[str]) -> Iterator[str]:
    if not hosts:
        yield "ALLOWED_HOSTS is not set: name the hosts that this installation answers for."
    for host in hosts:
        if "*" in host or host.startswith("."):
            yield f"ALLOWED_HOSTS holds the wildcard {host!r}: name each host."


def _about_servers(database: str, broker: str) -> Iterator[str]:
    if not database.endswith("postgresql"):
        yield "DATABASE_URL names no PostgreSQL: production keeps its data nowhere else."
    if not broker:
        yield "REDIS_URL is not set: in production the work between processes goes through Redis."


@register(Tags.database)
def no_demo_accounts(app_configs: object, databases: list[str] | None = None, **options: object) -> list[CheckMessage]:
    """An error while somebody could sign in with a password that everybody knows. A new database has nobody."""
    from django.conf import settings  # this module is imported by the settings
    from django.db import connection

    from accounts.models import User  # app ready

    if not databases or settings.DEMO or User._meta.db_table not in connection.introspection.table_names():
        return []
    emails = ", ".join(person.email for person in User.objects.demo())
    hint = "Deactivate them, or start with an empty database."
    return [Error(f"There are demo accounts: {emails}.", hint=hint, id="launchkit.E001")] if emails else []


@register(Tags.database)
def cache_table(app_configs: object, databases: list[str] | None = None, **options: object) -> list[CheckMessage]:
    """An error where attempts to sign in are to be counted in a table that was never made."""
    from django.conf import settings  # this module is imported by the settings
    from django.db import connection

    table = settings.CACHES["default"].get("LOCATION")
    if not databases or not table or table in connection.introspection.table_names():
        return []
    hint = "Run bin/prepare, or: python manage.py createcachetable"
    return [Error(f"The table {table} is missing.", hint=hint, id="launchkit.E002")]
