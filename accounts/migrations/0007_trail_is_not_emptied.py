"""On PostgreSQL the trail is not emptied at a stroke either: TRUNCATE passes by the guard of single rows."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

GUARD = """
CREATE FUNCTION trail_is_not_emptied() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The trail is kept: it is not emptied.' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER trail_is_not_emptied BEFORE TRUNCATE ON accounts_trailentry
    FOR EACH STATEMENT EXECUTE FUNCTION trail_is_not_emptied();
"""
NO_GUARD = "DROP TRIGGER trail_is_not_emptied ON accounts_trailentry; DROP FUNCTION trail_is_not_emptied();"


def guard(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute(GUARD, None)


def unguard(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute(NO_GUARD, None)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_condition_notices")]
    operations = [migrations.RunPython(guard, unguard)]
