"""On PostgreSQL the database itself refuses to change or remove a sealed picture or a decision."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

TABLES = ("reviews_snapshot", "reviews_decision")
KEPT = """
CREATE FUNCTION sealed_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'What is sealed is kept: %, number %, is neither changed nor removed.', TG_TABLE_NAME, OLD.id
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""
GUARD = """
CREATE TRIGGER sealed_is_kept BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION sealed_is_kept();
"""


def guard(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """SQLite keeps no trigger through a change of its table: there, `verify_trail` alone tells."""
    if editor.connection.vendor == "postgresql":
        editor.execute(KEPT, None)
        for table in TABLES:
            editor.execute(GUARD.format(table=table), None)


def unguard(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        for table in TABLES:
            editor.execute(f"DROP TRIGGER sealed_is_kept ON {table}", None)
        editor.execute("DROP FUNCTION sealed_is_kept()", None)


class Migration(migrations.Migration):
    dependencies = [("reviews", "0001_initial")]
    operations = [migrations.RunPython(guard, unguard)]
