"""On PostgreSQL the database itself refuses to change or remove what the trail holds."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

GUARD = """
CREATE FUNCTION trail_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The trail is kept: %, number %, is neither changed nor removed.', OLD.scope, OLD.sequence
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER trail_is_kept BEFORE UPDATE OR DELETE ON accounts_trailentry
    FOR EACH ROW EXECUTE FUNCTION trail_is_kept();
"""
NO_GUARD = "DROP TRIGGER trail_is_kept ON accounts_trailentry; DROP FUNCTION trail_is_kept();"


def guard(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """SQLite keeps no trigger through a change of its table: there, `verify_trail` alone tells."""
    if editor.connection.vendor == "postgresql":
        editor.execute(GUARD, None)


def unguard(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute(NO_GUARD, None)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_notices")]
    operations = [migrations.RunPython(guard, unguard)]
