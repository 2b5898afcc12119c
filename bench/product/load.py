"""P9: services poured by the loader, against PostgreSQL's COPY of the very same rows into the same tables.

Usage: python -m bench.product.load SERVICES COPY_DATABASE. Prints one JSON list of [rows, seconds, seconds of COPY].
"""

import io
import json
import os
import sys
import time

import django
import psycopg2

REPEATS = 3


def main(services: int, other: str) -> None:
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    from launchkit import demo, multiplying

    call_command("migrate", verbosity=0)
    call_command("publish_playbook", str(settings.PLAYBOOKS_DIR / "public-service-launch-1.yaml"), verbosity=0)
    people, sheaf = demo.offices(), multiplying.told()
    copies = -(-services // len(sheaf.rows))
    for number in range(copies):
        people(number)
    connection.close()
    _twin(connection.settings_dict["NAME"], other)
    taken = []
    for repeat in range(REPEATS):
        before = {model: multiplying.last_key(model) for model in sheaf.keys}
        began = time.perf_counter()
        rows = multiplying.multiply(services=services, people=people, sheaf=sheaf, after=repeat * copies)
        poured = time.perf_counter() - began
        taken.append((rows, poured, _copied(_dumped(before), other)))
    print(json.dumps(taken))


def _address(database: str) -> dict:
    from django.db import connection

    told = connection.settings_dict
    return {"dbname": database, "user": told["USER"], "host": told["HOST"], "port": told["PORT"]}


def _twin(name: str, other: str) -> None:
    """A database with the same tables, indexes and people, into which COPY goes."""
    server = psycopg2.connect(**_address("postgres"))
    server.autocommit = True
    server.cursor().execute(f'CREATE DATABASE "{other}" TEMPLATE "{name}"')
    server.close()


def _dumped(before: dict) -> list[tuple[str, str]]:
    """What the loader has written, as text, by table."""
    from django.db import connection

    dumps = []
    with connection.cursor() as cursor:
        for model, last in before.items():
            told, table = io.StringIO(), model._meta.db_table
            cursor.copy_expert(f'COPY (SELECT * FROM "{table}" WHERE id > {last}) TO STDOUT', told)  # noqa: S608
            dumps.append((table, told.getvalue()))
    return dumps


def _copied(dumps: list[tuple[str, str]], other: str) -> float:
    with psycopg2.connect(**_address(other)) as copy:
        began = time.perf_counter()
        for table, text in dumps:
            copy.cursor().copy_expert(f'COPY "{table}" FROM STDIN', io.StringIO(text))
        copy.commit()
        return time.perf_counter() - began


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "launchkit.settings"
    django.setup()
    main(int(sys.argv[1]), sys.argv[2])
