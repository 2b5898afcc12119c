"""A restore puts another trail, whole and checked, in the place of this one: it says so, and is let by the guard."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

FUNCTION = """
CREATE OR REPLACE FUNCTION trail_is_not_emptied() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {}RAISE EXCEPTION 'The trail is kept: it is not emptied.' USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""
GIVING_WAY = "IF current_setting('launchkit.restoring', true) = 'yes' THEN RETURN NULL; END IF; "


def give_way(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute(FUNCTION.format(GIVING_WAY), None)


def stand(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute(FUNCTION.format(""), None)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_trail_is_not_emptied")]
    operations = [migrations.RunPython(give_way, stand)]
